package dev.firn.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The right to use a data directory; the system gives it back when the process ends. */
final class NodeLock implements AutoCloseable {
  private final FileChannel channel;

  private NodeLock(FileChannel channel) {
    this.channel = channel;
  }

  static NodeLock acquire(Path data) throws NodeConfigurationException {
    Path file = data.resolve("firn.lock");
    try {
      FileChannel channel =
          FileChannel.open(
              file,
              Set.of(
                  StandardOpenOption.CREATE,
                  StandardOpenOption.READ,
                  StandardOpenOption.WRITE,
                  LinkOption.NOFOLLOW_LINKS),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      if (!lock(channel)) {
        ByteBuffer pid = ByteBuffer.allocate(20);
        channel.read(pid, 0);
        channel.close();
        throw new NodeConfigurationException(
            "the data directory `"
                + data
                + "' is in use by the node with process id "
                + new String(pid.array(), 0, pid.position(), StandardCharsets.US_ASCII).strip());
      }
      channel.truncate(0);
      channel.write(
          StandardCharsets.US_ASCII.encode(Long.toString(ProcessHandle.current().pid())), 0);
      return new NodeLock(channel);
    } catch (IOException e) {
      throw new NodeConfigurationException(
          "cannot lock the data directory `" + data + "': " + FileTree.reason(e));
    }
  }

  private static boolean lock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // another node in this very process
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // The system closes it with the process.
    }
  }
}
