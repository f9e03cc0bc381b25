package dev.firn.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DirectoryLockTest {
  @TempDir private Path directory;

  @Test
  void lockFileHoldsTheProcessIdAndIsPrivate() throws IOException {
    Path file = directory.resolve("icedb.lock");
    Files.writeString(file, "12345678901234");
    Files.delete(file);
    try (var lock = DirectoryLock.acquire(directory)) {
      assertThat(lock).isNotNull();
      assertThat(file).hasContent(Long.toString(ProcessHandle.current().pid()));
      assertThat(Files.getPosixFilePermissions(file))
          .containsExactlyInAnyOrder(
              PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    }
  }

  @Test
  void longerProcessIdOfAnEarlierHolderIsReplaced() throws IOException {
    Path file = directory.resolve("icedb.lock");
    Files.writeString(file, "12345678901234");
    try (var lock = DirectoryLock.acquire(directory)) {
      assertThat(lock).isNotNull();
      assertThat(file).hasContent(Long.toString(ProcessHandle.current().pid()));
    }
  }

  @Test
  void secondLockOfThisProcessIsRefusedAndTheFirstStays() {
    try (var lock = DirectoryLock.acquire(directory)) {
      assertThat(lock).isNotNull();
      assertRefused("Resource temporarily unavailable");
      assertRefused("Resource temporarily unavailable");
    }
    DirectoryLock.acquire(directory).close();
  }

  @Test
  void missingDirectoryIsNamed() {
    assertThatThrownBy(() -> DirectoryLock.acquire(directory.resolve("missing")))
        .isInstanceOf(DirectoryLockException.class)
        .hasMessageContaining("missing/icedb.lock")
        .hasMessageContaining("No such file or directory");
  }

  @Test
  void symbolicLinkIsNotFollowed() throws IOException {
    Path target = directory.resolve("target");
    Files.createSymbolicLink(directory.resolve("icedb.lock"), target);

    assertRefused("symbolic links");
    assertThat(target).doesNotExist();
  }

  private void assertRefused(String reason) {
    assertThatThrownBy(() -> DirectoryLock.acquire(directory))
        .isInstanceOf(DirectoryLockException.class)
        .hasMessageContaining("IceUtil::FileLockException:")
        .hasMessageContaining("could not lock file: `" + directory.resolve("icedb.lock") + "'")
        .hasMessageContaining(reason);
  }
}
