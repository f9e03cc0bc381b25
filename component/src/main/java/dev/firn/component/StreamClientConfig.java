package dev.firn.component;

import static java.util.Objects.requireNonNull;

import dev.firn.failover.FollowerConfig;
import dev.firn.failover.WriterConfig;

/**
 * How an {@link IceStreamClient} goes about it.
 *
 * @param claimMillis how long a claim is tried
 * @param confirmMillis how long a confirmation is tried
 * @param publishMillis how long one update may take, above what the replicator waits for a standby
 * @param askMillis how long any other call may take
 * @param registerMillis the configuration service is registered again after this
 */
record StreamClientConfig(
    WriterConfig writer,
    FollowerConfig follower,
    int claimMillis,
    int confirmMillis,
    int publishMillis,
    int askMillis,
    int registerMillis) {
  static final StreamClientConfig DEFAULTS =
      new StreamClientConfig(
          WriterConfig.DEFAULTS, FollowerConfig.DEFAULTS, 5_000, 2_000, 5_000, 1_000, 60_000);

  StreamClientConfig {
    requireNonNull(writer, "writer");
    requireNonNull(follower, "follower");
  }

  /** For an instance that would rather wait than serve without protection. */
  StreamClientConfig withWaitWhenUnprotected(boolean wait) {
    return new StreamClientConfig(
        writer.withWaitWhenUnprotected(wait),
        follower,
        claimMillis,
        confirmMillis,
        publishMillis,
        askMillis,
        registerMillis);
  }
}
