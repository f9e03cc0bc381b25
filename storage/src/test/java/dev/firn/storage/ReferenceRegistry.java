package dev.firn.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A running icegridregistry of ZeroC. */
final class ReferenceRegistry implements AutoCloseable {
  private static final int STOP_ATTEMPTS_MAX = 4;
  private static final long STOP_SECONDS_MAX = 5;

  private final Process process;
  private final int port;

  private ReferenceRegistry(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  static List<String> command(Path directory, int port) {
    return List.of(
        "timeout",
        "120",
        "icegridregistry",
        "--Ice.PrintAdapterReady",
        "--IceGrid.InstanceName=IceGrid",
        "--IceGrid.Registry.Client.Endpoints=tcp -h 127.0.0.1 -p " + port,
        "--IceGrid.Registry.Server.Endpoints=tcp -h 127.0.0.1",
        "--IceGrid.Registry.Internal.Endpoints=tcp -h 127.0.0.1",
        "--IceGrid.Registry.LMDB.Path=" + directory,
        "--IceGrid.Registry.AdminPermissionsVerifier=IceGrid/NullPermissionsVerifier",
        "--IceGrid.Registry.DynamicRegistration=1",
        "--IceGrid.Registry.Discovery.Enabled=0");
  }

  /** Starts a registry and waits until it is ready. */
  static ReferenceRegistry start(Path directory) {
    int port = Peers.freePort();
    try {
      Process process =
          new ProcessBuilder(command(directory, port)).redirectErrorStream(true).start();
      BufferedReader output = process.inputReader(UTF_8);
      List<String> printed = new ArrayList<>();
      String line = output.readLine();
      while (line != null && !line.equals("IceGrid.Registry.Client ready")) {
        printed.add(line);
        line = output.readLine();
      }
      if (line == null) {
        throw new IllegalStateException("icegridregistry did not start: " + printed);
      }
      return new ReferenceRegistry(process, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return port;
  }

  void admin(String command) {
    Peers.Result result =
        Peers.run(
            "icegridadmin",
            "--Ice.Default.Locator=IceGrid/Locator:tcp -h 127.0.0.1 -p " + port,
            "-u",
            "user",
            "-p",
            "password",
            "-e",
            command);
    if (result.status() != 0) {
      throw new IllegalStateException("icegridadmin -e '" + command + "': " + result.text());
    }
  }

  /** Asks again after a while: ZeroC's registry forgets a signal that comes as it gets ready. */
  @Override
  public void close() {
    try {
      for (int attempt = 0; attempt < STOP_ATTEMPTS_MAX; attempt++) {
        process.descendants().forEach(ProcessHandle::destroy);
        if (process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    throw new IllegalStateException("icegridregistry does not stop");
  }
}
