package dev.firn.cli;

import com.zeroc.Ice.Util;
import dev.firn.model.AdapterEntry;
import dev.firn.model.ObjectEntry;
import dev.firn.model.ObjectId;
import dev.firn.model.RowChange;
import dev.firn.model.Topic;
import dev.firn.replication.StoreException;
import dev.firn.storage.LmdbRegistryStore;
import dev.firn.wire.ExportFormatException;
import dev.firn.wire.RegistryExport;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Copies a registry's database. */
final class IceGridDbTransfer extends DatabaseTransfer {
  IceGridDbTransfer(PrintStream out, boolean debug, String directoryName) {
    super(out, debug, directoryName);
  }

  @Override
  String quoted(String name) {
    return "`" + name + "'";
  }

  @Override
  byte[] readDatabase(Path directory) {
    var export = RegistryExport.of(Util.intVersion(), LmdbRegistryStore.readOnly(directory));
    describe(
        export,
        List.of("Reading Application Map:", "Reading Adapter Map:", "Reading Object Map:"),
        List.of("Reading Internal Object Map:", "Reading Serials Map:"),
        List.of("APPLICATION", "ADAPTER", "IDENTITY"),
        // As a database keeps them: shorter names first.
        List.of(Topic.OBJECTS, Topic.ADAPTERS, Topic.APPLICATIONS));
    return export.toBytes();
  }

  @Override
  String type(byte[] file) throws ExportFormatException {
    return RegistryExport.type(file);
  }

  @Override
  boolean accepts(String type) {
    return RegistryExport.isRegistryType(type);
  }

  @Override
  void writeDatabase(byte[] file, Path directory, int mapSizeMegabytes, List<String> serverVersions)
      throws ExportFormatException {
    RegistryExport export = RegistryExport.read(file, serverVersions.stream().findFirst());
    describe(
        export,
        List.of("Writing Applications Map:", "Writing Adapters Map:", "Writing Objects Map:"),
        List.of("Writing Internal Objects Map:", "Writing Serials Map:"),
        List.of("NAME", "NAME", "NAME"),
        List.of(Topic.ADAPTERS, Topic.APPLICATIONS, Topic.OBJECTS));
    try (LmdbRegistryStore store = LmdbRegistryStore.open(directory, mapSizeMegabytes)) {
      store.commit(rows(export));
    } catch (StoreException e) {
      // So that the user can try again: the directory has to be empty.
      LmdbRegistryStore.deleteFiles(directory);
      throw e;
    }
  }

  /** One row after another: of two with the same key the last remains, as in ZeroC's import. */
  private static List<RowChange> rows(RegistryExport export) {
    List<RowChange> rows = new ArrayList<>();
    export.applications().forEach(entry -> rows.add(new RowChange.PutApplication(entry)));
    Map<String, AdapterEntry> adapters = new HashMap<>();
    for (AdapterEntry entry : export.adapters()) {
      AdapterEntry previous = adapters.put(entry.id(), entry);
      rows.add(new RowChange.PutAdapter(entry, Optional.ofNullable(previous)));
    }
    Map<ObjectId, ObjectEntry> objects = new HashMap<>();
    for (ObjectEntry entry : export.objects()) {
      ObjectEntry previous = objects.put(entry.id(), entry);
      rows.add(new RowChange.PutObject(entry, Optional.ofNullable(previous)));
    }
    Map<ObjectId, ObjectEntry> nodes = new HashMap<>();
    for (ObjectEntry entry : export.nodes()) {
      ObjectEntry previous = nodes.put(entry.id(), entry);
      rows.add(new RowChange.PutNode(entry, Optional.ofNullable(previous)));
    }
    for (Topic topic : Topic.values()) {
      rows.add(new RowChange.PutSerial(topic, export.serials().of(topic)));
    }
    return rows;
  }

  private void describe(
      RegistryExport export,
      List<String> tables,
      List<String> localTables,
      List<String> labels,
      List<Topic> serialOrder) {
    if (!debug()) {
      return;
    }
    tell(tables.get(0));
    export.applications().forEach(entry -> tell(labels.get(0), entry.name()));
    tell(tables.get(1));
    export.adapters().forEach(entry -> tell(labels.get(1), entry.id()));
    tell(tables.get(2));
    export.objects().forEach(entry -> tell(labels.get(2), identity(entry.id())));
    tell(localTables.get(0));
    export.nodes().forEach(entry -> tell(labels.get(2), identity(entry.id())));
    tell(localTables.get(1));
    serialOrder.forEach(topic -> tell("NAME", topic.key()));
  }

  private void tell(String label, String name) {
    tell("  " + label + " = " + name);
  }
}
