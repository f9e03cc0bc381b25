package dev.firn.storm;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.OutputStream;
import com.zeroc.IceInternal.Incoming;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A publisher: whatever is called is an event, {@code ice_ping} and its like included. Dispatched
 * by hand, as nothing of a request may be decoded.
 */
final class PublisherServant implements com.zeroc.Ice.Object {
  private final EventSink sink;
  private final PublishGate gate;

  PublisherServant(EventSink sink, PublishGate gate) {
    this.sink = sink;
    this.gate = gate;
  }

  @Override
  public CompletionStage<OutputStream> _iceDispatch(Incoming request, Current current) {
    Event event = Event.of(current.operation, current.mode, current.ctx, request.readParamEncaps());
    CompletableFuture<Void> later = gate.pass(event, sink);
    return later == null
        ? request.setResult(request.writeEmptyParams())
        : request.setResultFuture(later);
  }
}
