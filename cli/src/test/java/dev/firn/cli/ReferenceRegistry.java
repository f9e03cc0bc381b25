package dev.firn.cli;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** ZeroC's {@code icegridregistry}, run on loopback with data in a directory of its own. */
final class ReferenceRegistry implements AutoCloseable {

  private static final int FIRST_PORT = Integer.getInteger("firn.test.port", 15100);
  private static final AtomicInteger NEXT_PORT = new AtomicInteger(FIRST_PORT);
  private static final long LIMIT_SECONDS = 90;

  private final Process process;
  private final int port;
  private final String instanceName;

  private ReferenceRegistry(Process process, int port, String instanceName) {
    this.process = process;
    this.port = port;
    this.instanceName = instanceName;
  }

  /** Skips the test where the program is not installed; in CI that is a failure. */
  static void require(String program) {
    for (String directory : System.getenv("PATH").split(":")) {
      if (Files.isExecutable(Path.of(directory, program))) {
        return;
      }
    }
    if ("true".equals(System.getenv("CI"))) {
      fail("CI needs %s, of Debian's zeroc-ice packages", program);
    }
    abort(program + " is not installed, so the comparison with it is skipped");
  }

  static ReferenceRegistry start(Path directory, String instanceName, String... options)
      throws IOException, InterruptedException {
    require("icegridregistry");
    int port = freePort();
    Files.createDirectories(directory.resolve("db"));
    List<String> command =
        new ArrayList<>(
            List.of(
                "icegridregistry",
                "--Ice.Default.Host=127.0.0.1",
                "--IceGrid.InstanceName=" + instanceName,
                "--IceGrid.Registry.Client.Endpoints=tcp -h 127.0.0.1 -p " + port,
                "--IceGrid.Registry.Server.Endpoints=tcp -h 127.0.0.1",
                "--IceGrid.Registry.Internal.Endpoints=tcp -h 127.0.0.1",
                "--IceGrid.Registry.LMDB.Path=" + directory.resolve("db"),
                "--IceGrid.Registry.LMDB.MapSize=10",
                "--IceGrid.Registry.DynamicRegistration=1",
                "--IceGrid.Registry.Discovery.Enabled=0",
                "--IceGrid.Registry.AdminPermissionsVerifier="
                    + instanceName
                    + "/NullPermissionsVerifier",
                "--Ice.StdErr=" + directory.resolve("stderr"),
                "--Ice.StdOut=" + directory.resolve("stdout"),
                "--Ice.ProgramName=Reference"));
    command.addAll(List.of(options));
    Process process = launch(directory, command, port);
    return new ReferenceRegistry(process, port, instanceName);
  }

  /** Starts a server and waits until it accepts connections. */
  static Process launch(Path directory, List<String> command, int port)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("console").toFile())
            .start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!accepts(port)) {
      if (process.waitFor(20, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
        process.destroyForcibly();
        fail("cannot start %s: %s", command.get(0), Files.readString(directory.resolve("console")));
      }
    }
    return process;
  }

  private static boolean accepts(int port) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException exception) {
      return false;
    }
  }

  static int freePort() throws IOException {
    while (true) {
      int port = NEXT_PORT.getAndIncrement();
      try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException exception) {
        if (port > FIRST_PORT + 500) {
          throw exception;
        }
      }
    }
  }

  int port() {
    return port;
  }

  String locator() {
    return instanceName + "/Locator:tcp -h 127.0.0.1 -p " + port;
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException exception) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** What a finished program did. */
  record Outcome(int status, String out, String err) {}

  /** Runs ZeroC's icegridadmin. */
  static Outcome icegridadmin(Path directory, String input, List<String> arguments)
      throws IOException, InterruptedException {
    return run(directory, "icegridadmin", input, arguments);
  }

  /** Runs one of ZeroC's programs to its end. */
  static Outcome run(Path directory, String program, String input, List<String> arguments)
      throws IOException, InterruptedException {
    require(program);
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(arguments);
    Path out = Files.createTempFile(directory, "out", "");
    Path err = Files.createTempFile(directory, "err", "");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try (var stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(StandardCharsets.UTF_8));
    }
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      fail("%s does not end", command);
    }
    return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  /** Runs ours within this process. */
  static Outcome firnAdmin(String input, List<String> arguments) {
    return inProcess(AdminMain::run, input, arguments);
  }

  /** A program of ours. */
  interface Program {
    int run(String[] arguments, InputStream in, java.io.PrintStream out, java.io.PrintStream err);
  }

  static Outcome inProcess(Program program, String input, List<String> arguments) {
    InputStream in = new java.io.ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
    var out = new java.io.ByteArrayOutputStream();
    var err = new java.io.ByteArrayOutputStream();
    int status =
        program.run(
            arguments.toArray(String[]::new),
            in,
            new java.io.PrintStream(out, false, StandardCharsets.UTF_8),
            new java.io.PrintStream(err, false, StandardCharsets.UTF_8));
    return new Outcome(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
