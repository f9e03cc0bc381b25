package dev.firn.node;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.IceGrid.Adapter;
import com.zeroc.IceGrid.AdapterNotActiveException;
import dev.firn.model.EncodedProxy;
import dev.firn.server.ServerAnswer;
import dev.firn.server.ServerInput;
import dev.firn.server.ServerView;
import dev.firn.wire.Async;
import dev.firn.wire.Mapping;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** An adapter of a server, for registries. */
final class AdapterServant implements Adapter {
  private final NodeContext context;
  private final HostedServer server;
  private final String id;

  AdapterServant(NodeContext context, HostedServer server, String id) {
    this.context = context;
    this.server = server;
    this.id = id;
  }

  @Override
  public CompletionStage<ObjectPrx> activateAsync(Current current) {
    return Async.plain(
        server
            .request(caller -> new ServerInput.Activate(caller, id))
            .thenApply(
                answer -> {
                  if (answer instanceof ServerAnswer.Proxy proxy) {
                    return decode(proxy.proxy());
                  }
                  throw new ObjectNotExistException();
                }));
  }

  @Override
  public ObjectPrx getDirectProxy(Current current) throws AdapterNotActiveException {
    ServerView.AdapterView adapter =
        server
            .view()
            .map(view -> view.adapters().get(id))
            .orElseThrow(ObjectNotExistException::new);
    ObjectPrx proxy = decode(adapter.proxy());
    if (proxy == null) {
      throw new AdapterNotActiveException(adapter.activatable());
    }
    return proxy;
  }

  @Override
  public CompletionStage<Void> setDirectProxyAsync(@Nullable ObjectPrx proxy, Current current) {
    EncodedProxy encoded = Mapping.encode(context.communicator(), proxy);
    return Answers.done(
        server.id(), server.request(caller -> new ServerInput.SetDirectProxy(caller, id, encoded)));
  }

  private @Nullable ObjectPrx decode(EncodedProxy proxy) {
    return Mapping.decode(context.communicator(), proxy);
  }
}
