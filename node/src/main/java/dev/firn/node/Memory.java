package dev.firn.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
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
  void remember(String serverId, byte[] state) {
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
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
        ByteBuffer bytes = ByteBuffer.wrap(state);
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

  SortedMap<String, byte[]> remembered() {
    SortedMap<String, byte[]> all = new TreeMap<>();
    try {
      for (String name : FileTree.names(directory)) {
        if (!name.endsWith(NEW)) {
          read(name).ifPresent(state -> all.put(name, state));
        }
      }
    } catch (IOException e) {
      unreadable(directory, e);
    }
    return all;
  }

  /** One that cannot be read is no reason to forget the others. */
  private Optional<byte[]> read(String name) {
    Path file = directory.resolve(name);
    try {
      return Optional.of(Files.readAllBytes(file));
    } catch (IOException e) {
      unreadable(file, e);
      return Optional.empty();
    }
  }

  private void unreadable(Path what, IOException failure) {
    warn.accept(
        "couldn't read what is known of running servers in `"
            + what
            + "':\n"
            + FileTree.reason(failure));
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
