package dev.firn.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zeroc.IceGrid.DeploymentException;
import dev.firn.model.InternalServerDescriptor;
import dev.firn.model.PropertyDescriptor;
import dev.firn.model.ServerConfiguration;
import dev.firn.server.ServerRevision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.StringTokenizer;
import java.util.function.Consumer;

/**
 * The files of servers below the node's data directory, in the layout of the reference. Any thread,
 * but one at a time for each server; everything that touches files blocks.
 */
final class FileDirectories {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("MM/dd/yy HH:mm:ss.SSS", Locale.ROOT);

  private static final int REVISION_LINES = 5;

  private final Path data;
  private final String dataText;
  private final ConfigurationLines lines;
  private final Memory memory;
  private final Consumer<String> warn;

  FileDirectories(NodeSettings settings, Consumer<String> warn) {
    data = settings.data();
    dataText = settings.dataText();
    lines = new ConfigurationLines(settings);
    memory = new Memory(data.resolve("firn"), warn);
    this.warn = warn;
  }

  /** Creates what every node has. */
  void create() throws IOException {
    for (String name : new String[] {"servers", "tmp", "distrib"}) {
      Path directory = data.resolve(name);
      if (!Files.isDirectory(directory)) {
        Files.createDirectory(directory);
      }
    }
  }

  /** The servers that have a directory. */
  List<String> servers() throws IOException {
    return FileTree.names(data.resolve("servers"));
  }

  /**
   * Refuses a descriptor whose server, services or database environments cannot be names of files,
   * or whose paths the system cannot have. Touches no file.
   */
  void check(InternalServerDescriptor server) throws DeploymentException {
    checkName("server id", server.id());
    for (String service : server.services()) {
      checkName("service name", service);
    }
    for (InternalServerDescriptor.DbEnv environment : server.dbEnvs()) {
      checkName("database environment name", environment.name());
    }
    if (server.applicationDistrib()) {
      checkName("application name", server.application());
    }
    checkPath(server, "working directory", server.pwd());
    checkPath(server, "executable", server.exe());
    for (String log : server.logs()) {
      checkPath(server, "log file", log);
    }
    for (var file : server.properties().entrySet()) {
      checkName("configuration file name", file.getKey());
      if (!file.getKey().equals(ConfigurationLines.MAIN) && !file.getKey().startsWith("config_")) {
        throw refused("configuration file name", file.getKey());
      }
      for (PropertyDescriptor line : file.getValue()) {
        if (hasLineBreak(line.name()) || hasLineBreak(line.value())) {
          throw new DeploymentException(
              "property `"
                  + line.name()
                  + "' of server `"
                  + server.id()
                  + "' has a line break, which a configuration file cannot express");
        }
      }
    }
  }

  private static boolean hasLineBreak(String text) {
    return text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0;
  }

  /** A path that the system cannot have at all, as opposed to one that is not there. */
  private static void checkPath(InternalServerDescriptor server, String what, String path)
      throws DeploymentException {
    try {
      PathText.absolute(path);
    } catch (InvalidPathException e) {
      throw new DeploymentException(
          "invalid " + what + " of server `" + server.id() + "': " + e.getReason(), e);
    }
  }

  private static void checkName(String what, String name) throws DeploymentException {
    if (!PathText.isFileName(name)) {
      throw refused(what, name);
    }
  }

  private static DeploymentException refused(String what, String name) {
    return new DeploymentException(
        "invalid "
            + what
            + " `"
            + name
            + "': it has to be the name of one file, of letters that the node's locale has");
  }

  /**
   * The lines of each configuration file as this node completes them: the file names are {@code
   * config} and {@code config_SERVICE}. Names and values are escaped. Pure.
   */
  SortedMap<String, List<PropertyDescriptor>> properties(InternalServerDescriptor server) {
    return lines.of(server);
  }

  /**
   * A property of a file after {@link #properties}, with escapes undone; empty if it is not set.
   */
  String property(InternalServerDescriptor server, String file, String name) {
    List<PropertyDescriptor> found = lines.of(server).get(file);
    return found == null ? "" : PropertyLines.value(found, name);
  }

  /** Which revision of which application the server's files are of; empty if that is not known. */
  Optional<ServerRevision> revision(String serverId) {
    if (!PathText.isFileName(serverId)) {
      return Optional.empty();
    }
    try {
      List<String> file = Files.readAllLines(directory(serverId).resolve("revision"), UTF_8);
      if (file.size() < REVISION_LINES) {
        return Optional.empty();
      }
      StringTokenizer tokens = new StringTokenizer(String.join(" ", file.subList(3, file.size())));
      if (tokens.countTokens() < 4 || !tokens.nextToken().equals("uuid:")) {
        return Optional.empty();
      }
      String uuid = tokens.nextToken();
      return tokens.nextToken().equals("revision:")
          ? Optional.of(new ServerRevision(uuid, Integer.parseInt(tokens.nextToken())))
          : Optional.empty();
    } catch (IOException | NumberFormatException e) {
      return Optional.empty(); // what is not known is not compared
    }
  }

  /** Remembers a revision whose files are the same as before. */
  void writeRevision(InternalServerDescriptor server) throws DeploymentException {
    check(server);
    try {
      new ServerWriter(directory(server.id()), server, warn).writeRevision();
    } catch (IOException e) {
      throw failed(server, e);
    }
  }

  /**
   * Writes all files of a server. If that fails, the files that were there before are in place.
   *
   * @param owner whom the files are given to; empty leaves them with the node
   */
  void write(InternalServerDescriptor server, Optional<UserAccount> owner)
      throws DeploymentException {
    check(server);
    Path directory = directory(server.id());
    try {
      List<Path> created =
          new ServerWriter(directory, server, warn)
              .write(lines.of(server), LocalDateTime.now().format(TIME));
      if (owner.isPresent()) {
        give(directory, created, owner.get());
      }
    } catch (IOException e) {
      throw failed(server, e);
    }
  }

  /** Gives a server's directory to an account, but nothing that links in there lead to. */
  private void give(Path directory, List<Path> created, UserAccount owner) throws IOException {
    // A link in the node's own directory is an administrator's.
    Path real = directory.toRealPath();
    FileTree.give(real, owner);
    for (Path path : created) {
      FileTree.give(path, owner);
    }
    for (Path link : LinkedDirectories.of(real)) {
      if (LinkedDirectories.owner(link) != owner.uid()) {
        warn.accept(
            "`"
                + link
                + "' is a link to `"
                + link.toRealPath()
                + "', which does not belong to account `"
                + owner.name()
                + "'; the node does not change that");
      }
    }
  }

  private static DeploymentException failed(InternalServerDescriptor server, IOException cause) {
    String reason = FileTree.reason(cause);
    String file =
        cause instanceof java.nio.file.FileSystemException system && system.getFile() != null
            ? " `" + system.getFile() + "':\n"
            : "\n";
    return new DeploymentException(
        reason.startsWith("couldn't create configuration file")
            ? reason
            : "couldn't write the files of server `" + server.id() + "':" + file + reason,
        cause);
  }

  /**
   * Removes a server's directory and what is remembered of it.
   *
   * @param evenUserData otherwise a directory with anything that the node did not put there stays
   * @return whether there is nothing left
   * @throws DeploymentException if some of it could not be removed
   */
  boolean remove(String serverId, boolean evenUserData) throws DeploymentException {
    if (!PathText.isFileName(serverId)) {
      return true; // such a server was never let in
    }
    Path directory = directory(serverId);
    try {
      if (!evenUserData && UserData.in(directory)) {
        return false;
      }
      for (Path link : LinkedDirectories.of(directory)) {
        warn.accept("`" + link + "' was a link: `" + link.toRealPath() + "' stays as it is");
      }
      FileTree.remove(directory);
      memory.forget(serverId);
      return true;
    } catch (IOException e) {
      throw new DeploymentException(
          "removing server directory `" + directory + "' failed:\n" + FileTree.reason(e), e);
    }
  }

  /** Where the distribution of an application is put. */
  Path applicationDistribution(String application) throws DeploymentException {
    checkName("application name", application);
    return data.resolve("distrib").resolve(application);
  }

  /** Removes the distribution of an application of which this node has no server any more. */
  void removeApplication(String application) throws DeploymentException {
    if (!PathText.isFileName(application)) {
      return; // such an application has no distribution
    }
    Path directory = data.resolve("distrib").resolve(application);
    try {
      FileTree.remove(directory);
    } catch (IOException e) {
      throw new DeploymentException(
          "removing application directory `" + directory + "' failed:\n" + FileTree.reason(e), e);
    }
  }

  /** What to start for a server whose files are written. Pure. */
  LaunchSpec launchSpec(InternalServerDescriptor server, Optional<UserAccount> account) {
    List<String> options = new ArrayList<>(server.options());
    options.removeIf(String::isEmpty);
    String config = dataText + "/servers/" + server.id() + "/config/config";
    options.add("--Ice.Config=" + ServerConfiguration.escape(config, false));
    return new LaunchSpec(
        server.id(),
        server.exe(),
        server.pwd().isEmpty() ? "" : PathText.simplify(server.pwd()),
        options,
        server.envs(),
        account);
  }

  /** The log files of a server that may be read: absolute, simplified. Pure. */
  List<Path> logs(InternalServerDescriptor server) {
    return server.logs().stream().map(PathText::absolute).sorted().toList();
  }

  /**
   * What is worth a warning at once, because the server could not be started as things are now: its
   * executable or its working directory is not there.
   */
  List<String> warnings(InternalServerDescriptor server) {
    List<String> warnings = new ArrayList<>();
    String pwd = server.pwd().isEmpty() ? "" : PathText.simplify(server.pwd());
    Path directory = Path.of(pwd).toAbsolutePath();
    if (!Files.isDirectory(directory)) {
      warnings.add("working directory `" + pwd + "' does not exist");
    }
    boolean ownPath = server.envs().stream().anyMatch(entry -> entry.startsWith("PATH"));
    if (!server.exe().isEmpty() && (server.exe().indexOf('/') >= 0 || !ownPath)) {
      Executable.refusal(server.exe(), directory, System.getenv("PATH"))
          .ifPresent(reason -> warnings.add("executable `" + server.exe() + "': " + reason));
    }
    return warnings;
  }

  /** Remembers a running server, so that the next run of this node can adopt it. */
  void remember(String serverId, byte[] state) {
    memory.remember(serverId, state);
  }

  /** All that is remembered, by server id. */
  SortedMap<String, byte[]> remembered() {
    return memory.remembered();
  }

  /** The process has ended. */
  void forget(String serverId) {
    memory.forget(serverId);
  }

  boolean exists(String serverId) {
    return PathText.isFileName(serverId) && ServerWriter.exists(directory(serverId));
  }

  Path directory(String serverId) {
    return data.resolve("servers").resolve(serverId);
  }
}
