package dev.firn.component;

import dev.firn.election.StateCommand;
import dev.firn.election.StateContent;
import dev.firn.election.StateResult;

/**
 * What the replicas of a server send to each other of its state, as bytes. Any thread. What reads
 * throws {@link dev.firn.model.MalformedEncodingException} for what no writer of the same kind
 * made.
 */
interface ReplicaCodec {
  byte[] encode(StateCommand command);

  StateCommand command(byte[] bytes);

  byte[] encode(StateContent content);

  StateContent content(byte[] bytes);

  /** What has come of a command that another replica was asked to carry out. */
  StateResult result(byte[] bytes);
}
