package dev.firn.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.firn.model.InternalServerDescriptor;
import dev.firn.model.PropertyDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Consumer;

/**
 * Writes a server's directory once: everything that may fail first, under other names, then the new
 * names are given. So the files of before are in place after a failure. Blocks; used once.
 */
final class ServerWriter {
  private static final String NEW = "~new";
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rw-------");

  private static final Set<PosixFilePermission> READABLE =
      PosixFilePermissions.fromString("rw-r--r--");

  private final Path directory;
  private final InternalServerDescriptor server;
  private final Consumer<String> warn;
  private final Map<Path, Path> written = new LinkedHashMap<>();
  private final List<Path> created = new ArrayList<>();

  /**
   * @param warn told of what could not be tidied up, or was better left alone
   */
  ServerWriter(Path directory, InternalServerDescriptor server, Consumer<String> warn) {
    this.directory = directory;
    this.server = server;
    this.warn = warn;
  }

  /** The content of the file that says what a directory was written from. */
  static String revision(InternalServerDescriptor server) {
    return "#\n# This server belongs to the application `"
        + server.application().replace('\n', ' ')
        + "'\n#\nuuid: "
        + server.uuid()
        + "\nrevision: "
        + server.revision()
        + "\n";
  }

  /**
   * Writes everything.
   *
   * @return the directories of database environments that were not there before: they need not be
   *     below the server's directory
   */
  List<Path> write(SortedMap<String, List<PropertyDescriptor>> files, String time)
      throws IOException {
    try {
      prepare(files, time);
    } catch (IOException e) {
      for (Path file : written.keySet()) {
        Files.deleteIfExists(file);
      }
      throw e;
    }
    commit();
    tidyConfig(files.keySet());
    tidyDbEnvs();
    tidyServices();
    return created;
  }

  /** Writes only the file that says which revision the directory is of. */
  void writeRevision() throws IOException {
    prepare(directory.resolve("revision"), revision(server), READABLE);
    commit();
  }

  private void prepare(SortedMap<String, List<PropertyDescriptor>> files, String time)
      throws IOException {
    LinkedDirectories.create(directory);
    LinkedDirectories.checkWritable(directory);
    // What is in there may be secret, and belongs to no other disk: no link is followed.
    FileTree.createDirectory(directory.resolve("config"));
    for (String name : new String[] {"dbs", "distrib", "data"}) {
      LinkedDirectories.create(directory.resolve(name));
    }
    for (Map.Entry<String, List<PropertyDescriptor>> file : files.entrySet()) {
      Path path = directory.resolve("config").resolve(file.getKey());
      try {
        prepare(path, PropertyLines.file(time, file.getValue()), PRIVATE);
      } catch (IOException e) {
        throw new IOException(
            "couldn't create configuration file: " + path + "\n" + FileTree.reason(e), e);
      }
    }
    for (String service : server.services()) {
      LinkedDirectories.create(directory.resolve("data_" + service));
    }
    for (InternalServerDescriptor.DbEnv environment : server.dbEnvs()) {
      prepare(environment);
    }
    prepare(directory.resolve("revision"), revision(server), READABLE);
  }

  private void prepare(InternalServerDescriptor.DbEnv environment) throws IOException {
    Path environments = directory.resolve("dbs");
    Path path = environments.resolve(environment.name());
    if (!Files.isDirectory(path)) {
      LinkedDirectories.checkWritable(environments);
      LinkedDirectories.create(path);
      created.add(path);
    }
    if (!environment.properties().isEmpty()) {
      LinkedDirectories.checkWritable(environments);
      LinkedDirectories.checkWritable(path);
      prepare(path.resolve("DB_CONFIG"), dbConfig(environment), READABLE);
    }
  }

  private static String dbConfig(InternalServerDescriptor.DbEnv environment) {
    StringBuilder lines = new StringBuilder();
    for (PropertyDescriptor property : environment.properties()) {
      if (!property.name().isEmpty()) {
        lines.append(property.name());
        if (!property.value().isEmpty()) {
          lines.append(' ').append(property.value());
        }
        lines.append('\n');
      }
    }
    return lines.toString();
  }

  /** Writes under another name, which a server's own files do not have. */
  private void prepare(Path path, String content, Set<PosixFilePermission> mode)
      throws IOException {
    Path file = path.resolveSibling(path.getFileName() + NEW);
    Files.deleteIfExists(file);
    written.put(file, path);
    FileAttribute<?> permissions = PosixFilePermissions.asFileAttribute(mode);
    try (SeekableByteChannel channel =
        Files.newByteChannel(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), permissions)) {
      ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }

  private void commit() throws IOException {
    for (Map.Entry<Path, Path> file : written.entrySet()) {
      Files.move(
          file.getKey(),
          file.getValue(),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Services that are gone have left files; other files were put there by somebody else. */
  private void tidyConfig(Set<String> files) throws IOException {
    Path config = directory.resolve("config");
    for (String name : FileTree.names(config)) {
      boolean ours = name.startsWith("config_") || name.endsWith(NEW);
      if (ours && !files.contains(name)) {
        try {
          FileTree.remove(config.resolve(name));
        } catch (IOException e) {
          warn.accept(
              "couldn't remove file `" + config.resolve(name) + "':\n" + FileTree.reason(e));
        }
      }
    }
  }

  private void tidyDbEnvs() throws IOException {
    Path environments = directory.resolve("dbs");
    if (Files.isSymbolicLink(environments)) {
      return; // What else is in the place that it leads to, an administrator knows.
    }
    List<String> wanted =
        server.dbEnvs().stream().map(InternalServerDescriptor.DbEnv::name).toList();
    List<Path> gone = new ArrayList<>();
    for (String name : FileTree.names(environments)) {
      if (!wanted.contains(name)) {
        gone.add(environments.resolve(name));
      }
    }
    tidy(gone, path -> !UserData.inDbEnv(path));
  }

  private void tidyServices() throws IOException {
    List<Path> gone = new ArrayList<>();
    for (String name : FileTree.names(directory)) {
      if (name.startsWith("data_") && !server.services().contains(name.substring(5))) {
        gone.add(directory.resolve(name));
      }
    }
    tidy(gone, FileTree::isEmptyDirectory);
  }

  /** Data of what is no longer deployed stays where it is: nobody else has it. */
  private void tidy(List<Path> gone, java.util.function.Predicate<Path> removable) {
    for (Path path : gone) {
      if (!removable.test(path)) {
        warn.accept("`" + path + "' is no longer deployed but holds data: it was not removed");
        continue;
      }
      try {
        FileTree.remove(path);
      } catch (IOException e) {
        warn.accept("couldn't remove directory `" + path + "':\n" + FileTree.reason(e));
      }
    }
  }

  /** Whether a path is there, as anything. */
  static boolean exists(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }
}
