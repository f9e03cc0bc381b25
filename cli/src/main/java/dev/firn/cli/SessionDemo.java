package dev.firn.cli;

import static java.util.Objects.requireNonNull;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.UserException;
import com.zeroc.Ice.Util;
import com.zeroc.IceGrid.AdminPrx;
import dev.firn.model.SortedNames;
import dev.firn.wire.DescriptorWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The chapter of {@code firn demo} about sessions: two clients want one object, whose server runs
 * for whoever has it; the first client is killed, the second gets it.
 */
final class SessionDemo {
  private static final String APPLICATION = "demo-sessions.xml";
  private static final String SERVER = "printer";
  private static final long LIMIT_MILLIS = 120_000;

  private final Grid grid;
  private final Path home;
  private final Path directory;
  private final GridNodes nodes;
  private final StormDemo.Check check;
  private final Consumer<String> say;

  SessionDemo(
      Grid grid,
      Path home,
      Path directory,
      Consumer<String> lines,
      StormDemo.Check check,
      Consumer<String> say) {
    this.grid = grid;
    this.home = home;
    this.directory = directory;
    this.check = check;
    this.say = say;
    nodes = new GridNodes(home, directory, grid.locator(), lines);
  }

  void play() throws Exception {
    InitializationData data = new InitializationData();
    data.properties = Util.createProperties();
    data.properties.setProperty("Ice.Default.Locator", grid.locator());
    try (nodes;
        Communicator communicator = Util.initialize(data)) {
      grid.start();
      nodes.start();
      boolean up =
          Grid.awaitComplete(communicator, grid.replicas(), LIMIT_MILLIS)
              && nodes.awaitUp(communicator, grid, LIMIT_MILLIS);
      check.check("three registry replicas and two nodes are up", up);
      if (up) {
        try (Administrator master = Administrator.at(communicator, grid.replica("Master"))) {
          deploy(master.admin());
          share(master);
        }
      }
    }
  }

  /** Ends all in disorder: for an end before the chapter's own. */
  void abandon() {
    nodes.close();
  }

  private void deploy(AdminPrx admin) throws Exception {
    Path file = directory.resolve(APPLICATION);
    try (InputStream xml = SessionDemo.class.getResourceAsStream(APPLICATION)) {
      Files.copy(requireNonNull(xml, APPLICATION), file);
    }
    admin.addApplication(
        DescriptorWriter.application(
            new ApplicationFiles(admin)
                .parse(
                    file.toString(),
                    List.of(),
                    SortedNames.copyOf(
                        Map.of(
                            "firn",
                            home.resolve("bin/firn").toString(),
                            "user",
                            DeployDemo.user())))));
    say.accept("the application `Sessions' was added: one object `printer' to allocate");
  }

  private void share(Administrator master) throws IOException, InterruptedException {
    check.check("its server does not run", master.pid(SERVER) == 0);
    try (Client first = new Client("first");
        Client second = new Client("second")) {
      first.start();
      check.check("client `first' has `printer'", first.says(DemoSessionMain.ANSWERED));
      long pid = master.pid(SERVER);
      check.check(
          "its server (pid " + pid + ") was started for session `first'",
          pid > 0 && owner(master).equals("first"));
      second.start();
      check.check("client `second' waits for it", second.says(DemoSessionMain.WAITING));
      long killed = System.nanoTime();
      first.kill();
      say.accept("client `first' was killed with kill -9");
      check.check("client `second' has `printer'", second.says(DemoSessionMain.ANSWERED));
      say.accept(
          "its first answer came "
              + (System.nanoTime() - killed) / 1_000_000
              + " ms after the kill");
      check.check(
          "the server is a new process, for session `second'",
          master.pid(SERVER) != pid && owner(master).equals("second"));
    }
    check.check(
        "client `second' left; the server was stopped",
        Grid.await(LIMIT_MILLIS, () -> master.pid(SERVER) == 0));
  }

  private static String owner(Administrator master) {
    try {
      return master.admin().getServerInfo(SERVER).sessionId;
    } catch (UserException | LocalException e) {
      return "nobody: " + Administrator.reason(e);
    }
  }

  /** A process with a session of its own. */
  private final class Client implements AutoCloseable {
    private final ProcessBuilder command;
    private Optional<Process> process = Optional.empty();

    Client(String user) {
      command =
          new ProcessBuilder(
                  home.resolve("bin/firn").toString(),
                  "demo-session",
                  "--Ice.Default.Locator=" + grid.locator(),
                  "--Firn.Demo.User=" + user)
              .redirectError(ProcessBuilder.Redirect.DISCARD);
    }

    void start() throws IOException {
      process = Optional.of(command.start());
    }

    /** Waits for a line; whether it came before the client's end. */
    boolean says(String line) throws IOException {
      BufferedReader output = process.orElseThrow().inputReader(StandardCharsets.UTF_8);
      String read = output.readLine();
      while (read != null && !read.equals(line)) {
        read = output.readLine();
      }
      return read != null;
    }

    void kill() {
      process.ifPresent(Process::destroyForcibly);
    }

    /** Lets it end its session. */
    @Override
    public void close() throws IOException {
      if (process.isPresent()) {
        process.get().getOutputStream().close();
      }
    }
  }
}
