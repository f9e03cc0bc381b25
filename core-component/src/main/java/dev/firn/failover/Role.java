package dev.firn.failover;

import dev.firn.failover.RoleOutput.Severity;
import java.util.ArrayList;
import java.util.List;

/** What all parts of a role's machine share: the state, the epochs, and what is to be done. */
final class Role {
  static final long NEVER = Long.MAX_VALUE;

  final RoleConfig config;
  private List<RoleOutput> outputs = new ArrayList<>();
  private RoleState state = RoleState.STARTING;
  private long nowMillis;
  private long sinceMillis;
  private long epoch;
  private long known;
  private long runs;
  private long appliedSeq;
  private long headSeq;
  private String lastError = "";

  Role(RoleConfig config, long nowMillis) {
    this.config = config;
    this.nowMillis = nowMillis;
    this.sinceMillis = nowMillis;
  }

  void now(long millis) {
    nowMillis = millis;
  }

  long now() {
    return nowMillis;
  }

  long sinceMillis() {
    return sinceMillis;
  }

  RoleState state() {
    return state;
  }

  boolean is(RoleState wanted) {
    return state == wanted;
  }

  /**
   * @throws IllegalStateException if there is no such transition: a bug
   */
  void enter(RoleState next, String reason) {
    if (!state.next().contains(next)) {
      throw new IllegalStateException("role: no transition " + state + " -> " + next);
    }
    add(new RoleOutput.StateChanged(state, next, reason));
    state = next;
    sinceMillis = nowMillis;
  }

  /** The highest epoch that this instance has accepted. */
  long epoch() {
    return epoch;
  }

  /** The highest epoch that it has heard of. */
  long known() {
    return known;
  }

  /**
   * @throws IllegalStateException if the epoch went back: a bug
   */
  void accept(long newEpoch) {
    if (newEpoch < known) {
      throw new IllegalStateException("role: epoch " + newEpoch + " after " + known);
    }
    epoch = newEpoch;
    known = newEpoch;
  }

  void hear(long someEpoch) {
    known = Math.max(known, someEpoch);
  }

  long nextRun() {
    return ++runs;
  }

  long appliedSeq() {
    return appliedSeq;
  }

  long headSeq() {
    return headSeq;
  }

  void applied(long seq) {
    appliedSeq = seq;
    headSeq = Math.max(headSeq, seq);
  }

  void head(long seq) {
    headSeq = seq;
  }

  String lastError() {
    return lastError;
  }

  void error(String text) {
    lastError = text;
  }

  void add(RoleOutput output) {
    outputs.add(output);
  }

  void reply(RoleRequestId request, RoleAnswer answer) {
    add(new RoleOutput.Reply(request, answer));
  }

  /** Answers all of them; afterwards nobody waits. */
  void replyAll(List<RoleRequestId> requests, RoleAnswer answer) {
    requests.forEach(request -> reply(request, answer));
    requests.clear();
  }

  void report(Severity severity, String text) {
    add(new RoleOutput.Report(severity, text));
  }

  List<RoleOutput> take() {
    List<RoleOutput> taken = List.copyOf(outputs);
    outputs = new ArrayList<>();
    return taken;
  }
}
