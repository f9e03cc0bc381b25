package dev.firn.registry;

import com.zeroc.Ice.ObjectPrx;
import java.util.Optional;

/** A session's observers, none where it does not observe. */
record ObserverProxies(
    Optional<ObjectPrx> registries,
    Optional<ObjectPrx> nodes,
    Optional<ObjectPrx> applications,
    Optional<ObjectPrx> adapters,
    Optional<ObjectPrx> objects) {}
