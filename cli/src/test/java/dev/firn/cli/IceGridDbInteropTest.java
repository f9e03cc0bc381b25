package dev.firn.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.firn.model.ApplicationEntry;
import dev.firn.storage.LmdbRegistryStore;
import dev.firn.wire.DescriptorWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files and directories go back and forth between ZeroC's icegriddb and ours. */
final class IceGridDbInteropTest {
  private static final long SECONDS_MAX = 30;

  @TempDir private Path directory;

  @BeforeEach
  void requirePeer() {
    boolean found =
        Arrays.stream(System.getenv("PATH").split(":"))
            .anyMatch(path -> Files.isExecutable(Path.of(path, "icegriddb")));
    if (!found) {
      String message = "the peer icegriddb is not installed";
      if ("true".equals(System.getenv("CI"))) {
        fail(message);
      }
      abort(message);
    }
  }

  @Test
  void zeroCsDirectoryIsExportedAsZeroCWould() throws Exception {
    Path database = newDirectory("theirs");
    theirs("--import", resource("icegriddb-3.7.8.export"), "--dbpath", database);
    Path their = directory.resolve("their.export");
    Path our = directory.resolve("our.export");

    theirs("--export", their, "--dbpath", database);
    ours("--export", our, "--dbpath", database);

    assertThat(withoutVersion(our)).isEqualTo(withoutVersion(their));
  }

  @Test
  void ourDirectoryIsExportedByZeroCAsByUs() throws Exception {
    Path database = newDirectory("ours");
    ours("--import", resource("icegriddb-3.7.8.export"), "--dbpath", database);
    Path their = directory.resolve("their.export");
    Path our = directory.resolve("our.export");

    theirs("--export", their, "--dbpath", database);
    ours("--export", our, "--dbpath", database);

    assertThat(withoutVersion(our)).isEqualTo(withoutVersion(their));
    assertThat(withoutVersion(their)).isEqualTo(withoutVersion(resource("icegriddb-3.7.8.export")));
  }

  @Test
  void ourFileIsImportedByZeroC() throws Exception {
    Path first = newDirectory("first");
    Path second = newDirectory("second");
    Path our = directory.resolve("our.export");
    Path their = directory.resolve("their.export");
    ours("--import", resource("icegriddb-3.7.8.export"), "--dbpath", first);
    ours("--export", our, "--dbpath", first);

    theirs("--import", our, "--dbpath", second);
    theirs("--export", their, "--dbpath", second);

    assertThat(withoutVersion(their)).isEqualTo(withoutVersion(our));
  }

  @Test
  void fileOfIce35IsReadAsZeroCDoes() throws Exception {
    Path their = directory.resolve("their.export");
    Path our = directory.resolve("our.export");
    theirs("--import", resource("icegriddb-3.5.export"), "--dbpath", newDirectory("a"));
    theirs("--export", their, "--dbpath", directory.resolve("a"));
    ours("--import", resource("icegriddb-3.5.export"), "--dbpath", newDirectory("b"));
    ours("--export", our, "--dbpath", directory.resolve("b"));

    assertThat(withoutVersion(our)).isEqualTo(withoutVersion(their));
  }

  @Test
  void serverVersionIsSetAsZeroCDoes() throws Exception {
    Path their = directory.resolve("their.export");
    Path our = directory.resolve("our.export");
    Path file = resource("icegriddb-3.7.8.export");
    theirs("--import", file, "--server-version", "3.6", "--dbpath", newDirectory("a"));
    theirs("--export", their, "--dbpath", directory.resolve("a"));
    ours("--import", file, "--server-version", "3.6", "--dbpath", newDirectory("b"));
    ours("--export", our, "--dbpath", directory.resolve("b"));

    assertThat(withoutVersion(our)).isEqualTo(withoutVersion(their));
  }

  /** What we would store for an application is what ZeroC stores, byte by byte. */
  @Test
  void applicationsAreEncodedAsZeroCEncodesThem() throws Exception {
    Path database = newDirectory("theirs");
    theirs("--import", resource("icegriddb-3.7.8.export"), "--dbpath", database);

    var applications = LmdbRegistryStore.readOnly(database).applications();

    assertThat(applications).hasSize(2);
    byte[] file = Files.readAllBytes(database.resolve("data.mdb"));
    for (ApplicationEntry stored : applications) {
      assertThat(file).containsSequence(DescriptorWriter.bytes(stored));
    }
  }

  private Path newDirectory(String name) throws IOException {
    return Files.createDirectory(directory.resolve(name));
  }

  private static Path resource(String name) {
    return Path.of("src/test/resources", name).toAbsolutePath();
  }

  private static byte[] withoutVersion(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, 8, 12, (byte) 0);
    return bytes;
  }

  private static void ours(Object... arguments) {
    var err = new ByteArrayOutputStream();
    var command =
        new IceGridDb(
            new PrintStream(new ByteArrayOutputStream(), true, UTF_8),
            new PrintStream(err, true, UTF_8));
    int status = command.run(Arrays.stream(arguments).map(Object::toString).toList());
    assertThat(status).as(err.toString(UTF_8)).isZero();
  }

  private static void theirs(Object... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("icegriddb"));
    Arrays.stream(arguments).map(Object::toString).forEach(command::add);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      fail("not finished in time: " + command);
    }
    assertThat(process.exitValue()).as(command.toString()).isZero();
  }
}
