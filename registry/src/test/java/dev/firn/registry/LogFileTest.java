package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Properties;
import com.zeroc.Ice.Util;
import com.zeroc.IceGrid.FileNotAvailableException;
import com.zeroc.IceGrid.FileReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogFileTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "-1, 0",
    "0, 12",
    "1, 9",
    "2, 6",
    "3, 3",
    "4, 0",
    "5, 0",
    "2147483647, 0",
  })
  void theOffsetOfTheLastLines(int lines, long offset) throws Exception {
    assertThat(LogFile.offsetFromEnd(file("aa\nbb\ncc\ndd\n"), lines)).isEqualTo(offset);
  }

  @Test
  void aLastLineWithoutNewlineIsALine() throws Exception {
    Path path = file("aa\nbb\ncc");

    assertThat(LogFile.offsetFromEnd(path, 1)).isEqualTo(6);
    assertThat(LogFile.offsetFromEnd(path, 2)).isEqualTo(3);
    assertThat(LogFile.offsetFromEnd(file(""), 3)).isZero();
    assertThat(LogFile.offsetFromEnd(file("\n\n"), 1)).isEqualTo(1);
  }

  @Test
  void offsetsAreFoundAcrossBlocks() throws Exception {
    String line = "x".repeat(999) + "\n";
    Path path = file(line.repeat(1000));

    for (int lines : new int[] {1, 65, 66, 131, 999}) {
      assertThat(LogFile.offsetFromEnd(path, lines)).isEqualTo((1000L - lines) * 1000);
    }
  }

  @Test
  void aWholeFileEndsWithWhatFollowsTheLastNewline() throws Exception {
    FileReader.ReadResult result = LogFile.read(file("aa\nbb\n"), 0, 100);

    assertThat(result.returnValue).isTrue();
    assertThat(result.lines).containsExactly("aa", "bb", "");
    assertThat(result.newPos).isEqualTo(6);
  }

  @Test
  void whatDoesNotFitIsCutAndContinued() throws Exception {
    Path path = file("aaaa\nbbbb\ncc");

    FileReader.ReadResult first = LogFile.read(path, 0, 16);
    FileReader.ReadResult second = LogFile.read(path, first.newPos, 16);

    assertThat(first.returnValue).isFalse();
    assertThat(first.lines).containsExactly("aaaa", "bb");
    assertThat(first.newPos).isEqualTo(7);
    assertThat(second.returnValue).isTrue();
    assertThat(second.lines).containsExactly("bb", "cc");
    assertThat(second.newPos).isEqualTo(12);
  }

  @Test
  void aLineThatJustFitsIsFollowedByAnEmptyPiece() throws Exception {
    FileReader.ReadResult result = LogFile.read(file("aaaa\nbbbb\n"), 0, 9);

    assertThat(result.returnValue).isFalse();
    assertThat(result.lines).containsExactly("aaaa", "");
    assertThat(result.newPos).isEqualTo(5);
  }

  @Test
  void behindTheEndThereIsNothing() throws Exception {
    FileReader.ReadResult result = LogFile.read(file("aa\n"), 50, 100);

    assertThat(result.returnValue).isTrue();
    assertThat(result.lines).isEmpty();
    assertThat(result.newPos).isEqualTo(3);
  }

  @Test
  void charactersAreNotTorn() throws Exception {
    FileReader.ReadResult result = LogFile.read(file("aä\u20ac\n"), 0, 5 + 4);

    assertThat(result.lines).containsExactly("aä");
    assertThat(result.newPos).isEqualTo(3);
  }

  @Test
  void bytesThatAreNoTextCountOneEach() throws Exception {
    Path path = directory.resolve("binary");
    Files.write(path, new byte[] {'a', (byte) 0xff, (byte) 0x80, '\n'});

    FileReader.ReadResult result = LogFile.read(path, 0, 100);

    assertThat(result.lines).containsExactly("a??", "");
    assertThat(result.newPos).isEqualTo(4);
  }

  @Test
  void anyWayOfReadingGivesTheWholeFile() throws Exception {
    Random random = new Random(42);
    for (int run = 0; run < 300; run++) {
      String text = text(random);
      Path path = file(text);
      int size = 9 + random.nextInt(60); // Room for any one character.

      assertThat(readAll(path, size)).as("run %s, size %s", run, size).isEqualTo(text);
    }
  }

  @Test
  void errorsSayWhatIsWrong() {
    assertFails(() -> LogFile.read(file("x"), 0, 5), "maximum bytes per read request is too low");
    Path missing = directory.resolve("missing");
    assertFails(() -> LogFile.read(missing, 0, 6), "failed to open file `" + missing + "'");
    assertFails(() -> LogFile.offsetFromEnd(missing, 1), "failed to open file `" + missing + "'");
    assertFails(
        () -> LogFile.read(directory, 0, 6),
        "unrecoverable error occurred while reading file `" + directory + "'");
  }

  @Test
  void theRegistrysFilesAreThoseOfItsProperties() throws Exception {
    Path path = file("one\n");
    Properties properties = Util.createProperties();
    LogFiles files = new LogFiles(properties);

    assertFails(
        () -> files.getOffsetFromEnd("stdout", 0), "Ice.StdOut configuration property is not set");
    assertFails(() -> files.read("other", 0, 100), "unknown file");
    properties.setProperty("Ice.StdErr", path.toString());
    assertThat(files.getOffsetFromEnd("stderr", 0)).isEqualTo(4);
    assertThat(files.read("stderr", 0, 100).lines).containsExactly("one", "");
  }

  @ParameterizedTest
  @CsvSource({"'', 1048320", "1, 768", "10, 9984", "0, 16776960", "999999999, 16776960"})
  void readsAreBoundedByTheMessageSize(String kilobytes, int bytes) {
    Properties properties = Util.createProperties();
    properties.setProperty("Ice.MessageSizeMax", kilobytes);

    assertThat(LogFiles.bytesMax(properties)).isEqualTo(bytes);
  }

  private interface Action {
    void run() throws Exception;
  }

  private static void assertFails(Action action, String reason) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(
            FileNotAvailableException.class, ex -> assertThat(ex.reason).isEqualTo(reason));
  }

  private static String text(Random random) {
    String[] pieces = {"a", "bb", "\n", "\n\n", "ä", "\u20ac", "\ud83d\ude00", "longer text"};
    StringBuilder text = new StringBuilder();
    for (int piece = random.nextInt(40); piece > 0; piece--) {
      text.append(pieces[random.nextInt(pieces.length)]);
    }
    return text.toString();
  }

  /** As a consumer does: pieces joined by newlines, answers without. */
  private static String readAll(Path path, int size) throws Exception {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    long pos = 0;
    while (true) {
      FileReader.ReadResult result = LogFile.read(path, pos, size);
      all.write(String.join("\n", result.lines).getBytes(StandardCharsets.UTF_8));
      if (result.returnValue) {
        return all.toString(StandardCharsets.UTF_8);
      }
      assertThat(result.newPos).isGreaterThan(pos);
      int sum = 0;
      for (String line : result.lines) {
        sum += line.getBytes(StandardCharsets.UTF_8).length + 5;
      }
      assertThat(sum).isLessThanOrEqualTo(size + 5);
      pos = result.newPos;
    }
  }

  private Path file(String text) throws IOException {
    Path path = directory.resolve("log");
    return Files.writeString(path, text);
  }
}
