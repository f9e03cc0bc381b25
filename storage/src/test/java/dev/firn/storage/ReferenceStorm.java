package dev.firn.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A running storm of ZeroC in its icebox. */
final class ReferenceStorm implements AutoCloseable {
  private static final long STOP_SECONDS_MAX = 20;

  private final Process process;
  private final int port;

  private ReferenceStorm(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts a storm and waits until it is ready. */
  static ReferenceStorm start(Path directory) {
    int port = Peers.freePort();
    try {
      Process process =
          new ProcessBuilder(
                  "timeout",
                  "120",
                  "icebox",
                  "--Ice.Config=" + Peers.resource("storm.cfg"),
                  "--IceStorm.TopicManager.Endpoints=tcp -h 127.0.0.1 -p " + port,
                  "--IceStorm.Publish.Endpoints=tcp -h 127.0.0.1",
                  "--IceStorm.LMDB.Path=" + directory,
                  "--IceStorm.LMDB.MapSize=8")
              .redirectErrorStream(true)
              .start();
      BufferedReader output = process.inputReader(UTF_8);
      List<String> printed = new ArrayList<>();
      String line = output.readLine();
      while (line != null && !line.equals("IceStorm ready")) {
        printed.add(line);
        line = output.readLine();
      }
      if (line == null) {
        throw new IllegalStateException("icebox did not start: " + printed);
      }
      return new ReferenceStorm(process, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs commands of storm.py. */
  List<String> run(String... commands) {
    Object[] arguments = new Object[commands.length + 1];
    arguments[0] = port;
    System.arraycopy(commands, 0, arguments, 1, commands.length);
    return Peers.python("storm.py", arguments);
  }

  @Override
  public void close() {
    try {
      process.descendants().forEach(ProcessHandle::destroy);
      if (!process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        throw new IllegalStateException("icebox does not stop");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
