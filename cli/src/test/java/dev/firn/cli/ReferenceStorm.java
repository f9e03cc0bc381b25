package dev.firn.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** ZeroC's service in its icebox, on loopback with data in a directory of its own. */
final class ReferenceStorm implements AutoCloseable {
  private final Process process;
  private final int port;
  private final String instance;

  private ReferenceStorm(Process process, int port, String instance) {
    this.process = process;
    this.port = port;
    this.instance = instance;
  }

  static ReferenceStorm start(Path directory, String instance)
      throws IOException, InterruptedException {
    ReferenceRegistry.require("icebox");
    int port = ReferenceRegistry.freePort();
    Files.createDirectories(directory.resolve("db"));
    List<String> command =
        List.of(
            "timeout",
            "300",
            "icebox",
            "--IceBox.Service.IceStorm=IceStormService,37:createIceStorm",
            "--IceBox.InheritProperties=1",
            "--IceBox.UseSharedCommunicator.IceStorm=1",
            "--IceStorm.InstanceName=" + instance,
            "--IceStorm.TopicManager.Endpoints=tcp -h 127.0.0.1 -p " + port,
            "--IceStorm.Publish.Endpoints=tcp -h 127.0.0.1",
            "--IceStorm.LMDB.Path=" + directory.resolve("db"),
            "--IceStorm.LMDB.MapSize=10");
    Process process = ReferenceRegistry.launch(directory, command, port);
    return new ReferenceStorm(process, port, instance);
  }

  int port() {
    return port;
  }

  String manager() {
    return instance + "/TopicManager:tcp -h 127.0.0.1 -p " + port;
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroy);
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.waitFor();
      }
    } catch (InterruptedException exception) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      Thread.currentThread().interrupt();
    }
  }
}
