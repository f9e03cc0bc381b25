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

  @Test
  void aFileThatCannotBeOpenedFailsTheStart() {
    InitializationData data = data(directory.resolve("missing").resolve("log"));
    assertThatThrownBy(() -> ServiceLogger.initialize(data).close())
        .isInstanceOf(InitializationException.class);
  }
}
