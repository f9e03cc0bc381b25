package dev.firn.registry;

import com.zeroc.IceGrid.AdapterPrx;
import com.zeroc.IceGrid.NodeInfo;
import com.zeroc.IceGrid.ServerPrx;
import dev.firn.model.EncodedProxy;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What is known of deployed servers, and of the nodes they are on, at this moment. Any thread. */
interface NodeViews {
  /**
   * An adapter as its node knows it. Asks the node to register, or to load the server, if need be.
   *
   * @param upToDate whether it has to wait for a change of the server that is on its way to the
   *     node; not for calls that a server may make while it starts. A change that did not get there
   *     is sent again, and waited for.
   * @return fails with NodeUnreachableException, DeploymentException or AdapterNotExistException;
   *     never blocks
   */
  CompletionStage<NodeAdapter> adapter(String adapterId, boolean upToDate);

  /** As {@link #adapter}; fails with ServerNotExistException for an unknown id. */
  CompletionStage<NodeServer> server(String serverId, boolean upToDate);

  /**
   * An adapter on its node while nobody knows what the node has of the server, because it was not
   * asked yet or because the last request failed: it may not exist. Null if {@link #adapter} is
   * answered at once, or if the node has no session. Waits for nothing, so that it is of use to a
   * server that the node is stopping in order to load it.
   */
  @Nullable AdapterPrx presumedAdapter(String adapterId);

  /** As {@link #presumedAdapter}. */
  @Nullable ServerPrx presumedServer(String serverId);

  /**
   * The direct proxy of an active adapter, with identity {@code dummy}, as its node last said: null
   * if that is not known for certain, as when the server is being updated, and the node has to be
   * asked. A snapshot read.
   */
  @Nullable EncodedProxy activeProxy(String adapterId);

  /** To be taken before a node is asked for an adapter's direct proxy; see {@link #learned}. */
  long stamp(String adapterId);

  /**
   * A node answered with a direct proxy: {@link #activeProxy} returns it from now on, unless
   * something happened to the adapter since the stamp was taken.
   */
  void learned(String adapterId, long stamp, EncodedProxy proxy);

  /**
   * Something may have happened to an adapter: {@link #activeProxy} is null until its node says
   * more, or answers with a proxy.
   */
  void forget(String adapterId);

  /** What the node last said; true if unknown. */
  boolean serverEnabled(String serverId);

  /**
   * Tells from now on when {@link #serverEnabled} of a server changes.
   *
   * @param listener takes the server's id and what is now; called on any thread, must not block
   */
  void onEnabled(BiConsumer<String, Boolean> listener);

  /** What a node that has a session says of itself. */
  @Nullable NodeInfo info(String node);

  /** The load of a node that has a session. */
  @Nullable NodeLoad load(String node);
}
