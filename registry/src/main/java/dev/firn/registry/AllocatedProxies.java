package dev.firn.registry;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.ObjectPrx;
import dev.firn.server.AllocatableObject;
import dev.firn.wire.Mapping;

/** Makes the indirect proxies of allocatable objects. Any thread. */
final class AllocatedProxies {
  private final Communicator communicator;

  AllocatedProxies(Communicator communicator) {
    this.communicator = communicator;
  }

  /** With the object's options, or without them if they are none of Ice's. */
  ObjectPrx of(AllocatableObject object) {
    return DeployedObjects.withOptions(communicator, object.proxyOptions())
        .ice_identity(Mapping.identity(object.id()))
        .ice_adapterId(object.adapterId());
  }

  /** As in traces. */
  String text(AllocatableObject object) {
    return communicator.proxyToString(of(object));
  }
}
