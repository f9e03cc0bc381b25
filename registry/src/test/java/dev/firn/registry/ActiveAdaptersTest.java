package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Util;
import com.zeroc.IceGrid.AdapterDynamicInfo;
import com.zeroc.IceGrid.ServerDynamicInfo;
import com.zeroc.IceGrid.ServerState;
import dev.firn.model.EncodedProxy;
import dev.firn.wire.Mapping;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ActiveAdaptersTest {
  private final Communicator communicator = Util.initialize();
  private final ActiveAdapters active = new ActiveAdapters(communicator);
  private final EncodedProxy proxy =
      Mapping.encode(communicator, communicator.stringToProxy("dummy:tcp -h 127.0.0.1 -p 1"));

  @AfterEach
  void destroy() {
    communicator.destroy();
  }

  private void update(boolean isActive) {
    active.updateAdapter(
        "n",
        new AdapterDynamicInfo(
            "a", isActive ? communicator.stringToProxy("x:tcp -h 127.0.0.1 -p 1") : null));
  }

  @Test
  void adapterIsKnownFromItsNodesWordUntilTheNextOne() {
    update(true);
    assertThat(active.find("a", "n")).isEqualTo(proxy);
    assertThat(active.find("a", "other")).isNull();
    update(false);
    assertThat(active.find("a", "n")).isNull();
    update(true);
    active.nodeDown("n");
    assertThat(active.find("a", "n")).isNull();
  }

  @Test
  void answerThatSomethingOvertookIsNotLearned() {
    long stamp = active.stamp("a");
    update(false);
    active.learned("a", "n", stamp, proxy);
    assertThat(active.find("a", "n")).isNull();
    active.learned("a", "n", active.stamp("a"), proxy);
    assertThat(active.find("a", "n")).isEqualTo(proxy);
    active.forget("a");
    assertThat(active.find("a", "n")).isNull();
  }

  @Test
  void disabledServersAreToldOnceAndEnabledWhenTheirNodeGoes() {
    List<String> told = new ArrayList<>();
    active.onEnabled((server, enabled) -> told.add(server + enabled));
    active.updateServer("n", new ServerDynamicInfo("s", ServerState.Inactive, 0, false));
    active.updateServer("n", new ServerDynamicInfo("s", ServerState.Active, 1, false));
    assertThat(active.isEnabled("s")).isFalse();
    active.nodeDown("n");
    assertThat(active.isEnabled("s")).isTrue();
    assertThat(told).containsExactly("sfalse", "strue");
  }
}
