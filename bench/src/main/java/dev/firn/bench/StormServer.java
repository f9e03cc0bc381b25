package dev.firn.bench;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Endpoint;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.TCPEndpointInfo;
import com.zeroc.IceStorm.TopicManagerPrx;
import com.zeroc.IceStorm.TopicPrx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A storm under test. */
final class StormServer implements AutoCloseable {
  private static final String NAME = "IceStorm";

  /** So that batches are flushed several times within a measurement. */
  static final int FLUSH_MILLIS = 100;

  private final ServerProcess process;
  private final TopicManagerPrx manager;
  private int topics;

  private StormServer(ServerProcess process, TopicManagerPrx manager) {
    this.process = process;
    this.manager = manager;
  }

  /**
   * @param program {@code icebox}, or Firn's launcher
   * @param directory an empty directory for its database and log
   * @param port of its topic manager; the next one is its publishers'
   * @param options further properties of the service, without the service's name
   */
  static StormServer start(
      ServerKind kind,
      Path program,
      Path directory,
      int port,
      Map<String, String> options,
      Communicator communicator)
      throws IOException, InterruptedException {
    Path database = Files.createDirectories(directory.resolve("db"));
    List<String> command = new ArrayList<>(List.of(program.toString()));
    if (kind == ServerKind.FIRN) {
      command.add("storm");
    } else {
      command.add("--IceBox.Service.IceStorm=IceStormService,37:createIceStorm");
      command.add("--IceBox.PrintServicesReady=IceStorm");
      command.add("--IceBox.InheritProperties=1");
    }
    command.add(property("InstanceName", NAME));
    command.add(property("TopicManager.Endpoints", "tcp -h 127.0.0.1 -p " + port));
    command.add(property("Publish.Endpoints", "tcp -h 127.0.0.1 -p " + (port + 1)));
    command.add(property("LMDB.Path", database.toString()));
    command.add(property("Flush.Timeout", Integer.toString(FLUSH_MILLIS)));
    options.forEach((name, value) -> command.add(property(name, value)));
    var process = new ServerProcess(kind, command, port, NAME + " ready", directory.resolve("log"));
    try {
      process.awaitReady();
      ObjectPrx proxy =
          communicator.stringToProxy(NAME + "/TopicManager:tcp -h 127.0.0.1 -p " + port);
      return new StormServer(process, TopicManagerPrx.checkedCast(proxy));
    } catch (RuntimeException | InterruptedException e) {
      process.close();
      throw e;
    }
  }

  private static String property(String name, String value) {
    return "--" + NAME + "." + name + "=" + value;
  }

  ServerKind kind() {
    return process.kind();
  }

  long pid() {
    return process.pid();
  }

  /** A new topic with these subscribers. */
  TopicPrx topic(List<String> subscribers, String modeOption) throws com.zeroc.Ice.UserException {
    TopicPrx topic = manager.create("bench" + topics++);
    for (String subscriber : subscribers) {
      int colon = subscriber.indexOf(':');
      topic.subscribeAndGetPublisher(
          Map.of("retryCount", "-1"),
          manager
              .ice_getCommunicator()
              .stringToProxy(
                  subscriber.substring(0, colon) + " " + modeOption + subscriber.substring(colon)));
    }
    return topic;
  }

  /** A publisher of the topic. */
  static StormSource source(TopicPrx topic, int payload, boolean batch) throws IOException {
    ObjectPrx publisher = topic.getPublisher();
    for (Endpoint endpoint : publisher.ice_getEndpoints()) {
      if (endpoint.getInfo() instanceof TCPEndpointInfo info) {
        var id = publisher.ice_getIdentity();
        return new StormSource(info.port, id.name, id.category, payload, batch);
      }
    }
    throw new IllegalStateException("no TCP endpoint in " + publisher);
  }

  @Override
  public void close() {
    process.close();
  }
}
