package dev.firn.registry;

import com.zeroc.Ice.AdapterNotFoundException;
import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.InputStream;
import com.zeroc.Ice.LocatorRegistryPrx;
import com.zeroc.Ice.ObjectNotFoundException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.OperationMode;
import com.zeroc.Ice.OutputStream;
import com.zeroc.Ice.UserException;
import com.zeroc.IceGrid.Locator;
import com.zeroc.IceGrid.QueryPrx;
import com.zeroc.IceGrid.RegistryPrx;
import com.zeroc.IceInternal.Incoming;
import dev.firn.model.EncodedProxy;
import dev.firn.wire.Async;
import dev.firn.wire.Mapping;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The locator of this registry.
 *
 * <p>The two finders are dispatched by hand: an answer is the stored bytes of a proxy, copied into
 * the reply. Decoding it to a proxy only to encode it again would be most of the work of a look-up.
 */
final class LocatorServant implements Locator {
  private final Communicator communicator;
  private final LocateTable table;
  private final DeployedLocator deployed;
  private final WellKnownProxies proxies;

  LocatorServant(
      Communicator communicator,
      LocateTable table,
      DeployedLocator deployed,
      WellKnownProxies proxies) {
    this.communicator = communicator;
    this.table = table;
    this.deployed = deployed;
    this.proxies = proxies;
  }

  @Override
  public CompletionStage<OutputStream> _iceDispatch(Incoming request, Current current)
      throws UserException {
    return switch (current.operation) {
      case "findObjectById" -> {
        com.zeroc.Ice.Object._iceCheckMode(OperationMode.Idempotent, current.mode);
        InputStream in = request.startReadParams();
        Identity id = Identity.ice_read(in);
        request.endReadParams();
        yield answer(request, current, object(id));
      }
      case "findAdapterById" -> {
        com.zeroc.Ice.Object._iceCheckMode(OperationMode.Idempotent, current.mode);
        InputStream in = request.startReadParams();
        String id = in.readString();
        request.endReadParams();
        EncodedProxy known = known(id, current);
        if (known != null) {
          yield answer(request, current, known);
        }
        CompletableFuture<EncodedProxy> located = locate(id, current);
        yield located.isDone() && !located.isCompletedExceptionally()
            ? answer(request, current, located.join())
            : Async.answer(request, located, (out, proxy) -> write(out, current, proxy));
      }
      default -> Locator.super._iceDispatch(request, current);
    };
  }

  @Override
  public CompletionStage<ObjectPrx> findObjectByIdAsync(Identity id, Current current)
      throws ObjectNotFoundException {
    return CompletableFuture.completedFuture(Mapping.decode(communicator, object(id)));
  }

  @Override
  public CompletionStage<ObjectPrx> findAdapterByIdAsync(String id, Current current)
      throws AdapterNotFoundException {
    EncodedProxy known = known(id, current);
    CompletableFuture<EncodedProxy> located =
        known == null ? locate(id, current) : CompletableFuture.completedFuture(known);
    return located.thenApply(proxy -> Mapping.decode(communicator, proxy));
  }

  @Override
  public LocatorRegistryPrx getRegistry(Current current) {
    return proxies.locatorRegistry();
  }

  @Override
  public RegistryPrx getLocalRegistry(Current current) {
    return proxies.localRegistry();
  }

  @Override
  public QueryPrx getLocalQuery(Current current) {
    return proxies.localQuery();
  }

  private CompletionStage<OutputStream> answer(
      Incoming request, Current current, EncodedProxy proxy) {
    OutputStream out = request.startWriteParams();
    write(out, current, proxy);
    request.endWriteParams(out);
    return request.setResult(out);
  }

  private void write(OutputStream out, Current current, EncodedProxy proxy) {
    if (current.encoding.major == 1 && current.encoding.minor == 1) {
      out.writeBlob(proxy.toBytes());
    } else {
      out.writeProxy(Mapping.decode(communicator, proxy));
    }
  }

  private EncodedProxy object(Identity id) throws ObjectNotFoundException {
    EncodedProxy proxy = table.object(Mapping.objectId(id));
    if (proxy == null) {
      throw new ObjectNotFoundException();
    }
    return proxy;
  }

  /** What needs nobody else to be answered. */
  private @Nullable EncodedProxy known(String id, Current current) {
    EncodedProxy active = deployed.active(id, current.encoding);
    return active != null ? active : table.adapter(id, current);
  }

  private CompletableFuture<EncodedProxy> locate(String id, Current current)
      throws AdapterNotFoundException {
    CompletionStage<EncodedProxy> located = deployed.locate(id, current);
    if (located == null) {
      throw new AdapterNotFoundException();
    }
    return located.toCompletableFuture();
  }
}
