package dev.firn.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What the next run of the node has to know of running servers: one file for each, outside of the
 * directories that servers may write to. Blocks.
 */
final class Memory {
  private static final String NEW = "~new";

  private final Path directory;
  private final Consumer<String> warn;

  Memory(Path directory, Consumer<String> warn) {
    this.directory = directory;
    this.warn = warn;
  }

  /** A server that cannot be remembered runs all the same; it only cannot be adopted. */
  void remember(String serverId, RememberedServer server) {
    StringBuilder text = new StringBuilder();
    text.append("process ")
        .append(server.process().pid())
        .append(' ')
        .append(server.process().startTicks())
        .append('\n');
    text.append("proxy ").append(oneLine(server.processProxy())).append('\n');
    server
        .adapterProxies()
        .forEach(
            (id, proxy) ->
                text.append("adapter ").append(oneLine(proxy)).append('\n').append("id ")
                    .append(oneLine(id)).append('\n'));
    Path file = directory.resolve(serverId);
    Path temporary = directory.resolve(serverId + NEW);
    try {
      if (!Files.isDirectory(directory)) {
        Files.createDirectory(
            directory,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      Files.deleteIfExists(temporary);
      try (SeekableByteChannel channel =
          Files.newByteChannel(
              temporary,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(
                  PosixFilePermissions.fromString("rw-------")))) {
        ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(UTF_8));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      warn.accept(
          "couldn't remember server `"
              + serverId
              + "' for the next start of this node:\n"
              + FileTree.reason(e));
    }
  }

  /** Identities and proxies have no line breaks in their text form. */
  private static String oneLine(String text) {
    return text.replace('\n', ' ');
  }

  Optional<RememberedServer> remembered(String serverId) {
    if (!PathText.isFileName(serverId)) {
      return Optional.empty();
    }
    try {
      return parse(Files.readAllLines(directory.resolve(serverId), UTF_8));
    } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  private static Optional<RememberedServer> parse(List<String> lines) {
    String[] process = lines.get(0).split(" ");
    TreeMap<String, String> adapters = new TreeMap<>();
    for (int i = 2; i + 1 < lines.size(); i += 2) {
      adapters.put(value(lines.get(i + 1)), value(lines.get(i)));
    }
    return Optional.of(
        new RememberedServer(
            new ProcessRecord(Long.parseLong(process[1]), Long.parseLong(process[2])),
            value(lines.get(1)),
            adapters));
  }

  private static String value(String line) {
    return line.substring(line.indexOf(' ') + 1);
  }

  void forget(String serverId) {
    if (!PathText.isFileName(serverId)) {
      return;
    }
    try {
      Files.deleteIfExists(directory.resolve(serverId));
    } catch (IOException e) {
      // A record of a process that is gone is recognised as such.
    }
  }
}
