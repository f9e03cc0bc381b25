package dev.firn.election;

import java.util.OptionalLong;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a group: {@code id:UUID}, to which Firn's inviters append {@code :g} and the
 * generation they propose. ZeroC's replicas compare names and never look inside.
 */
record GroupName(String text) {
  private static final Pattern PROPOSAL = Pattern.compile("(-?\\d+):[^:]*:g(\\d{1,18})");

  /** A group of one. */
  static GroupName single(ReplicaId creator, RandomGenerator random) {
    return new GroupName(creator + ":" + new UUID(random.nextLong(), random.nextLong()));
  }

  static GroupName proposal(ReplicaId creator, RandomGenerator random, long generation) {
    return new GroupName(single(creator, random).text() + ":g" + generation);
  }

  /** What a Firn replica proposes with this name; empty in a name that ZeroC's made. */
  OptionalLong generation() {
    Matcher matcher = PROPOSAL.matcher(text);
    return matcher.matches()
        ? OptionalLong.of(Long.parseLong(matcher.group(2)))
        : OptionalLong.empty();
  }

  @Override
  public String toString() {
    return text;
  }
}
