package dev.firn.testkit;

/**
 * The time-outs of ZeroC's replicas, milliseconds.
 *
 * @param callMillis of the connections: nothing else ends a call that is not answered
 */
record ZerocTimes(long electionMillis, long masterMillis, long responseMillis, long callMillis) {
  /** As the service has them if nothing is configured. */
  static final ZerocTimes DEFAULT = new ZerocTimes(10_000, 10_000, 10_000, 60_000);
}
