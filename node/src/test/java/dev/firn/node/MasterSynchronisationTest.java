package dev.firn.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.zeroc.Ice.Blobject;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.Object;
import com.zeroc.Ice.OutputStream;
import com.zeroc.Ice.UnknownException;
import com.zeroc.Ice.Util;
import com.zeroc.IceGrid.NodeSessionPrx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MasterSynchronisationTest {
  @TempDir Path data;

  private final List<String> calls = new ArrayList<>();
  private boolean failing = true;

  @Test
  void serversAreLoadedThoughTheCheckFailedAndItIsMadeUpFor() throws Exception {
    try (TestContext context = new TestContext(data, new LinuxLauncher("", "", ""))) {
      MasterSynchronisation synchronisation =
          new MasterSynchronisation(
              context.directories(), new NodeServers(context), context.traces());
      NodeSessionPrx session =
          NodeSessionPrx.uncheckedCast(
              context.adapter().add(new Session(), Util.stringToIdentity("session")));
      synchronisation.run(session);
      assertThat(calls).startsWith("getServers").endsWith("loadServers");
      calls.clear();
      failing = false;
      synchronisation.run(session);
      synchronisation.run(session);
      assertThat(calls).containsExactly("getServers", "loadServers", "loadServers");
    }
  }

  /** A master without servers, which may not be able to say so. */
  private final class Session implements Blobject {
    @Override
    public Object.Ice_invokeResult ice_invoke(byte[] arguments, Current current) {
      calls.add(current.operation);
      boolean asked = current.operation.equals("getServers");
      if (asked && failing) {
        throw new UnknownException();
      }
      OutputStream answer = new OutputStream(current.adapter.getCommunicator());
      answer.startEncapsulation();
      if (asked) {
        answer.writeStringSeq(new String[0]);
      }
      answer.endEncapsulation();
      return new Object.Ice_invokeResult(true, answer.finished());
    }
  }
}
