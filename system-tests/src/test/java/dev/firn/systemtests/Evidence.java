package dev.firn.systemtests;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/** Prints what the processes of a failed test said, while their output is still there. */
public final class Evidence implements TestExecutionExceptionHandler {

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
      System.err.println("==== " + context.getUniqueId() + " failed: " + failure);
      System.err.println(ChildProcess.evidence());
    }
  }
}
