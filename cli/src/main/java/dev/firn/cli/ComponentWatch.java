package dev.firn.cli;

import com.zeroc.Ice.Connection;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.IPConnectionInfo;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.ObjectAdapter;
import dev.firn.wire.AsteriskSCF.System.Component.V1.ReplicaListener;
import dev.firn.wire.AsteriskSCF.System.Component.V1.ReplicaListenerPrx;
import dev.firn.wire.AsteriskSCF.System.Component.V1.ReplicaPrx;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code firn component watch}. */
@Command(
    name = "watch",
    description = "Prints a line for each change of role, until it is ended or --timeout is over.")
final class ComponentWatch implements Callable<Integer> {
  private static final double FOR_EVER_SECONDS = 1_000_000;
  private static final long PAUSE_MILLIS = 1_000;
  private static final long CALL_MILLIS = 2_000;
  private static final String UNREACHABLE = "unreachable";

  @ParentCommand private @Nullable ComponentToolMain tool;

  /** What was printed last, by instance; its monitor guards it and keeps lines whole. */
  private final Map<String, String> shown = new TreeMap<>();

  @Override
  public Integer call() throws Exception {
    ComponentToolMain options = ComponentOutput.parent(tool);
    try (ComponentClient client = options.open(FOR_EVER_SECONDS)) {
      Map<String, ReplicaListenerPrx> listeners = new TreeMap<>();
      Map<String, ReplicaProxy> known = new TreeMap<>();
      while (!client.isOver()) {
        find(options, client, known);
        for (ReplicaProxy replica : known.values()) {
          look(options, client, replica, listeners);
        }
        // Listeners tell at once; this is for those that come, go, or have lost theirs.
        TimeUnit.MILLISECONDS.sleep(Math.min(PAUSE_MILLIS, client.leftMillis()));
      }
      return ComponentToolMain.DONE;
    }
  }

  /** Who has died is not found any more, but that is what there is to see. */
  private static void find(
      ComponentToolMain options, ComponentClient client, Map<String, ReplicaProxy> known) {
    try {
      for (ReplicaProxy replica : options.all(client)) {
        known.put(replica.name(), replica.within(CALL_MILLIS));
      }
    } catch (ComponentFailure | LocalException e) {
      if (known.isEmpty()) {
        throw e;
      }
    }
  }

  private void look(
      ComponentToolMain options,
      ComponentClient client,
      ReplicaProxy replica,
      Map<String, ReplicaListenerPrx> listeners) {
    try {
      // Adding before asking leaves no gap; adding a listener again does nothing.
      ReplicaListenerPrx listener = listeners.get(replica.name());
      if (listener == null) {
        listener = listener(options, client, replica);
        listeners.put(replica.name(), listener);
      }
      replica.classic().addListener(listener);
      show(options, replica.name(), replica.classic().isActive() ? "active" : "standby");
    } catch (LocalException e) {
      show(options, replica.name(), UNREACHABLE);
    }
  }

  /** Listens where the instance is known to reach us: at the address from which we reach it. */
  private ReplicaListenerPrx listener(
      ComponentToolMain options, ComponentClient client, ReplicaProxy replica) {
    Connection connection = replica.classic().ice_getConnection();
    String host =
        connection == null || !(plain(connection) instanceof IPConnectionInfo info)
            ? "127.0.0.1"
            : info.localAddress;
    ObjectAdapter adapter =
        client.communicator().createObjectAdapterWithEndpoints("", "tcp -h \"" + host + "\" -p 0");
    ReplicaListenerPrx listener =
        ReplicaListenerPrx.uncheckedCast(
            adapter.addWithUUID(
                new ReplicaListener() {
                  @Override
                  public void activated(@Nullable ReplicaPrx repl, Current current) {
                    show(options, replica.name(), "active");
                  }

                  @Override
                  public void onStandby(@Nullable ReplicaPrx repl, Current current) {
                    show(options, replica.name(), "standby");
                  }
                }));
    adapter.activate();
    return listener;
  }

  private static com.zeroc.Ice.ConnectionInfo plain(Connection connection) {
    com.zeroc.Ice.ConnectionInfo info = connection.getInfo();
    while (info.underlying != null) {
      info = info.underlying;
    }
    return info;
  }

  private void show(ComponentToolMain options, String name, String state) {
    synchronized (shown) {
      if (state.equals(shown.put(name, state))) {
        return;
      }
      String time = Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
      System.out.println(
          options.json
              ? "{\"time\":"
                  + ComponentOutput.quoted(time)
                  + ",\"instance\":"
                  + ComponentOutput.quoted(name)
                  + ",\"state\":"
                  + ComponentOutput.quoted(state)
                  + "}"
              : time + " " + name + " " + state);
      System.out.flush();
    }
  }
}
