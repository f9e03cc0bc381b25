package dev.firn.component;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.OperationMode;

/**
 * Whether operations on a configuration are idempotent is not known of the original Slice, and Ice
 * refuses a request that says otherwise than the server. So both are taken.
 */
final class EitherMode {
  private EitherMode() {}

  /** Gives a request the mode that our Slice has for its operation. */
  static void accept(Current current) {
    if (!current.operation.startsWith("ice_")) {
      current.mode =
          current.operation.startsWith("get") ? OperationMode.Idempotent : OperationMode.Normal;
    }
  }
}
