package dev.firn.registry;

import dev.firn.model.DeployedObject;
import dev.firn.model.EncodedProxy;
import dev.firn.model.ObjectEntry;
import dev.firn.model.RegistryTables;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The objects of a type, of applications and others, that clients may be given. Any thread. */
final class QueryObjects {
  private final Supplier<RegistryTables> snapshot;
  private final NodeViews views;
  private final LocateTable table;

  QueryObjects(Supplier<RegistryTables> snapshot, NodeViews views, LocateTable table) {
    this.snapshot = snapshot;
    this.views = views;
    this.table = table;
  }

  /** How many there are, those of disabled servers included. */
  int sizeOf(String type) {
    RegistryTables tables = snapshot.get();
    return tables.deployment().objectsOfType(type).size() + tables.objectsOfType(type).size();
  }

  /** Those of applications whose server is enabled, by id, then the others, by id. */
  List<EncodedProxy> ofType(String type) {
    RegistryTables tables = snapshot.get();
    Collection<ObjectEntry> others = tables.objectsOfType(type);
    List<EncodedProxy> found = new ArrayList<>(others.size());
    for (DeployedObject object : enabled(tables, type)) {
      found.add(table.proxy(object));
    }
    others.forEach(entry -> found.add(entry.proxy()));
    return found;
  }

  /** One of them by chance; null if there is none. */
  @Nullable EncodedProxy any(String type, RandomGenerator random) {
    RegistryTables tables = snapshot.get();
    List<DeployedObject> deployed = enabled(tables, type);
    Collection<ObjectEntry> others = tables.objectsOfType(type);
    int size = deployed.size() + others.size();
    if (size == 0) {
      return null;
    }
    int index = random.nextInt(size);
    return index < deployed.size()
        ? table.proxy(deployed.get(index))
        : others.stream().skip(index - deployed.size()).findFirst().orElseThrow().proxy();
  }

  private List<DeployedObject> enabled(RegistryTables tables, String type) {
    List<DeployedObject> enabled = new ArrayList<>();
    for (DeployedObject object : tables.deployment().objectsOfType(type)) {
      if (object.server().map(views::serverEnabled).orElse(true)) {
        enabled.add(object);
      }
    }
    return enabled;
  }
}
