package dev.firn.failover;

import java.util.Optional;

/** One candidate of a group, as the registry knows it. */
final class LeaseCandidate {
  Candidacy says;
  Optional<RoleRequestId> waiting = Optional.empty();

  /** When its campaign is to be answered at the latest. */
  long answerMillis = Role.NEVER;

  /** When it was heard of last: it asked, or was answered. */
  long heardMillis;

  /** Since when it has been ready without a break. */
  long readySinceMillis;

  /** Until when it is not the first choice. */
  long coolMillis = Long.MIN_VALUE;

  LeaseCandidate(Candidacy says, long nowMillis) {
    this.says = says;
    heardMillis = nowMillis;
    readySinceMillis = nowMillis;
  }

  String name() {
    return says.instance();
  }

  void hear(Candidacy candidacy, long nowMillis) {
    if (!says.ready() || !says.address().equals(candidacy.address())) {
      readySinceMillis = nowMillis;
    }
    says = candidacy;
    heardMillis = nowMillis;
  }

  boolean isFresh(long nowMillis, LeaseConfig config) {
    return waiting.isPresent() || nowMillis < heardMillis + config.freshMillis();
  }
}
