package dev.firn.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.zeroc.Ice.Identity;
import com.zeroc.Ice.IdentityParseException;
import com.zeroc.Ice.ToStringMode;
import com.zeroc.Ice.Util;
import dev.firn.model.ApplicationDescriptor;
import dev.firn.model.ApplicationDiff;
import dev.firn.model.ApplicationEntry;
import dev.firn.model.ApplicationInfo;
import dev.firn.model.ExpandedServer;
import dev.firn.model.Expansion;
import dev.firn.model.IdentityText;
import dev.firn.model.ObjectId;
import dev.firn.model.ServerConfiguration;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The model's descriptors and Ice's, there and back. */
class DescriptorMappingTest {
  @ParameterizedTest
  @ValueSource(strings = {"adapters", "defaults", "icebox", "propertysets", "server", "variables"})
  void whatTheDatabaseHoldsIsWhatWasDeployed(String name) throws Exception {
    ApplicationDescriptor application = CorpusTest.parse(name);
    ApplicationInfo info = new ApplicationInfo("uuid", 1, "a", 2, "b", 3, application);

    assertThat(DescriptorReader.info(DescriptorWriter.bytes(ApplicationEntry.of(info))))
        .isEqualTo(info);
    for (ExpandedServer server : Expansion.expand(application).servers().values()) {
      assertThat(DescriptorReader.server(DescriptorWriter.server(server.descriptor())))
          .isEqualTo(server.descriptor());
      var internal =
          ServerConfiguration.internal(server.descriptor(), "/d", "App", "uuid", 7, "session");
      assertThat(InternalDescriptors.read(InternalDescriptors.write(internal)))
          .isEqualTo(Optional.of(internal));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"adapters", "icebox", "propertysets", "server", "variables"})
  void updatesAreTheSameAfterTheirJourney(String name) throws Exception {
    ApplicationDescriptor application = CorpusTest.parse(name);
    ApplicationDescriptor empty = ApplicationDescriptor.named(application.name());
    for (var update :
        new dev.firn.model.ApplicationUpdateDescriptor[] {
          ApplicationDiff.between(empty, application), ApplicationDiff.between(application, empty)
        }) {
      assertThat(UpdateReader.update(DescriptorWriter.update(update))).isEqualTo(update);
    }
  }

  @Property(seed = "20261122")
  void identitiesAreWrittenAsIceDoes(
      @ForAll("texts") String name, @ForAll("texts") String category) {
    ObjectId id = new ObjectId(name, category);
    String text = IdentityText.format(id);

    assertThat(text)
        .isEqualTo(Util.identityToString(new Identity(name, category), ToStringMode.Unicode));
    assertThat(IdentityText.parse(text)).contains(id);
  }

  @Property(seed = "20261122")
  void identitiesAreReadAsIceDoes(@ForAll("texts") String text) {
    Identity identity;
    try {
      identity = Util.stringToIdentity(text);
    } catch (IdentityParseException e) {
      assertThat(IdentityText.parse(text)).isEmpty();
      return;
    }
    Assume.that(identity.name.indexOf('\ufffd') < 0 && identity.category.indexOf('\ufffd') < 0);
    assertThat(IdentityText.parse(text)).contains(new ObjectId(identity.name, identity.category));
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars("ab/\\\"'nx01u ?ü\n\u0007\u007f").ofMaxLength(12);
  }
}
