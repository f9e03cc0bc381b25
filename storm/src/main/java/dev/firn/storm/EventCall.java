package dev.firn.storm;

import com.zeroc.Ice.ConnectionI;
import com.zeroc.Ice.OperationMode;
import com.zeroc.Ice.OutputStream;
import com.zeroc.Ice._ObjectPrxI;
import com.zeroc.IceInternal.Buffer;
import com.zeroc.IceInternal.CollocatedRequestHandler;
import com.zeroc.IceInternal.ObserverHelper;
import com.zeroc.IceInternal.Protocol;
import com.zeroc.IceInternal.ProxyOutgoingAsyncBaseI;
import com.zeroc.IceInternal.RetryException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * One message to a subscriber, ready-made. Ice finds the connection, retries, and watches the
 * time-outs as it does for any invocation, but encodes nothing.
 *
 * <p>Completes when the message is written or, if it asks for an answer, when that has come; an
 * answer that is a user exception counts as one.
 */
final class EventCall extends ProxyOutgoingAsyncBaseI<Void> {
  private final boolean replies;
  private final int requests;
  private final Consumer<ConnectionI> connected;

  /**
   * @param proxy twoway if it asks for an answer, otherwise oneway or datagram
   * @param operation for the metrics of Ice
   * @param mode decides whether Ice sends it again when it may have arrived
   * @param requests number of requests if the message is a batch, otherwise 0
   * @param connected told which connection is about to carry the message
   */
  EventCall(
      _ObjectPrxI proxy,
      String operation,
      OperationMode mode,
      ByteBuffer message,
      int requests,
      Consumer<ConnectionI> connected) {
    super(proxy, operation, stream(proxy, message));
    this.replies = proxy.ice_isTwoway();
    this.requests = requests;
    this.connected = connected;
    _mode = mode;
    _observer = ObserverHelper.get(proxy, operation);
  }

  private static OutputStream stream(_ObjectPrxI proxy, ByteBuffer message) {
    return new OutputStream(
        proxy._getReference().getInstance(),
        Protocol.currentProtocolEncoding,
        new Buffer(message),
        true);
  }

  /** Sends it; a failure is how it completes, never thrown. */
  void start() {
    try {
      Protocol.checkSupportedProtocol(
          Protocol.getCompatibleProtocol(_proxy._getReference().getProtocol()));
      invokeImpl(true);
    } catch (com.zeroc.Ice.Exception e) {
      completeExceptionally(e);
    }
  }

  @Override
  public int invokeRemote(ConnectionI connection, boolean compress, boolean response)
      throws RetryException {
    _cachedConnection = connection;
    connected.accept(connection);
    return connection.sendAsyncRequest(this, compress, replies, requests);
  }

  @Override
  public int invokeCollocated(CollocatedRequestHandler handler) {
    throw new IllegalStateException("subscribers are never called without a connection");
  }

  @Override
  public boolean sent() {
    return sent(!replies);
  }

  @Override
  protected void markCompleted() {
    complete(null);
  }
}
