package dev.firn.component;

import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationServicePrx;
import java.util.concurrent.CompletionStage;

/**
 * An instance's end of the stream of its group's state. Any thread; nothing blocks.
 *
 * <p>An instance that stands by {@linkplain #listen listens}. To become the active one it {@link
 * #claim claims} an epoch, waits until it has applied all there is, {@linkplain #stopListening
 * stops listening} and {@linkplain #startPublishing publishes}. The client keeps what was applied:
 * publishing goes on from there, and if the stream has anything else, or has forgotten, the stream
 * gets all of this instance's state first.
 */
interface StreamClient extends AutoCloseable {
  /**
   * Begins an epoch, so that no older one can publish any more.
   *
   * @param epoch above all earlier ones; 0: the next
   * @param known the highest that this instance knows of; the next one is above it
   * @return fails with {@link StaleWriterException} if it is not above, with a {@link
   *     java.util.concurrent.TimeoutException} if no replicator serves the stream within the limit
   */
  CompletionStage<ClaimedEpoch> claim(long epoch, long known);

  /**
   * Whether this epoch is still the newest and this instance's.
   *
   * @return as {@link #claim}
   */
  CompletionStage<ClaimedEpoch> confirm(long epoch);

  /**
   * From now on what is published counts, in this epoch. Needs no replicator: what cannot be sent
   * waits, and an epoch that was not claimed is claimed as soon as possible.
   *
   * @param wholeState whether to publish everything first even if the stream seems to have it
   */
  void startPublishing(long epoch, boolean wholeState);

  /** Ends publishing; what was not acknowledged may be lost. */
  void stopPublishing();

  StatePublisher publisher();

  /** Has the sink called with the whole state first and then with each update, until stopped. */
  void listen(StateSink sink);

  /** Completes when the sink is not called any more and its last call has completed. */
  CompletionStage<Void> stopListening();

  /**
   * Registers this instance's configuration service with the replicator of the stream, for ever
   * until it is done, and again whenever the replicator was away. Completes the first time.
   */
  CompletionStage<Void> registerConfiguration(ConfigurationServicePrx service);

  /**
   * The configuration service of the whole group.
   *
   * @return fails with a {@link StreamEngine.NotServingException} if no replicator is known
   */
  CompletionStage<ConfigurationServicePrx> configuration();

  StreamProgress progress();

  /** Ends everything. */
  @Override
  void close();
}
