package dev.firn.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.model.EncodedProxy;
import dev.firn.model.EncodingWriter;
import dev.firn.model.RowChange;
import dev.firn.model.Topic;
import dev.firn.storage.DirectoryLock;
import dev.firn.storage.LmdbRegistryStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line of icegriddb, run within the test. */
final class IceGridDbTest {
  /** Written by ZeroC's icegriddb 3.7.8 from a registry with two applications and a node. */
  private static final Path REFERENCE_EXPORT =
      Path.of("src/test/resources/icegriddb-3.7.8.export").toAbsolutePath();

  @TempDir private Path directory;
  private Path database;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void createDirectory() throws IOException {
    database = Files.createDirectory(directory.resolve("db"));
  }

  private int run(Object... arguments) {
    out.reset();
    err.reset();
    var command =
        new IceGridDb(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
    return command.run(Arrays.stream(arguments).map(Object::toString).toList());
  }

  private void assertUsageError(String text, Object... arguments) {
    assertThat(run(arguments)).isEqualTo(1);
    assertThat(err.toString(UTF_8)).startsWith("icegriddb: " + text + "\nUsage: icegriddb");
    assertThat(out.size()).isZero();
  }

  private void assertFailure(String text, Object... arguments) {
    assertThat(run(arguments)).isEqualTo(1);
    assertThat(err.toString(UTF_8)).startsWith("icegriddb: " + text).doesNotContain("Usage");
  }

  @Test
  void helpGoesToStandardErrorAndTheVersionToStandardOutput() {
    assertThat(run("--help")).isZero();
    assertThat(err.toString(UTF_8)).startsWith("Usage: icegriddb");
    assertThat(run("-v")).isZero();
    assertThat(out.toString(UTF_8)).matches("3\\.7\\.[0-9]+\n");
    assertThat(run("-hv")).isZero();
    assertThat(out.size()).isZero();
  }

  @Test
  void wrongUseIsExplained() {
    assertUsageError("either --import or --export must be set");
    assertUsageError("either --import or --export must be set", "--import", "a", "--export", "b");
    assertUsageError(
        "set the database environment directory with either --dbhome or --dbpath", "--import", "a");
    assertUsageError(
        "set the database environment directory with either --dbhome or --dbpath",
        "--import",
        "a",
        "--dbhome",
        "b",
        "--dbpath",
        "b");
    assertUsageError("too many arguments", "-h", "extra");
    assertUsageError("invalid option: `--nope'", "--nope");
    assertUsageError("`--mapsize' option requires an argument", "--mapsize");
  }

  @Test
  void icePropertiesAreAccepted() {
    assertThat(run("--Ice.Trace.Network=1", "--version")).isZero();
  }

  @Test
  void importThenExportReturnsTheSameFileButForTheVersion() throws IOException {
    Path export = directory.resolve("export");
    assertThat(run("--import", REFERENCE_EXPORT, "--dbpath", database)).isZero();
    assertThat(out.toString(UTF_8))
        .isEqualTo(
            "Importing database to directory `%s' from file `%s'\n"
                .formatted(database, REFERENCE_EXPORT));
    assertThat(run("--export", export, "--dbhome", database)).isZero();
    assertThat(out.toString(UTF_8))
        .isEqualTo(
            "Exporting database from directory `%s' to file `%s'\n".formatted(database, export));

    byte[] expected = Files.readAllBytes(REFERENCE_EXPORT);
    byte[] actual = Files.readAllBytes(export);
    Arrays.fill(expected, 8, 12, (byte) 0);
    Arrays.fill(actual, 8, 12, (byte) 0);
    assertThat(actual).isEqualTo(expected);
    assertThat(database).isDirectoryNotContaining("glob:**icedb.lock");

    Path second = Files.createDirectory(directory.resolve("second"));
    Path secondExport = directory.resolve("secondExport");
    assertThat(run("--import", export, "--dbpath", second)).isZero();
    assertThat(run("--export", secondExport, "--dbpath", second)).isZero();
    assertThat(secondExport).hasSameBinaryContentAs(export);
  }

  @Test
  void importFillsTheIndexes() {
    run("--import", REFERENCE_EXPORT, "--dbpath", database);

    var tables = LmdbRegistryStore.readOnly(database);
    assertThat(tables.objectsOfType("::Demo::T1")).hasSize(7);
    assertThat(tables.adaptersOfReplicaGroup("Group")).hasSize(5);
    assertThat(tables.nodes()).hasSize(1);
    assertThat(tables.applications()).hasSize(2);
  }

  @Test
  void debugNamesEachEntry() {
    run("-d", "--import", REFERENCE_EXPORT, "--dbpath", database, "--mapsize", "12x");
    assertThat(out.toString(UTF_8))
        .contains("Writing Applications Map:\n  NAME = A2\n  NAME = Demo\nWriting Adapters Map:\n")
        .contains("Writing Objects Map:\n  NAME = obj0/cat\n")
        .contains("  NAME = äö/k世\n")
        .contains("Writing Internal Objects Map:\n  NAME = IceGrid/Node-n7\n")
        .endsWith(
            "Writing Serials Map:\n  NAME = adapters\n  NAME = applications\n  NAME = objects\n");

    run("--debug", "--export", directory.resolve("x"), "--dbpath", database);
    assertThat(out.toString(UTF_8))
        .contains("Reading Application Map:\n  APPLICATION = A2\n  APPLICATION = Demo\n")
        .contains("Reading Adapter Map:\n  ADAPTER = RA0\n")
        .contains("Reading Object Map:\n  IDENTITY = ")
        .contains("Reading Internal Object Map:\n  IDENTITY = IceGrid/Node-n7\n")
        .endsWith(
            "Reading Serials Map:\n  NAME = objects\n  NAME = adapters\n  NAME = applications\n");
  }

  @Test
  void serverVersionIsGivenToAllServers() throws IOException {
    Path export = directory.resolve("export");
    run("--import", REFERENCE_EXPORT, "--dbpath", database, "--server-version", "3.5.1");
    run("--export", export, "--dbpath", database);

    // One template, one server each in two applications, one IceBox.
    String text = Files.readString(export, ISO_8859_1);
    assertThat(text.split("3\\.5\\.1", -1)).hasSize(1 + 4);
  }

  @Test
  void checksOfAnImportComeInOrder() throws IOException {
    Path missing = directory.resolve("missing");
    Path full = Files.createDirectory(directory.resolve("full"));
    Files.createFile(full.resolve("file"));
    Path empty = Files.createFile(directory.resolve("empty"));
    Path wrong = Files.writeString(directory.resolve("wrong"), "\u0008IceStorm", ISO_8859_1);
    byte[] reference = Files.readAllBytes(REFERENCE_EXPORT);
    Path truncated = directory.resolve("truncated");
    Files.write(truncated, Arrays.copyOf(reference, reference.length / 2));

    assertFailure(
        "output directory does not exist: " + missing, "--import", missing, "--dbpath", missing);
    assertFailure("output directory is not empty: " + full, "--import", missing, "--dbpath", full);
    assertFailure(
        "could not open input file: No such file or directory",
        "--import",
        missing,
        "--dbpath",
        database);
    assertFailure("failed to read input file", "--import", full, "--dbpath", database);
    assertFailure("empty input file", "--import", empty, "--dbpath", database);
    assertFailure("incorrect input file type: IceStorm", "--import", wrong, "--dbpath", database);
    assertFailure("import failed:\n", "--import", truncated, "--dbpath", database);
    assertFailure(
        "invalid value 'x' for --mapsize",
        "--import",
        REFERENCE_EXPORT,
        "--dbpath",
        database,
        "--mapsize",
        "x");
    assertFailure(
        "invalid value '-1' for --mapsize",
        "--import",
        REFERENCE_EXPORT,
        "--dbpath",
        database,
        "--mapsize=-1");
    assertThat(database).isEmptyDirectory();
  }

  @Test
  void anyTruncatedFileIsRefused() throws IOException {
    byte[] reference = Files.readAllBytes(REFERENCE_EXPORT);
    Path truncated = directory.resolve("truncated");
    for (int length = 8; length < reference.length; length += 13) {
      Files.write(truncated, Arrays.copyOf(reference, length));

      assertFailure("import failed:\n", "--import", truncated, "--dbpath", database);
    }
    assertThat(database).isEmptyDirectory();
  }

  @Test
  void rowThatCannotBeStoredLeavesTheDirectoryEmpty() throws IOException {
    byte[] export =
        new EncodingWriter()
            .writeString("IceGrid")
            .writeInt(30_710)
            .writeSize(0)
            .writeSize(1)
            .writeString("x".repeat(600))
            .writeProxy(EncodedProxy.NULL)
            .writeString("")
            .writeSize(0)
            .writeSize(0)
            .writeSize(0)
            .toBytes();
    Path file = Files.write(directory.resolve("long"), export);

    assertFailure(
        "import failed:\ncannot store the adapter", "--import", file, "--dbpath", database);
    assertThat(database).isEmptyDirectory();
  }

  @Test
  void exportsThatCannotBeMadeAreExplained() {
    Path missing = directory.resolve("missing");
    assertFailure("export failed:\n", "--export", directory.resolve("x"), "--dbpath", missing);
    assertFailure("export failed:\n", "--export", directory.resolve("x"), "--dbpath", database);
    assertThat(database).isEmptyDirectory();
    run("--import", REFERENCE_EXPORT, "--dbpath", database);
    assertFailure(
        "could not open output file: No such file or directory",
        "--export",
        missing.resolve("x"),
        "--dbpath",
        database);
  }

  @Test
  void directoryOfARunningRegistryIsLeftAlone() {
    try (DirectoryLock lock = DirectoryLock.acquire(database)) {
      assertThat(lock).isNotNull();
      assertFailure(
          "import failed:\n::IceUtil::FileLockException:",
          "--import",
          REFERENCE_EXPORT,
          "--dbpath",
          database);
      try (var store = LmdbRegistryStore.open(database, 0)) {
        store.commit(List.of(new RowChange.PutSerial(Topic.OBJECTS, 2)));
        assertFailure(
            "export failed:\n::IceUtil::FileLockException:",
            "--export",
            directory.resolve("x"),
            "--dbpath",
            database);
      }
    }
    assertThat(run("--export", directory.resolve("x"), "--dbpath", database)).isZero();
  }
}
