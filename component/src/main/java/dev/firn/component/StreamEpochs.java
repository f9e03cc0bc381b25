package dev.firn.component;

import java.util.concurrent.CompletionStage;

/** The stream of the group's state gives the epochs: it remembers the newest for ever. */
record StreamEpochs(StreamClient stream) implements EpochSource {
  @Override
  public CompletionStage<ClaimedEpoch> claim(long proposed, long known) {
    return stream.claim(proposed, known);
  }

  @Override
  public CompletionStage<ClaimedEpoch> confirm(long epoch) {
    return stream.confirm(epoch);
  }
}
