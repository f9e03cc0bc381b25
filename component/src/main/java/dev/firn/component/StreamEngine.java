package dev.firn.component;

import dev.firn.failover.StreamCommand;
import dev.firn.failover.StreamTables;
import java.util.concurrent.CompletableFuture;

/** Decides about streams, and makes what it decided as durable as it is to be. Any thread. */
interface StreamEngine extends AutoCloseable {
  /** Is told in order, on the engine's one thread, which must not be held. */
  interface Listener {
    /** From now on this replicator is the one to talk to; the streams are as in these tables. */
    void serving(StreamTables tables);

    /**
     * Something has changed, and cannot be taken back. Told before who submitted it is answered.
     */
    void committed(StreamCommand command, StreamCommand.Applied result);

    /** This replicator is not the one to talk to. So it is before the first {@link #serving}. */
    void notServing(String reason);
  }

  /** An update was not carried out, or nobody knows whether it was. */
  final class NotServingException extends Exception {
    private static final long serialVersionUID = 1;

    NotServingException(String message) {
      super(message);
    }
  }

  void start(Listener listener);

  /** Fails with {@link NotServingException}. Its stages run on the engine's thread. */
  CompletableFuture<StreamCommand.Result> submit(StreamCommand command);

  @Override
  void close();
}
