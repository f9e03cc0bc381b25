package dev.firn.bench;

import com.zeroc.Ice.Blobject;
import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.InputStream;
import com.zeroc.Ice.Locator;
import com.zeroc.Ice.LocatorRegistryPrx;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.OutputStream;
import com.zeroc.Ice.UserException;
import com.zeroc.Ice.Util;
import com.zeroc.IceInternal.Incoming;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A server that answers every locate with one constant proxy: the limit of what a Java server on
 * this machine can reach. Looks nothing up, so it shows what Ice itself costs.
 *
 * <p>Takes Ice properties as arguments. {@code Dispatch.Shape} names a {@link ReplyShape}.
 */
public final class NoopServer {
  static final String ADAPTER = "Noop";

  private NoopServer() {}

  /** Serves until the process is ended. Prints {@code Noop ready} once it accepts requests. */
  public static void main(String[] args) {
    var init = new InitializationData();
    List<String> rest = new ArrayList<>();
    init.properties = Util.createProperties(args, rest);
    for (String prefix : List.of(ADAPTER, "Dispatch")) {
      init.properties.parseCommandLineOptions(prefix, rest.toArray(new String[0]));
    }
    try (Communicator communicator = Util.initialize(init)) {
      var adapter = communicator.createObjectAdapter(ADAPTER);
      var shape =
          ReplyShape.valueOf(
              init.properties
                  .getPropertyWithDefault("Dispatch.Shape", ReplyShape.SKELETON.name())
                  .toUpperCase(Locale.ROOT));
      adapter.add(servant(shape, communicator), new Identity("Locator", "IceGrid"));
      adapter.activate();
      communicator.waitForShutdown();
    }
  }

  private static com.zeroc.Ice.Object servant(ReplyShape shape, Communicator communicator) {
    ObjectPrx proxy = communicator.stringToProxy(Dataset.CONSTANT_PROXY);
    return switch (shape) {
      case SKELETON -> new Skeleton(proxy);
      case ENCODED -> new Encoded(proxy, encode(communicator, proxy, false));
      case ENCAPSULATED -> new Encapsulated(proxy, encode(communicator, proxy, true));
      case BLOBJECT -> new Raw(communicator, encode(communicator, proxy, true));
    };
  }

  private static byte[] encode(Communicator communicator, ObjectPrx proxy, boolean encapsulated) {
    var out = new OutputStream(communicator, Util.Encoding_1_1);
    if (encapsulated) {
      out.startEncapsulation();
    }
    out.writeProxy(proxy);
    if (encapsulated) {
      out.endEncapsulation();
    }
    return out.finished();
  }

  private static class Skeleton implements Locator {
    private final ObjectPrx proxy;

    Skeleton(ObjectPrx proxy) {
      this.proxy = proxy;
    }

    @Override
    public CompletionStage<ObjectPrx> findObjectByIdAsync(Identity id, Current current) {
      return CompletableFuture.completedFuture(proxy);
    }

    @Override
    public CompletionStage<ObjectPrx> findAdapterByIdAsync(String id, Current current) {
      return CompletableFuture.completedFuture(proxy);
    }

    @Override
    public @Nullable LocatorRegistryPrx getRegistry(Current current) {
      return null;
    }
  }

  /** Decodes the argument as a real lookup must, then copies bytes that were encoded once. */
  private static class Encoded extends Skeleton {
    private final byte[] encoded;

    Encoded(ObjectPrx proxy, byte[] encoded) {
      super(proxy);
      this.encoded = encoded;
    }

    @Override
    public @Nullable CompletionStage<OutputStream> _iceDispatch(Incoming incoming, Current current)
        throws UserException {
      switch (current.operation) {
        case "findAdapterById" -> incoming.startReadParams().readString();
        case "findObjectById" -> Identity.ice_read(incoming.startReadParams());
        default -> {
          return super._iceDispatch(incoming, current);
        }
      }
      incoming.endReadParams();
      return reply(incoming);
    }

    @Nullable CompletionStage<OutputStream> reply(Incoming incoming) {
      var out = incoming.startWriteParams();
      out.writeBlob(encoded);
      incoming.endWriteParams(out);
      return incoming.setResult(out);
    }
  }

  private static final class Encapsulated extends Encoded {
    private final byte[] encapsulation;

    Encapsulated(ObjectPrx proxy, byte[] encapsulation) {
      super(proxy, encapsulation);
      this.encapsulation = encapsulation;
    }

    @Override
    @Nullable CompletionStage<OutputStream> reply(Incoming incoming) {
      return incoming.setResult(
          incoming.writeParamEncaps(incoming.getAndClearCachedOutputStream(), encapsulation, true));
    }
  }

  private static final class Raw implements Blobject {
    private final Communicator communicator;
    private final byte[] encapsulation;

    Raw(Communicator communicator, byte[] encapsulation) {
      this.communicator = communicator;
      this.encapsulation = encapsulation;
    }

    @Override
    public Ice_invokeResult ice_invoke(byte[] arguments, Current current) {
      var in = new InputStream(communicator, arguments);
      in.startEncapsulation();
      if (current.operation.equals("findAdapterById")) {
        in.readString();
      } else if (current.operation.equals("findObjectById")) {
        Identity.ice_read(in);
      }
      in.endEncapsulation();
      return new Ice_invokeResult(true, encapsulation);
    }
  }
}
