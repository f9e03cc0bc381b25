package dev.firn.registry;

import dev.firn.model.AdapterEntry;
import dev.firn.model.ApplicationEntry;
import dev.firn.model.ApplicationInfo;
import dev.firn.model.DefaultTemplates;
import dev.firn.model.DescriptorFileException;
import dev.firn.model.DescriptorParser;
import dev.firn.model.Epoch;
import dev.firn.model.ObjectEntry;
import dev.firn.model.ParseLimits;
import dev.firn.model.RegistryTables;
import dev.firn.model.Serials;
import dev.firn.wire.DescriptorXml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Tables with an application of which the test gives the inside in XML. */
final class TestTables {
  private TestTables() {}

  static RegistryTables of(String content, List<AdapterEntry> adapters, List<ObjectEntry> objects) {
    return RegistryTables.of(
        List.of(application(content)), adapters, objects, List.of(), Serials.INITIAL, Epoch.NONE);
  }

  static RegistryTables of(String content) {
    return of(content, List.of(), List.of());
  }

  private static ApplicationEntry application(String content) {
    try {
      Path file = Files.createTempFile("application", ".xml");
      try {
        Files.writeString(
            file, "<icegrid><application name='app'>" + content + "</application></icegrid>");
        var parser =
            new DescriptorParser(
                new DescriptorXml(DescriptorXml.Limits.DEFAULT),
                DefaultTemplates.NONE,
                ParseLimits.DEFAULT);
        var descriptor = parser.parse(file.toString(), List.of(), Map.of());
        return ApplicationEntry.of(
            new ApplicationInfo("uuid", 0, "user", 0, "user", 1, descriptor));
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (DescriptorFileException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** A server with one adapter of the same id, in group {@code g}, on a node of its own. */
  static String member(String id, String attributes) {
    return "<node name='node-"
        + id
        + "'><server id='"
        + id
        + "' exe='/bin/x' activation='on-demand'><adapter name='A' id='"
        + id
        + "' replica-group='g' endpoints='tcp' "
        + attributes
        + "/></server></node>";
  }

  /** Group {@code g} with this policy and these members. */
  static String group(String policy, String... members) {
    StringBuilder content =
        new StringBuilder("<replica-group id='g'>")
            .append(policy.isEmpty() ? "" : "<load-balancing " + policy + "/>")
            .append("</replica-group>");
    for (String member : members) {
      content.append(member(member, ""));
    }
    return content.toString();
  }
}
