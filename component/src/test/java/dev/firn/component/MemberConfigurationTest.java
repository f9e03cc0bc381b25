package dev.firn.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.OutputStream;
import com.zeroc.Ice.Util;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationGroup;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationItem;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.SerialConflict;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which groups are one, for an instance that knows their class. */
class MemberConfigurationTest {
  private final Communicator communicator = Util.initialize();
  private final MemberConfiguration empty =
      MemberConfiguration.empty(new Configurations(communicator));

  @AfterEach
  void close() {
    communicator.destroy();
  }

  /** As made from Slice, with a member that is no name. */
  private static final class Transport extends ConfigurationGroup {
    private static final String ID = "::Test::Transport";
    private final String name;
    private final int port;

    Transport(String name, int port, String item, int serial) {
      super(new HashMap<>(Map.of(item, new ConfigurationItem(serial))));
      this.name = name;
      this.port = port;
    }

    @Override
    public String ice_id() {
      return ID;
    }

    @Override
    protected void _iceWriteImpl(OutputStream out) {
      out.startSlice(ID, -1, false);
      out.writeString(name);
      out.writeInt(port);
      out.endSlice();
      super._iceWriteImpl(out);
    }
  }

  private static ConfigurationGroup[] one(String name, int port, String item, int serial) {
    return new ConfigurationGroup[] {new Transport(name, port, item, serial)};
  }

  @Test
  void equalMembersAreOneGroup() throws SerialConflict {
    MemberConfiguration two = empty.with(one("udp", 1, "a", 5)).with(one("udp", 1, "b", 1));
    assertThat(two.all()).singleElement().extracting(g -> g.configurationItems.size()).isEqualTo(2);
    assertThatThrownBy(() -> two.with(one("udp", 1, "a", 4))).isInstanceOf(SerialConflict.class);
    assertThat(two.withoutGroups(one("udp", 1, "a", 5)).all()).isEmpty();
  }

  /** As it is for the state replicator, which cannot know what a name is. */
  @Test
  void anyOtherMemberMakesAnotherGroup() throws SerialConflict {
    MemberConfiguration two = empty.with(one("udp", 1, "a", 5)).with(one("udp", 2, "a", 1));
    assertThat(two.all()).hasSize(2);
    assertThat(two.whole(one("udp", 2, "", 0))[0].configurationItems.get("a"))
        .isNotNull()
        .extracting(item -> item.serialNumber)
        .isEqualTo(1);
    assertThat(two.withoutGroups(one("udp", 1, "a", 5)).all()).hasSize(1);
  }
}
