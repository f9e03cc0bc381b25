package dev.firn.storage;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The right to use a registry's data directory: a POSIX record lock on {@code icedb.lock}, which
 * ZeroC's registry takes too, so that either excludes the other. The system releases it when the
 * process ends, however it ends.
 *
 * <p>Safe from any thread.
 */
public final class DirectoryLock implements AutoCloseable {
  private static final String LOCK_FILE = "icedb.lock";
  private static final int ATTEMPTS_MAX = 10;

  private static final Set<OpenOption> OPTIONS =
      Set.of(
          StandardOpenOption.CREATE,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          LinkOption.NOFOLLOW_LINKS);

  /**
   * The locks of this process. Closing any channel on a file releases the process's record locks on
   * it, so a second attempt must be refused before it opens the file.
   */
  private static final Set<Path> HELD = new HashSet<>();

  private final Path file;
  private final FileChannel channel;

  private DirectoryLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes the lock without waiting, and writes the process id into its file.
   *
   * @param directory must exist
   * @throws DirectoryLockException another process, or this one, holds the lock, or the file cannot
   *     be made
   */
  public static DirectoryLock acquire(Path directory) {
    Path shown = directory.resolve(LOCK_FILE);
    synchronized (HELD) {
      try {
        Path file = directory.toRealPath().resolve(LOCK_FILE);
        if (HELD.contains(file)) {
          throw locked(shown, Long.toString(ProcessHandle.current().pid()));
        }
        FileChannel channel = lock(file, shown);
        HELD.add(file);
        return new DirectoryLock(file, channel);
      } catch (IOException e) {
        throw new DirectoryLockException(
            "::IceUtil::FileLockException:\ncould not lock file: `"
                + shown
                + "'\nsyscall exception: "
                + reason(e),
            e);
      }
    }
  }

  /**
   * ZeroC's registry deletes the file when it ends, so the file that gets locked can be one that is
   * deleted by then, while the next process makes and locks a new one. The lock counts only if the
   * path named the same file before and after.
   */
  private static FileChannel lock(Path file, Path shown) throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      open(file).close();
      Object before = fileKey(file);
      FileChannel channel = open(file);
      try {
        FileLock lock = channel.tryLock();
        if (lock == null) {
          throw locked(shown, holder(channel));
        }
        if (before != null && before.equals(fileKey(file))) {
          byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(US_ASCII);
          channel.write(ByteBuffer.wrap(pid), 0);
          // A longer process id of an earlier holder must not show through.
          channel.truncate(pid.length);
          return channel;
        }
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
      channel.close();
    }
    throw locked(shown, null);
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file,
        OPTIONS,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  /** What identifies the file at this path, {@code null} if there is none. */
  private static @Nullable Object fileKey(Path file) throws IOException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static DirectoryLockException locked(Path shown, @Nullable String holder) {
    return new DirectoryLockException(
        "::IceUtil::FileLockException:\ncould not lock file: `"
            + shown
            + "'\nsyscall exception: Resource temporarily unavailable"
            + (holder == null ? "" : "\nthe process " + holder + " holds it"));
  }

  /** The process id in the file, if there is one. */
  private static @Nullable String holder(FileChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(20);
    int count = channel.read(buffer, 0);
    String text = count < 1 ? "" : new String(buffer.array(), 0, count, US_ASCII);
    return text.matches("[0-9]+") ? text : null;
  }

  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "No such file or directory";
    }
    if (e instanceof FileSystemException failure && failure.getReason() != null) {
      return failure.getReason();
    }
    return String.valueOf(e.getMessage());
  }

  /**
   * Deletes the lock's file while the lock is held, for a tool that leaves no trace. Who waits for
   * the lock does not get a deleted file's: see {@link #acquire}.
   */
  public void deleteFile() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new DirectoryLockException("could not delete the file `" + file + "'", e);
    }
  }

  /** Releases the lock; the file stays, as a lock file must. */
  @Override
  public void close() {
    synchronized (HELD) {
      if (HELD.remove(file)) {
        try {
          channel.close();
        } catch (IOException e) {
          throw new DirectoryLockException("could not unlock file: `" + file + "'", e);
        }
      }
    }
  }
}
