package dev.firn.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.util.List;

/** The command {@code icegriddb}. */
public final class IceGridDbMain {
  private IceGridDbMain() {}

  public static void main(String[] arguments) {
    // Names are UTF-8 in the database and in the file, so they are shown as that in any locale.
    var out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, UTF_8);
    var err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8);
    int status = new IceGridDb(out, err).run(List.of(arguments));
    out.flush();
    System.exit(status);
  }
}
