package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.IceGrid.AdminSessionPrx;
import com.zeroc.IceGrid.FileIterator;
import com.zeroc.IceGrid.FileIteratorPrx;
import com.zeroc.IceGrid.FileNotAvailableException;
import com.zeroc.IceGrid.FileReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryLogsTest {
  private final TestRegistry registry = TestRegistry.start("--Ice.MessageSizeMax=1");
  private final Path log;

  RegistryLogsTest(@TempDir Path directory) throws IOException {
    log = Files.writeString(directory.resolve("log"), "one\ntwo\nthree\n");
    registry.communicator().getProperties().setProperty("Ice.StdOut", log.toString());
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void theRegistrysOwnLogIsReadAndFollowed() throws Exception {
    AdminSessionPrx session = registry.newSession("alice");
    FileIteratorPrx iterator = session.openRegistryStdOut("Master", 2);

    FileIterator.ReadResult first = iterator.read(1000);
    assertThat(first.returnValue).isTrue();
    assertThat(first.lines).containsExactly("two", "three", "");
    assertThat(iterator.read(1000).lines).isEmpty();
    Files.writeString(log, "one\ntwo\nthree\nfour");
    assertThat(iterator.read(1000).lines).containsExactly("four");

    iterator.destroy();
    assertThatThrownBy(iterator::destroy).isInstanceOf(ObjectNotExistException.class);
    assertThatThrownBy(() -> iterator.read(1000)).isInstanceOf(ObjectNotExistException.class);
  }

  @Test
  void anIteratorEndsWithItsSession() throws Exception {
    AdminSessionPrx session = registry.newSession("alice");
    FileIteratorPrx iterator = session.openRegistryStdOut("Master", 2);

    session.destroy();

    assertThatThrownBy(() -> iterator.read(1000)).isInstanceOf(ObjectNotExistException.class);
  }

  @Test
  void oneReadIsBoundedByTheMessageSize() throws Exception {
    Files.writeString(log, "x".repeat(2000));
    FileIteratorPrx iterator = registry.newSession("alice").openRegistryStdOut("Master", -1);

    FileIterator.ReadResult result = iterator.read(1_000_000);

    assertThat(result.returnValue).isFalse();
    assertThat(result.lines).containsExactly("x".repeat(1024 - 256 - 5));
    assertThatThrownBy(() -> iterator.read(5))
        .isInstanceOfSatisfying(
            FileNotAvailableException.class,
            ex -> assertThat(ex.reason).isEqualTo("maximum bytes per read request is too low"));
  }

  @Test
  void readsOfOneIteratorDoNotOverlap() throws Exception {
    Files.writeString(log, "0123456789\n".repeat(2000));
    FileIteratorPrx iterator = registry.newSession("alice").openRegistryStdOut("Master", -1);

    List<CompletableFuture<FileIterator.ReadResult>> reads = new ArrayList<>();
    for (int read = 0; read < 100; read++) {
      reads.add(iterator.readAsync(300));
    }
    long bytes = 0;
    for (CompletableFuture<FileIterator.ReadResult> read : reads) {
      bytes += String.join("\n", read.join().lines).length();
    }

    assertThat(bytes).isEqualTo(Files.size(log));
  }

  @Test
  void whatCannotBeReadFailsWhenItIsOpened() {
    AdminSessionPrx session = registry.newSession("alice");

    assertUnavailable(
        () -> session.openRegistryStdErr("Master", 1),
        "Ice.StdErr configuration property is not set");
    registry.communicator().getProperties().setProperty("Ice.StdErr", "/nowhere");
    assertUnavailable(
        () -> session.openRegistryStdErr("Master", 1), "failed to open file `/nowhere'");
  }

  @Test
  void aSlavesLogIsReadThroughTheSlave() throws Exception {
    LogFiles files = new LogFiles(registry.communicator().getProperties());
    FileReader slave =
        new FileReader() {
          @Override
          public long getOffsetFromEnd(String filename, int lines, Current current)
              throws FileNotAvailableException {
            return files.getOffsetFromEnd(filename, lines);
          }

          @Override
          public ReadResult read(String filename, long pos, int size, Current current)
              throws FileNotAvailableException {
            return files.read(filename, pos, size);
          }
        };
    registry.addReplica("Slave1", registry.internal().addWithUUID(slave));
    registry.addReplica(
        "Slave2", registry.communicator().stringToProxy("gone:" + TestRegistry.endpoint()));
    AdminSessionPrx session = registry.newSession("alice");

    FileIteratorPrx iterator = session.openRegistryStdOut("Slave1", 1);

    assertThat(iterator.read(500).lines).containsExactly("three", "");
    assertUnavailable(
        () -> session.openRegistryStdErr("Slave1", 1),
        "Ice.StdErr configuration property is not set");
    assertThatThrownBy(() -> session.openRegistryStdOut("Slave2", 1))
        .isInstanceOfSatisfying(
            FileNotAvailableException.class,
            ex -> assertThat(ex.reason).contains("ConnectionRefused"));
  }

  private interface Action {
    void run() throws Exception;
  }

  private static void assertUnavailable(Action action, String reason) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(
            FileNotAvailableException.class, ex -> assertThat(ex.reason).isEqualTo(reason));
  }
}
