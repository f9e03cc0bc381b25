package dev.firn.registry;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.IceGrid.ObjectInfo;
import dev.firn.model.DeployedObject;
import dev.firn.model.IdentityText;
import dev.firn.model.ObjectEntry;
import dev.firn.model.ObjectId;
import dev.firn.model.RegistryTables;
import dev.firn.wire.Mapping;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Well-known objects as administrators see them: those of applications, then the registered ones.
 * For one query, on one thread.
 */
final class AdminObjects {
  private static final ObjectInfo[] NONE = {};

  private final Communicator communicator;
  private final RegistryTables tables;

  /** Proxies by the options that make them. */
  private final Map<String, ObjectPrx> options = new HashMap<>();

  AdminObjects(Communicator communicator, RegistryTables tables) {
    this.communicator = communicator;
    this.tables = tables;
  }

  /** Null if there is no such object. */
  @Nullable ObjectInfo find(ObjectId id) {
    DeployedObject deployed = tables.deployment().findObject(id);
    if (deployed != null) {
      return info(deployed);
    }
    ObjectEntry entry = tables.findObject(id);
    return entry == null ? null : Mapping.objectInfo(communicator, entry);
  }

  ObjectInfo[] ofType(String type) {
    List<ObjectInfo> infos = new ArrayList<>();
    tables.deployment().objectsOfType(type).forEach(object -> infos.add(info(object)));
    tables.objectsOfType(type).forEach(entry -> infos.add(Mapping.objectInfo(communicator, entry)));
    return infos.toArray(NONE);
  }

  /**
   * @param wanted says of a stringified identity whether it counts
   */
  ObjectInfo[] all(Predicate<String> wanted) {
    List<ObjectInfo> infos = new ArrayList<>();
    for (DeployedObject object : tables.deployment().objects()) {
      if (wanted.test(IdentityText.format(object.id()))) {
        infos.add(info(object));
      }
    }
    for (ObjectEntry entry : tables.objects()) {
      if (wanted.test(communicator.identityToString(Mapping.identity(entry.id())))) {
        infos.add(Mapping.objectInfo(communicator, entry));
      }
    }
    return infos.toArray(NONE);
  }

  /** {@code "identity" options @ "adapter"}; without the options if they are none. */
  private ObjectInfo info(DeployedObject object) {
    ObjectPrx proxy =
        options
            .computeIfAbsent(
                object.proxyOptions(), text -> DeployedObjects.withOptions(communicator, text))
            .ice_identity(Mapping.identity(object.id()))
            .ice_adapterId(object.adapterOrGroupId());
    return new ObjectInfo(proxy, object.type());
  }
}
