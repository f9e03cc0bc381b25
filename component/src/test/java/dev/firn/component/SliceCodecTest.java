package dev.firn.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.MarshalException;
import com.zeroc.Ice.Util;
import com.zeroc.Ice.Value;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationGroup;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationItem;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Slice types as values of the state; of classes in a package that no property names. */
class SliceCodecTest {
  private final Communicator communicator = Util.initialize();

  @AfterEach
  void destroy() {
    communicator.destroy();
  }

  private <T extends Value> StateCodec<T> codec(Class<T> type) {
    return SliceCodec.ofClass(() -> communicator, type);
  }

  @Test
  void aClassIsReadAsItWasWritten() {
    StateCodec<ConfigurationItem> codec = codec(ConfigurationItem.class);
    assertThat(codec.typeId())
        .isEqualTo("::AsteriskSCF::System::Configuration::V1::ConfigurationItem");
    byte[] bytes = codec.encode().apply(new ConfigurationItem(7));
    assertThat(codec.decode().apply(bytes).serialNumber).isEqualTo(7);
    assertThat(codec.decode().apply(codec.encode().apply(codec.decode().apply(bytes))).serialNumber)
        .isEqualTo(7);
  }

  @Test
  void membersThatAreClassesComeAlong() {
    communicator.getProperties().setProperty("Ice.Package.AsteriskSCF", "dev.firn.wire");
    StateCodec<ConfigurationGroup> codec = codec(ConfigurationGroup.class);
    ConfigurationItem shared = new ConfigurationItem(3);
    byte[] bytes =
        codec.encode().apply(new ConfigurationGroup(Map.of("one", shared, "two", shared)));
    ConfigurationGroup read = codec.decode().apply(bytes);
    assertThat(read.configurationItems).containsOnlyKeys("one", "two");
    assertThat(read.configurationItems.get("one"))
        .isSameAs(read.configurationItems.get("two"))
        .extracting(item -> item.serialNumber)
        .isEqualTo(3);
  }

  @Test
  void aStructIsReadAsItWasWritten() {
    StateCodec<Identity> codec =
        SliceCodec.of(
            () -> communicator, "::Ice::Identity", Identity::ice_write, Identity::ice_read);
    assertThat(codec.typeId()).isEqualTo("::Ice::Identity");
    Identity identity = new Identity("näme", "category");
    assertThat(codec.decode().apply(codec.encode().apply(identity))).isEqualTo(identity);
  }

  @Test
  void whatIsNoValueIsRefused() {
    StateCodec<ConfigurationItem> codec = codec(ConfigurationItem.class);
    byte[] bytes = codec.encode().apply(new ConfigurationItem(7));
    assertThatThrownBy(() -> codec.decode().apply(new byte[3]))
        .isInstanceOf(MarshalException.class);
    bytes[0]++;
    assertThatThrownBy(() -> codec.decode().apply(bytes)).isInstanceOf(MarshalException.class);
    byte[] none = codec.encode().apply(null);
    assertThatThrownBy(() -> codec.decode().apply(none))
        .isInstanceOfSatisfying(
            MarshalException.class, e -> assertThat(e.reason).contains("ConfigurationItem"));
  }

  @Test
  void aClassThatIceDidNotMakeIsNamed() {
    assertThatThrownBy(() -> codec(Value.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("com.zeroc.Ice.Value");
  }

  @Test
  void aComponentHasNoCommunicatorBeforeItsStart() {
    ReplicatedComponent component = ReplicatedComponent.compose().build();
    assertThatThrownBy(component::communicator)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("not started");
    component.runsIn(communicator);
    assertThat(component.communicator()).isSameAs(communicator);
  }
}
