package dev.firn.cli;

import com.zeroc.Ice.ToStringMode;
import com.zeroc.Ice.Util;
import dev.firn.model.AdapterEntry;
import dev.firn.model.ObjectEntry;
import dev.firn.model.ObjectId;
import dev.firn.model.RegistryTables;
import dev.firn.model.RowChange;
import dev.firn.model.Topic;
import dev.firn.replication.StoreException;
import dev.firn.storage.DirectoryLock;
import dev.firn.storage.DirectoryLockException;
import dev.firn.storage.LmdbRegistryStore;
import dev.firn.wire.ExportFormatException;
import dev.firn.wire.Mapping;
import dev.firn.wire.RegistryExport;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Copies between a database directory and a file, telling what it does. One use. */
final class IceGridDbTransfer {
  private final PrintStream out;
  private final boolean debug;
  private final String directoryName;
  private final Path directory;

  IceGridDbTransfer(PrintStream out, boolean debug, String directoryName) {
    this.out = out;
    this.debug = debug;
    this.directoryName = directoryName;
    this.directory = Path.of(directoryName);
  }

  void exportTo(String fileName) throws IceGridDbException {
    out.println(
        "Exporting database from directory `" + directoryName + "' to file `" + fileName + "'");
    byte[] bytes;
    try {
      RegistryExport export = RegistryExport.of(Util.intVersion(), readDatabase());
      describe(
          export,
          List.of("Reading Application Map:", "Reading Adapter Map:", "Reading Object Map:"),
          List.of("Reading Internal Object Map:", "Reading Serials Map:"),
          List.of("APPLICATION", "ADAPTER", "IDENTITY"),
          // As a database keeps them: shorter names first.
          List.of(Topic.OBJECTS, Topic.ADAPTERS, Topic.APPLICATIONS));
      bytes = export.toBytes();
    } catch (DirectoryLockException | StoreException | com.zeroc.Ice.LocalException e) {
      throw new IceGridDbException("export failed:\n" + text(e), e);
    }
    try {
      Files.write(Path.of(fileName), bytes);
    } catch (IOException e) {
      throw new IceGridDbException("could not open output file: " + reason(e), e);
    }
  }

  private RegistryTables readDatabase() {
    if (!Files.isDirectory(directory)) {
      return LmdbRegistryStore.readOnly(directory); // which tells what is wrong
    }
    try (DirectoryLock lock = DirectoryLock.acquire(directory)) {
      try {
        return LmdbRegistryStore.readOnly(directory);
      } finally {
        lock.deleteFile();
      }
    }
  }

  void importFrom(String fileName, int mapSizeMegabytes, List<String> serverVersions)
      throws IceGridDbException {
    out.println(
        "Importing database to directory `" + directoryName + "' from file `" + fileName + "'");
    requireEmptyDirectory();
    byte[] bytes = readFile(fileName);
    if (bytes.length == 0) {
      throw new IceGridDbException("empty input file");
    }
    try {
      String type = RegistryExport.type(bytes);
      if (!RegistryExport.isRegistryType(type)) {
        throw new IceGridDbException("incorrect input file type: " + type);
      }
      RegistryExport export = RegistryExport.read(bytes, serverVersions.stream().findFirst());
      describe(
          export,
          List.of("Writing Applications Map:", "Writing Adapters Map:", "Writing Objects Map:"),
          List.of("Writing Internal Objects Map:", "Writing Serials Map:"),
          List.of("NAME", "NAME", "NAME"),
          List.of(Topic.ADAPTERS, Topic.APPLICATIONS, Topic.OBJECTS));
      writeDatabase(export, mapSizeMegabytes);
    } catch (ExportFormatException | DirectoryLockException | StoreException e) {
      throw new IceGridDbException("import failed:\n" + text(e), e);
    }
  }

  private void requireEmptyDirectory() throws IceGridDbException {
    if (!Files.isDirectory(directory)) {
      throw new IceGridDbException("output directory does not exist: " + directoryName);
    }
    try (Stream<Path> files = Files.list(directory)) {
      // Our registry leaves its lock file behind; who holds the lock is asked later.
      if (files.anyMatch(file -> !file.getFileName().toString().equals("icedb.lock"))) {
        throw new IceGridDbException("output directory is not empty: " + directoryName);
      }
    } catch (IOException e) {
      throw new IceGridDbException("output directory cannot be read: " + reason(e), e);
    }
  }

  private static byte[] readFile(String fileName) throws IceGridDbException {
    Path file = Path.of(fileName);
    try {
      if (Files.isDirectory(file)) {
        throw new IceGridDbException("failed to read input file");
      }
      return Files.readAllBytes(file);
    } catch (FileSystemException e) {
      throw new IceGridDbException("could not open input file: " + reason(e), e);
    } catch (IOException e) {
      throw new IceGridDbException("failed to read input file", e);
    }
  }

  private void writeDatabase(RegistryExport export, int mapSizeMegabytes) {
    try (DirectoryLock lock = DirectoryLock.acquire(directory)) {
      try (LmdbRegistryStore store = LmdbRegistryStore.open(directory, mapSizeMegabytes)) {
        store.commit(rows(export));
      } catch (StoreException e) {
        // So that the user can try again: the directory has to be empty.
        LmdbRegistryStore.deleteFiles(directory);
        throw e;
      } finally {
        lock.deleteFile();
      }
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
    if (!debug) {
      return;
    }
    out.println(tables.get(0));
    export.applications().forEach(entry -> print(labels.get(0), entry.name()));
    out.println(tables.get(1));
    export.adapters().forEach(entry -> print(labels.get(1), entry.id()));
    out.println(tables.get(2));
    export.objects().forEach(entry -> print(labels.get(2), identity(entry)));
    out.println(localTables.get(0));
    export.nodes().forEach(entry -> print(labels.get(2), identity(entry)));
    out.println(localTables.get(1));
    serialOrder.forEach(topic -> print("NAME", topic.key()));
  }

  private void print(String label, String name) {
    out.println("  " + label + " = " + name);
  }

  private static String identity(ObjectEntry entry) {
    return Util.identityToString(Mapping.identity(entry.id()), ToStringMode.Unicode);
  }

  private static String text(Exception e) {
    String message = e.getMessage();
    return message == null ? e.toString() : message;
  }

  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "No such file or directory";
    }
    if (e instanceof AccessDeniedException) {
      return "Permission denied";
    }
    if (e instanceof FileSystemException failure && failure.getReason() != null) {
      return failure.getReason();
    }
    return text(e);
  }
}
