package dev.firn.registry;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Stack traces as text, for bugs. */
final class StackTraces {
  private StackTraces() {}

  static String of(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString().strip();
  }
}
