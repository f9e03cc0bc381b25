package dev.firn.node;

/**
 * How a process ended.
 *
 * @param code if it exited by itself
 * @param signal 0 if it exited by itself
 */
record ExitStatus(int code, int signal) {
  /** Of a process that was adopted: nobody knows. */
  static final ExitStatus UNKNOWN = new ExitStatus(-1, 0);
}
