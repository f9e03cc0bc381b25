package dev.firn.cli;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.LocalException;
import dev.firn.wire.Failover.V1.ManagedReplicaPrx;
import dev.firn.wire.Failover.V1.ReplicaState;
import dev.firn.wire.Firn.Demo.CounterPrx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One instance of the demo's component, or a server that the instances need. */
final class DemoInstance {
  private static final int STOP_SECONDS = 40;

  private final String name;
  private final List<String> command;
  private final ReplicaProcess process;
  private final ManagedReplicaPrx replica;
  private final CounterPrx own;

  /**
   * Not yet started.
   *
   * @param service port of what it serves
   * @param backplane port at which it is managed
   */
  DemoInstance(
      Communicator communicator,
      Path home,
      String name,
      int service,
      int backplane,
      List<String> properties,
      Consumer<String> lines) {
    this.name = name;
    command =
        new ArrayList<>(
            List.of(
                home.resolve("bin/firn").toString(),
                "component",
                "run",
                DemoCounter.class.getName(),
                "--name",
                name,
                "--" + name + ".Endpoints=" + StormPorts.endpoint(service),
                "--" + name + ".Backplane.Endpoints=" + StormPorts.endpoint(backplane),
                "--" + name + ".StateReplicatorName=Counter",
                "--" + name + ".Manager=firn"));
    command.addAll(properties);
    process = new ReplicaProcess(lines, STOP_SECONDS);
    replica =
        ManagedReplicaPrx.uncheckedCast(
            communicator
                .stringToProxy(name + ".Replica -f ha:" + StormPorts.endpoint(backplane))
                .ice_invocationTimeout(1_000));
    own =
        CounterPrx.uncheckedCast(
            communicator
                .stringToProxy(DemoCounter.OBJECT + ":" + StormPorts.endpoint(service))
                .ice_invocationTimeout(1_000));
  }

  String name() {
    return name;
  }

  long pid() {
    return process.pid();
  }

  void start() {
    process.start(name, command);
  }

  boolean isActive() {
    try {
      return replica.isActive();
    } catch (LocalException e) {
      return false;
    }
  }

  /** Whether it follows the active one, and knows all of the state that there is. */
  boolean standsBy() {
    try {
      return replica.getStatus().state == ReplicaState.Standby;
    } catch (LocalException e) {
      return false;
    }
  }

  /** Whether anybody who asks this instance to count is answered with a number. */
  boolean counts() {
    try {
      own.increment();
      return true;
    } catch (LocalException e) {
      return false;
    }
  }

  void kill() {
    process.kill();
  }

  void pause() throws IOException, InterruptedException {
    signal("STOP");
  }

  void wake() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + signal, Long.toString(pid())).inheritIO().start().waitFor();
  }

  void requestStop() {
    process.requestStop();
  }

  void stop() {
    process.stop();
  }
}
