package dev.firn.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.election.LogPosition;
import dev.firn.election.TopicTables;
import dev.firn.storage.DirectoryLock;
import dev.firn.storage.LmdbTopicStore;
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

/** The command line of icestormdb, run within the test, and beside ZeroC's. */
final class IceStormDbTest {
  /** Written by ZeroC's icestormdb 3.7.8: 7 topics, links, a facet, names in several scripts. */
  private static final Path REFERENCE_EXPORT =
      Path.of("src/test/resources/icestormdb-3.7.8.export").toAbsolutePath();

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
        new IceStormDb(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
    return command.run(Arrays.stream(arguments).map(Object::toString).toList());
  }

  private static ReferenceRegistry.Outcome theirs(Path directory, Object... arguments)
      throws Exception {
    return ReferenceRegistry.run(
        directory, "icestormdb", "", Arrays.stream(arguments).map(Object::toString).toList());
  }

  private void assertFailure(String text, Object... arguments) {
    assertThat(run(arguments)).isEqualTo(1);
    assertThat(err.toString(UTF_8)).startsWith("icestormdb: " + text).doesNotContain("Usage");
  }

  @Test
  void exportOfTheReferenceSurvivesImportAndExport() throws IOException {
    Path again = directory.resolve("again");

    assertThat(run("--import", REFERENCE_EXPORT, "--dbpath", database)).isZero();
    assertThat(out.toString(UTF_8))
        .isEqualTo(
            "Importing database to directory "
                + database
                + " from file "
                + REFERENCE_EXPORT
                + "\n");
    assertThat(run("--export", again, "--dbhome", database)).isZero();

    assertThat(withoutVersion(again)).isEqualTo(withoutVersion(REFERENCE_EXPORT));
    TopicTables tables = LmdbTopicStore.readOnly(database);
    assertThat(tables.topics()).hasSize(7);
    assertThat(tables.position()).isEqualTo(new LogPosition(0, 13));
    assertThat(database.resolve("icedb.lock")).doesNotExist();
  }

  @Test
  void ourDirectoryIsExportedByTheReferenceAndTheReferencesByUs() throws Exception {
    Path theirDatabase = Files.createDirectory(directory.resolve("theirs"));
    Path theirExport = directory.resolve("their.export");
    Path ourExport = directory.resolve("our.export");
    assertThat(run("--import", REFERENCE_EXPORT, "--dbpath", database)).isZero();

    assertThat(theirs(directory, "--export", theirExport, "--dbpath", database).status()).isZero();
    assertThat(theirs(directory, "--import", REFERENCE_EXPORT, "--dbpath", theirDatabase).status())
        .isZero();
    assertThat(run("--export", ourExport, "--dbpath", theirDatabase)).isZero();

    assertThat(Files.readAllBytes(theirExport)).isEqualTo(Files.readAllBytes(REFERENCE_EXPORT));
    assertThat(withoutVersion(ourExport)).isEqualTo(withoutVersion(REFERENCE_EXPORT));
  }

  @Test
  void everyKeyIsNamedOnDemandAsByTheReference() throws Exception {
    Path theirDatabase = Files.createDirectory(directory.resolve("theirs"));
    assertThat(run("-d", "--import", REFERENCE_EXPORT, "--dbpath", database)).isZero();
    String imported = out.toString(UTF_8);

    ReferenceRegistry.Outcome theirs =
        theirs(directory, "-d", "--import", REFERENCE_EXPORT, "--dbpath", theirDatabase);

    assertThat(imported.lines().skip(1)).isEqualTo(theirs.out().lines().skip(1).toList());
    assertThat(run("--debug", "--export", directory.resolve("e"), "--dbpath", database)).isZero();
    assertThat(out.toString(UTF_8).lines().skip(1).map(line -> line.replace("Reading", "Writing")))
        .isEqualTo(imported.lines().skip(1).toList());
  }

  @Test
  void emptyDatabaseIsNone() {
    assertFailure(
        "export failed:\nthere is no storm's database in ", "--export", "x", "--dbpath", database);
    assertFailure("export failed:\n", "--export", "x", "--dbpath", directory.resolve("missing"));
  }

  @Test
  void badInputIsRefusedAndLeavesTheDirectoryEmpty() throws IOException {
    byte[] whole = Files.readAllBytes(REFERENCE_EXPORT);
    for (int length : List.of(13, 40, 100, 500, whole.length - 1)) {
      Path cut = Files.write(directory.resolve("cut"), Arrays.copyOf(whole, length));
      assertFailure(
          "import failed:\n::Ice::UnmarshalOutOfBoundsException:\n",
          "--import",
          cut,
          "--dbpath",
          database);
      assertThat(database).isEmptyDirectory();
    }
    Path empty = Files.createFile(directory.resolve("empty"));
    assertFailure("empty input file", "--import", empty, "--dbpath", database);
    assertFailure(
        "incorrect input file type: IceGrid",
        "--import",
        Path.of("src/test/resources/icegriddb-3.7.8.export"),
        "--dbpath",
        database);
    assertFailure(
        "could not open input file: No such file or directory",
        "--import",
        directory.resolve("none"),
        "--dbpath",
        database);
    assertFailure(
        "output directory does not exist: ",
        "--import",
        REFERENCE_EXPORT,
        "--dbpath",
        directory.resolve("nowhere"));
    Files.createFile(database.resolve("file"));
    assertFailure(
        "output directory is not empty: ", "--import", REFERENCE_EXPORT, "--dbpath", database);
  }

  @Test
  void databaseInUseIsRefused() {
    assertThat(run("--import", REFERENCE_EXPORT, "--dbpath", database)).isZero();
    try (DirectoryLock lock = DirectoryLock.acquire(database)) {
      assertThat(lock).isNotNull();
      assertFailure(
          "export failed:\n::IceUtil::FileLockException", "--export", "x", "--dbpath", database);
    }
  }

  @Test
  void wrongUseIsExplained() {
    assertThat(run("--server-version", "3")).isEqualTo(1);
    assertThat(err.toString(UTF_8))
        .startsWith("icestormdb: invalid option: `--server-version'\nUsage: icestormdb");
    assertThat(run("-h")).isZero();
    assertThat(run("-v")).isZero();
    assertThat(out.toString(UTF_8)).matches("3\\.7\\.[0-9]+\n");
    assertFailure(
        "invalid value '-1' for --mapsize",
        "--import",
        REFERENCE_EXPORT,
        "--dbpath",
        database,
        "--mapsize",
        "-1");
  }

  private static byte[] withoutVersion(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, 9, 13, (byte) 0);
    return bytes;
  }
}
