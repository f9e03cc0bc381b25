package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.zeroc.Ice.CloseCallback;
import com.zeroc.Ice.Connection;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClosedConnectionsTest {
  private final ClosedConnections connections = new ClosedConnections();
  private final List<CloseCallback> callbacks = new ArrayList<>();
  private final List<String> told = new ArrayList<>();
  private final Connection connection = connection();

  /** It keeps what it has to call when it is closed. */
  private Connection connection() {
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "setCloseCallback" -> callbacks.add((CloseCallback) arguments[0]);
                  case "hashCode" -> 1;
                  case "equals" -> proxy == arguments[0];
                  // Watching needs nothing else of a connection.
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private Runnable watch(String name) {
    return connections.onClosed(connection, () -> told.add(name));
  }

  private void close() {
    callbacks.get(callbacks.size() - 1).closed(connection);
  }

  @Test
  void allAreToldOnce() {
    watch("a");
    watch("b");
    close();
    close();
    assertThat(told).containsExactly("a", "b");
    assertThat(connections.size()).isZero();
  }

  @Test
  void whoIsForgottenIsNotTold() {
    Runnable forget = watch("a");
    watch("b");
    forget.run();
    forget.run();
    assertThat(connections.size()).isEqualTo(1);
    close();
    assertThat(told).containsExactly("b");
  }

  @Test
  void ofSessionsThatEndedNothingIsLeftWhileTheConnectionLasts() {
    for (int i = 0; i < 100; i++) {
      watch("ended").run();
    }
    assertThat(connections.size()).isZero();
    watch("last");
    close();
    assertThat(told).containsExactly("last");
  }
}
