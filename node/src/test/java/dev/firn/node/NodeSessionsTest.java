package dev.firn.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.zeroc.Ice.Identity;
import com.zeroc.IceGrid.InternalRegistryPrx;
import com.zeroc.IceGrid.NodePrx;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class NodeSessionsTest {
  @TempDir Path data;

  /** A call that is never answered would keep the communicator from ending. */
  @Test
  void aRegistryThatComesAfterTheEndIsAnswered() throws Exception {
    try (TestContext context = new TestContext(data, new LinuxLauncher("", "", ""))) {
      NodeSettings settings = context.settings();
      NodePrx node = NodePrx.uncheckedCast(context.adapter().createDirectProxy(settings.node()));
      NodeSessions sessions =
          new NodeSessions(
              context,
              new Platform(settings),
              node,
              new MasterSynchronisation(
                  context.directories(), new NodeServers(context), context.traces()));
      Identity master = settings.id("InternalRegistry-Master");
      InternalRegistryPrx proxy =
          InternalRegistryPrx.uncheckedCast(
              context.communicator().stringToProxy("x:tcp -h 127.0.0.1 -p 1"));
      sessions.end();
      for (Identity id : new Identity[] {master, settings.id("InternalRegistry-Slave")}) {
        sessions.registerWith(id, proxy).toCompletableFuture().get(60, TimeUnit.SECONDS);
      }
      assertThat(sessions.isNew()).isFalse();
    }
  }
}
