package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.model.ApplicationDescriptor;
import dev.firn.model.DescriptorParser;
import dev.firn.model.ExpandedApplication;
import dev.firn.model.Expansion;
import dev.firn.model.ParseLimits;
import dev.firn.model.SortedNames;
import dev.firn.wire.DescriptorXml;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The templates that come with the product. */
class DefaultTemplatesTest {

  private static final Path HOME = Path.of(System.getProperty("firn.home", ".."));

  @TempDir Path directory;

  private static ApplicationDescriptor templates() throws Exception {
    String file = HOME.resolve("dist/templates.xml").toString();
    return new ApplicationFiles(null).parse(file, List.of(), SortedNames.empty());
  }

  @Test
  void theyHaveTheNamesAndParametersOfThoseThatTheyReplace() throws Exception {
    ApplicationDescriptor templates = templates();
    assertThat(templates.serverTemplates().keySet())
        .containsExactly("Glacier2", "IcePatch2", "IceStorm", "IceStorm-HA");
    assertThat(templates.serviceTemplates().keySet()).containsExactly("IceStorm", "IceStorm-HA");
    assertThat(templates.nodes()).isEmpty();
    List<String> storm =
        List.of("instance-name", "topic-manager-endpoints", "publish-endpoints", "flush-timeout");
    List<String> replica =
        List.of(
            "instance-name",
            "node-id",
            "topic-manager-endpoints",
            "publish-endpoints",
            "node-endpoints",
            "flush-timeout",
            "publish-replica-group",
            "topic-manager-replica-group");
    templates
        .serverTemplates()
        .forEach(
            (id, template) -> {
              List<String> parameters =
                  template.parameters().stream().filter(name -> !name.equals("exe")).toList();
              assertThat(parameters)
                  .as(id)
                  .isEqualTo(
                      switch (id) {
                        case "Glacier2" ->
                            List.of(
                                "instance-name",
                                "client-endpoints",
                                "server-endpoints",
                                "session-timeout");
                        case "IcePatch2" -> List.of("instance-name", "endpoints", "directory");
                        case "IceStorm" -> storm;
                        default -> replica;
                      });
              // What was added must not be asked for.
              assertThat(template.parameters().contains("exe"))
                  .isEqualTo(template.parameterDefaults().containsKey("exe"));
            });
    templates
        .serviceTemplates()
        .forEach(
            (id, template) ->
                assertThat(template.parameters())
                    .isEqualTo(id.equals("IceStorm") ? storm : replica));
  }

  @Test
  void anApplicationMadeOfAllOfThemCanBeDeployed() throws Exception {
    Path file = directory.resolve("all.xml");
    Files.writeString(
        file,
        """
        <icegrid><application name="All" import-default-templates="true">
          <replica-group id="TM"/><replica-group id="P"/>
          <node name="n">
            <server-instance template="Glacier2" client-endpoints="tcp -p 4063"/>
            <server-instance template="IcePatch2" directory="/var/files"/>
            <server-instance template="IceStorm"/>
            <server-instance template="IceStorm-HA" instance-name="HA" node-id="1" exe="/opt/icebox"
                             publish-replica-group="P" topic-manager-replica-group="TM"/>
          </node>
        </application></icegrid>
        """);
    ApplicationDescriptor templates = templates();
    ExpandedApplication all =
        Expansion.expand(
            new DescriptorParser(
                    new DescriptorXml(DescriptorXml.Limits.DEFAULT),
                    () -> Optional.of(templates),
                    ParseLimits.DEFAULT)
                .parse(file.toString(), List.of(), SortedNames.empty()));
    assertThat(all.servers().keySet())
        .containsExactly("All.Glacier2", "All.IcePatch2", "All.IceStorm", "HA1");
    assertThat(all.servers().values())
        .extracting(server -> server.descriptor().exe())
        .containsExactly("glacier2router", "icepatch2server", "icebox", "/opt/icebox");
    assertThat(all.servers().get("HA1"))
        .isNotNull()
        .satisfies(
            server ->
                assertThat(server.adapters())
                    .extracting(adapter -> adapter.id() + " " + adapter.replicaGroupId())
                    .containsExactly("HA1.TopicManager TM", "HA1.Publish P", "HA1.Node "));
  }
}
