package dev.firn.replication;

import java.util.Map;
import java.util.TreeMap;

/**
 * Reports what happens again and again once, then at a slow pace, at once when it changes.
 *
 * <p>Subjects come from peers; those not reported for a while are forgotten, and there is a limit.
 */
final class RepeatedReports {
  static final long PERIOD_MILLIS = 600_000;
  static final int SUBJECTS_MAX = 1_000;

  private final Outputs outputs;
  private final Map<String, Reported> bySubject = new TreeMap<>();

  RepeatedReports(Outputs outputs) {
    this.outputs = outputs;
  }

  void error(long nowMillis, String subject, String message) {
    Reported last = bySubject.get(subject);
    if (last != null && last.message.equals(message) && nowMillis - last.atMillis < PERIOD_MILLIS) {
      return;
    }
    bySubject.values().removeIf(reported -> nowMillis - reported.atMillis >= PERIOD_MILLIS);
    if (bySubject.containsKey(subject) || bySubject.size() < SUBJECTS_MAX) {
      bySubject.put(subject, new Reported(message, nowMillis));
    }
    outputs.report(Output.Severity.ERROR, message);
  }

  /** The subject is well again: its next message counts as new. */
  void forget(String subject) {
    bySubject.remove(subject);
  }

  private record Reported(String message, long atMillis) {}
}
