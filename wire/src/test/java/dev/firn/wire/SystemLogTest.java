package dev.firn.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.InitializationException;
import com.zeroc.Ice.Logger;
import com.zeroc.Ice.Util;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemLogTest {
  private static final int DAEMON = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path directory;

  private Path taken() {
    return directory.resolve("taken");
  }

  private Path elsewhere() {
    return directory.resolve("elsewhere");
  }

  /** As the system's program, in a shell's words; {@code $1} is the file for what it takes. */
  private Logger logger(String program) throws IOException {
    return running("sh", "-c", program, "sh", taken().toString());
  }

  private Logger running(String... command) throws IOException {
    Files.writeString(taken(), "");
    Logger own = new ServiceLogger("node", new LogFile(elsewhere().toString(), 0));
    return new SystemLogger("node", new SystemLog(directory, List.of(command), DAEMON, own), own);
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < end) {
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }

  private static void awaitContent(Path file, String content) {
    await(() -> read(file).contains(content));
    assertThat(read(file)).contains(content);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void aPriorityIsInFrontOfEachLine() throws IOException {
    Logger logger = logger("cat >>\"$1\"");
    logger.error("no `e'");
    logger.warning("w\u00e4r\n\n  and why");
    logger.trace("Server", "changed\nstate");
    logger.print("node ready");
    logger.cloneWithPrefix("icebox-s").warning("x");
    logger.cloneWithPrefix("node").print("end");
    awaitContent(taken(), "end");
    assertThat(taken())
        .hasContent(
            """
            <27>no `e'
            <28>w\u00e4r
            <28>     and why
            <30>Server: changed
            <30>   state
            <30>node ready
            <28>icebox-s: x
            <30>end
            """);
    assertThat(elsewhere()).isEmptyFile();
  }

  @Test
  void aProgramThatEndsIsStartedOnceMore() throws IOException {
    Logger logger = logger("head -n 1 >>\"$1\"");
    logger.warning("one");
    // What the first did not take comes again, and with it what it may have taken.
    awaitContent(elsewhere(), "writing here instead: `sh' does not keep running");
    assertThat(taken()).hasContent("<28>one\n<28>one\n");
    awaitContent(elsewhere(), "node: warning: one");
    logger.warning("two");
    awaitContent(elsewhere(), "node: warning: two");
    assertThat(read(elsewhere()).split("writing here instead")).as("told once").hasSize(2);
  }

  @Test
  void nothingIsLostToAProgramThatIsRefusedItsOptions() throws IOException {
    Logger logger = logger("exit 1");
    logger.trace("Server", "one");
    awaitContent(elsewhere(), "node: Server: one");
  }

  @Test
  void withoutTheProgramMessagesGoElsewhere() throws IOException {
    running("firn-has-no-such-program").error("one");
    assertThat(read(elsewhere()))
        .contains("`firn-has-no-such-program' is not on the PATH")
        .contains("node: error: one");
  }

  @Test
  void withoutTheLogMessagesGoElsewhere() throws IOException {
    Logger own = new ServiceLogger("node", new LogFile(elsewhere().toString(), 0));
    Path none = directory.resolve("none");
    new SystemLogger("node", new SystemLog(none, List.of("sh"), DAEMON, own), own).error("one");
    assertThat(read(elsewhere())).contains("there is no " + none).contains("node: error: one");
  }

  @Test
  void withoutAJournalMessagesGoToTheFile() {
    assumeFalse(Files.exists(Path.of("/run/systemd/journal/stdout")));
    InitializationData data = new InitializationData();
    data.properties = Util.createProperties();
    data.properties.setProperty("Ice.UseSystemdJournal", "1");
    data.properties.setProperty("Ice.LogFile", elsewhere().toString());
    try (Communicator communicator = ServiceLogger.initialize(data)) {
      communicator.getLogger().warning("one");
    }
    assertThat(read(elsewhere()))
        .contains("cannot write to the system's log, writing here instead")
        .contains("warning: one");
  }

  @Test
  void signalsToAllDoNotEndTheProgram() throws IOException {
    Logger logger = logger("echo $$ >\"$1.pid\"; exec cat >>\"$1\"");
    logger.print("one");
    awaitContent(taken(), "one");
    long pid = Long.parseLong(read(directory.resolve("taken.pid")).strip());
    ProcessHandle program = ProcessHandle.of(pid).orElseThrow();
    program.destroy();
    logger.print("two");
    awaitContent(taken(), "two");
    assertThat(program.isAlive()).isTrue();
  }

  @Test
  void facilitiesAreThoseOfTheReference() {
    InitializationData data = new InitializationData();
    data.properties = Util.createProperties();
    data.properties.setProperty("Ice.UseSyslog", "1");
    for (String facility : new String[] {"daemon", "LOG_?", "LOG_", "LOG_NONE"}) {
      data.properties.setProperty("Ice.SyslogFacility", facility);
      assertThatThrownBy(() -> ServiceLogger.initialize(data).close())
          .isInstanceOfSatisfying(
              InitializationException.class,
              e ->
                  assertThat(e.reason)
                      .isEqualTo("Invalid value for Ice.SyslogFacility: " + facility));
    }
    data.properties.setProperty("Ice.SyslogFacility", "LOG_LOCAL7");
    try (Communicator communicator = ServiceLogger.initialize(data)) {
      assertThat(communicator).isNotNull();
    }
    data.properties.setProperty("Ice.LogFile", elsewhere().toString());
    assertThatThrownBy(() -> ServiceLogger.initialize(data).close())
        .isInstanceOfSatisfying(
            InitializationException.class,
            e -> assertThat(e.reason).contains("Both syslog and file logger cannot be enabled"));
  }
}
