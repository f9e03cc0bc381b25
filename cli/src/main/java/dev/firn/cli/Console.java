package dev.firn.cli;

import java.io.PrintStream;

/**
 * Where commands write: data to standard output, diagnosis to standard error. Counts the errors,
 * which decide the exit status. Used by the main thread; a remote log prints under {@link #print}
 * too, which is a single write.
 */
final class Console {

  private final PrintStream out;
  private final PrintStream err;
  private int errors;

  Console(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** Writes text as it is and makes it visible at once. */
  void print(String text) {
    out.print(text);
    out.flush();
  }

  /** Writes a line; it becomes visible no later than the end of the command. */
  void line(String text) {
    out.print(text);
    out.print('\n');
  }

  void error(String text) {
    errors++;
    diagnose("error: " + text);
  }

  void warning(String text) {
    diagnose("warning: " + text);
  }

  /** Writes a line to standard error, in order with what was written to standard output. */
  void diagnose(String text) {
    out.flush();
    err.print(text + "\n");
    err.flush();
  }

  void flush() {
    out.flush();
  }

  int errors() {
    return errors;
  }
}
