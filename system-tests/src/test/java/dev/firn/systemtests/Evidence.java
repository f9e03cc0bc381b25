package dev.firn.systemtests;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/** Prints what the processes of a failed test said, while their output is still there. */
public final class Evidence
    implements TestExecutionExceptionHandler, LifecycleMethodExecutionExceptionHandler {

  /** For the service loader. */
  public Evidence() {}

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    print(context, failure);
    throw failure;
  }

  @Override
  public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    print(context, failure);
    throw failure;
  }

  @Override
  public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    print(context, failure);
    throw failure;
  }

  private static void print(ExtensionContext context, Throwable failure) {
    if (!(failure instanceof TestAbortedException)) {
      System.err.println("==== " + context.getUniqueId() + " failed: " + failure);
      System.err.println(ChildProcess.evidence());
    }
  }
}
