package dev.firn.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/**
 * Prints what the processes of a failed test said, while their output is still there, and keeps it
 * in a file that {@code .ci/run} repeats last.
 */
public final class Evidence implements TestExecutionExceptionHandler {
  private static final Path FILE = Path.of("target", "evidence.txt");

  /** For the service loader. */
  public Evidence() {}

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    print(context, failure);
    throw failure;
  }

  static void print(ExtensionContext context, Throwable failure) {
    if (!(failure instanceof TestAbortedException)) {
      String evidence =
          "==== "
              + context.getUniqueId()
              + " failed: "
              + failure
              + "\n"
              + ChildProcess.evidence()
              + "\n";
      System.err.print(evidence);
      keep(evidence);
    }
  }

  private static void keep(String evidence) {
    try {
      Files.writeString(FILE, evidence, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }
}
