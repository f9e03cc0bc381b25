package dev.firn.registry;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.ObjectPrx;
import dev.firn.model.DeployedObject;
import dev.firn.model.EncodedProxies;
import dev.firn.model.EncodedProxy;
import dev.firn.wire.Mapping;
import java.util.concurrent.ConcurrentHashMap;

/** The indirect proxies of well-known objects of applications. Any thread. */
final class DeployedObjects {
  /** There are a handful; beyond this they are read anew each time. */
  private static final int OPTIONS_MAX = 1_000;

  private final Communicator communicator;

  /** Proxy options as written, and encoded. */
  private final ConcurrentHashMap<String, byte[]> options = new ConcurrentHashMap<>();

  DeployedObjects(Communicator communicator) {
    this.communicator = communicator;
  }

  /** {@code "identity" options @ "adapter"}; without the options if they are none. */
  EncodedProxy proxy(DeployedObject object) {
    return EncodedProxies.indirect(
        object.id(), options(object.proxyOptions()), object.adapterOrGroupId());
  }

  private byte[] options(String text) {
    byte[] known = options.get(text);
    if (known != null) {
      return known;
    }
    byte[] encoded = EncodedProxies.options(parsed(text));
    if (options.size() < OPTIONS_MAX) {
      options.put(text, encoded);
    }
    return encoded;
  }

  private EncodedProxy parsed(String text) {
    return Mapping.encode(communicator, withOptions(communicator, text));
  }

  /** A proxy {@code dummy} with these options; without, if they are none of Ice's. */
  static ObjectPrx withOptions(Communicator communicator, String text) {
    try {
      return communicator.stringToProxy("dummy " + text);
    } catch (LocalException e) {
      return communicator.stringToProxy("dummy");
    }
  }
}
