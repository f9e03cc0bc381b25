package dev.firn.server;

import dev.firn.model.EncodedProxy;
import dev.firn.model.InternalServerDescriptor;
import java.util.Map;
import java.util.TreeMap;

/** A process of a server that may do anything wrong. */
final class SimulatedProcess {
  private final ServerWorld world;
  private final int pid;
  private final InternalServerDescriptor descriptor;
  private final boolean ignoresSignals;
  private final boolean hangs;

  /** Adapters of which it was told that they are registered: it does not do so again. */
  private final Map<String, EncodedProxy> registered = new TreeMap<>();

  private long run;
  private boolean alive = true;
  private boolean stopping;
  private boolean exitSeen;

  SimulatedProcess(ServerWorld world, int pid, long run, InternalServerDescriptor descriptor) {
    this.world = world;
    this.pid = pid;
    this.run = run;
    this.descriptor = descriptor;
    ignoresSignals = world.chance(10);
    hangs = world.chance(10);
  }

  int pid() {
    return pid;
  }

  long run() {
    return run;
  }

  boolean isAlive() {
    return alive;
  }

  boolean exitSeen() {
    return exitSeen;
  }

  void seen() {
    exitSeen = true;
  }

  void adoptedBy(long newRun) {
    run = newRun;
  }

  void registered(String adapter, EncodedProxy proxy) {
    if (proxy.equals(EncodedProxy.NULL)) {
      registered.remove(adapter);
    } else {
      registered.put(adapter, proxy);
    }
  }

  /** The next node must know what the last one has taken, unless that was stopping the server. */
  void requireRemembered(RememberedRun remembered) {
    if (remembered.state() != ServerState.ACTIVATING && remembered.state() != ServerState.ACTIVE) {
      return;
    }
    registered.forEach(
        (adapter, proxy) ->
            ServerWorld.require(
                proxy.equals(remembered.adapters().getOrDefault(adapter, EncodedProxy.NULL)),
                () -> "it registered " + adapter + ", and remembered is " + remembered));
  }

  void start() {
    if (world.chance(10)) {
      world.after(world.between(0, 50), () -> die(ProcessExit.code(world.chance(50) ? 1 : 0)));
      return;
    }
    long time = world.between(1, world.chance(15) ? 12_000 : 500);
    if (descriptor.processRegistered()) {
      register(time, "process");
    }
    register(time + world.between(0, 200), "a");
    register(time + world.between(0, 400), "b");
    if (world.chance(30)) {
      world.after(
          world.between(0, 30_000),
          () -> die(world.chance(50) ? ProcessExit.signal(6) : ProcessExit.code(0)));
    } else if (world.chance(10)) {
      world.after(world.between(0, 30_000), this::shutDown);
    }
  }

  /** Through a registry, which may lose it; the server then fails, as real ones do. */
  private void register(long millis, String what) {
    world.after(
        millis,
        () -> {
          if (!alive || stopping) {
            return;
          }
          if (world.chance(5)) {
            world.log("registration of " + what + " is lost");
            if (world.chance(50)) {
              die(ProcessExit.code(1));
            }
          } else if (world.hasNode()) {
            tell(what, Servers.proxy(what + pid));
          } else {
            // Servers try again until a registry takes it.
            register(500, what);
          }
        });
  }

  private void tell(String what, EncodedProxy proxy) {
    if (what.equals("process")) {
      world.ask(caller -> new ServerInput.SetProcess(caller, proxy));
    } else {
      world.ask(caller -> new ServerInput.SetDirectProxy(caller, what, proxy));
    }
  }

  /** In order: adapters are unregistered, then the process ends. */
  void shutDown() {
    if (!alive || stopping) {
      return;
    }
    stopping = true;
    if (!hangs) {
      world.after(world.between(1, 50), () -> unregister("a"));
      world.after(world.between(51, 100), () -> unregister("b"));
      world.after(
          world.between(101, world.chance(20) ? 6_000 : 300), () -> die(ProcessExit.code(0)));
    }
  }

  private void unregister(String adapter) {
    if (alive && !world.chance(10)) {
      tell(adapter, EncodedProxy.NULL);
    }
  }

  void terminate() {
    if (!ignoresSignals) {
      shutDown();
    }
  }

  /** What hung goes on. */
  void behave() {
    if (stopping) {
      die(ProcessExit.code(0));
    }
  }

  void die(ProcessExit exit) {
    if (alive) {
      alive = false;
      world.log("process " + pid + " ends: " + exit);
      world.exited(this, exit);
    }
  }
}
