package dev.firn.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.InitializationException;
import com.zeroc.Ice.Logger;
import com.zeroc.Ice.Util;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceLoggerTest {
  private static final String TIME = "\\d\\d/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3} ";

  @TempDir private Path directory;

  private InitializationData data(Path file) {
    InitializationData data = new InitializationData();
    data.properties = Util.createProperties();
    data.properties.setProperty("Ice.ProgramName", "icegridnode (main node)");
    data.properties.setProperty("Ice.LogFile", file.toString());
    return data;
  }

  @Test
  void linesAreThoseOfTheReferenceWithoutTheNameOfAThread() throws IOException {
    Path file = directory.resolve("log");
    try (Communicator communicator = ServiceLogger.initialize(data(file))) {
      Logger logger = communicator.getLogger();
      logger.warning("server activation failed for `s':\ncannot execute `e'");
      logger.error("property `P' is not set");
      logger.trace("Server", "changed\n\nstate");
      logger.print("node ready");
      logger.cloneWithPrefix("other").warning("w");
    }
    assertThat(Files.readString(file))
        .matches(
            ("-! "
                    + TIME
                    + "icegridnode \\(main node\\): warning: server activation failed for `s':\n")
                + "   cannot execute `e'\n"
                + ("!! " + TIME + "icegridnode \\(main node\\): error: property `P' is not set\n")
                + ("-- " + TIME + "icegridnode \\(main node\\): Server: changed\n   \n   state\n")
                + "node ready\n"
                + ("-! " + TIME + "other: warning: w\n"));
  }

  /** Ten bytes each, with the end of the line. */
  private static void log(Logger logger, String... messages) {
    for (String message : messages) {
      logger.print("12345678" + message);
    }
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aFileThatIsFullGetsAnotherName() throws IOException {
    Path file = Files.writeString(directory.resolve("node.1.log"), "before\n");
    InitializationData data = data(file);
    data.properties.setProperty("Ice.LogFile.SizeMax", "25");
    try (Communicator communicator = ServiceLogger.initialize(data)) {
      Logger logger = communicator.getLogger();
      log(logger, "a", "b");
      log(logger.cloneWithPrefix("other"), "c", "d");
      log(logger, "e", "f", "g");
    }
    assertThat(file).hasContent("12345678f\n12345678g\n");
    List<String> files = files();
    assertThat(files).hasSize(4);
    assertThat(files.subList(0, 3))
        .allMatch(name -> name.matches("node\\.1-\\d{8}-\\d{6}(-\\d)?\\.log"));
    StringBuilder old = new StringBuilder();
    for (String name : files.subList(0, 3)) {
      old.append(Files.readString(directory.resolve(name)).replace("\n", " "));
    }
    assertThat(old.toString().split(" "))
        .containsExactlyInAnyOrder(
            "before", "12345678a", "12345678b", "12345678c", "12345678d", "12345678e");
  }

  @Test
  void oneMessageMayBeLongerThanAFile() throws IOException {
    Path file = directory.resolve("log");
    InitializationData data = data(file);
    data.properties.setProperty("Ice.LogFile.SizeMax", "5");
    try (Communicator communicator = ServiceLogger.initialize(data)) {
      log(communicator.getLogger(), "a", "b");
    }
    assertThat(file).hasContent("12345678b\n");
    assertThat(files()).hasSize(2).last().asString().matches("log-\\d{8}-\\d{6}");
  }

  @Test
  void aFileThatIsFullGrowsOnIfNoNewOneCanBeBegun() throws IOException {
    Path place = Files.createDirectory(directory.resolve("place"));
    Path file = place.resolve("log");
    InitializationData data = data(file);
    data.properties.setProperty("Ice.LogFile.SizeMax", "15");
    try (Communicator communicator = ServiceLogger.initialize(data)) {
      Logger logger = communicator.getLogger();
      log(logger, "a");
      // Open files stay what they are; new ones are not to be had.
      Files.move(place, directory.resolve("moved"));
      log(logger, "b", "c", "d", "e", "f");
    }
    String content = Files.readString(directory.resolve("moved").resolve("log"));
    assertThat(content).contains("12345678a\n", "12345678b\n", "12345678f\n");
    assertThat(content.split("cannot begin a new log file")).hasSize(2);
  }

  @Test
  void aFileThatSomebodyElseHasEmptiedKeepsItsName() throws IOException {
    Path file = directory.resolve("log");
    InitializationData data = data(file);
    data.properties.setProperty("Ice.LogFile.SizeMax", "25");
    try (Communicator communicator = ServiceLogger.initialize(data)) {
      log(communicator.getLogger(), "a", "b");
      Files.writeString(file, "");
      log(communicator.getLogger(), "c", "d");
    }
    assertThat(file).hasContent("12345678c\n12345678d\n");
    assertThat(files()).containsExactly("log");
  }

  @Test
  void aFileThatCannotBeOpenedFailsTheStart() {
    InitializationData data = data(directory.resolve("missing").resolve("log"));
    assertThatThrownBy(() -> ServiceLogger.initialize(data).close())
        .isInstanceOf(InitializationException.class);
  }
}
