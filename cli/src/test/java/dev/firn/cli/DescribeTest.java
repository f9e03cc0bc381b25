package dev.firn.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firn.model.ApplicationDescriptor;
import dev.firn.model.ApplicationInfo;
import dev.firn.model.ExpandedApplication;
import dev.firn.model.Expansion;
import dev.firn.model.NodeVariables;
import dev.firn.model.ServerDescriptor;
import dev.firn.model.ServerLoading;
import dev.firn.wire.DescriptorReader;
import dev.firn.wire.DescriptorWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What describe and diff print, against what ZeroC's icegridadmin 3.7.8 printed for the same
 * application; only its misspelt words and the quotes that it misplaced were put right by hand.
 */
class DescribeTest {

  private static final Path RESOURCES = resources();
  private static final long TIME_MILLIS = 1_795_325_290_954L; // 11/22/26 05:28:10.954 UTC

  private static Path resources() {
    try {
      return Path.of(requireNonNull(DescribeTest.class.getResource("/deployment")).toURI());
    } catch (URISyntaxException exception) {
      throw new IllegalStateException(exception);
    }
  }

  /** The recorded output by command. */
  private static Map<String, String> recorded() throws Exception {
    Map<String, String> outputs = new TreeMap<>();
    String text = Files.readString(RESOURCES.resolve("expected.txt"), UTF_8);
    for (String part : text.substring(2).split("\n> ", -1)) {
      int end = part.indexOf('\n');
      String output = part.substring(end + 1);
      outputs.put(part.substring(0, end), output.endsWith("\n") ? output : output + "\n");
    }
    return outputs;
  }

  static Stream<String> commands() throws Exception {
    return recorded().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void printsWhatTheReferencePrints(String command) throws Exception {
    assertThat(run(command.split(" "))).isEqualTo(recorded().get(command));
  }

  private static String run(String... words) throws Exception {
    ApplicationInfo info = info(parse(List.of("app.xml")));
    ExpandedApplication expanded = Expansion.expand(info.descriptor());
    String last = words[words.length - 1];
    return switch (String.join(" ", Arrays.copyOf(words, 2))) {
      case "application describe" ->
          ApplicationLayout.application(info, expanded, ZoneId.of("UTC"));
      case "server describe" -> {
        var server = requireNonNull(expanded.servers().get(last));
        yield ServerLayout.server(
            new ServerLayout.Place("App", "UUID", 1, server.node(), ""), loaded(info, last));
      }
      case "server template" ->
          ServerLayout.serverTemplate(
              last, requireNonNull(info.descriptor().serverTemplates().get(last)));
      case "service template" ->
          ServerLayout.serviceTemplate(
              last, requireNonNull(info.descriptor().serviceTemplates().get(last)));
      case "service describe" ->
          ServerLayout.service(
              loaded(info, words[2]).services().stream()
                  .flatMap(service -> service.descriptor().stream())
                  .filter(service -> service.name().equals(last))
                  .findFirst()
                  .orElseThrow());
      case "application diff" -> {
        boolean servers = words[2].equals("-s");
        Update update =
            Update.between(
                info, parse(Arrays.asList(words).subList(servers ? 3 : 2, words.length)));
        yield servers
            ? DiffLayout.servers("App", update.plan())
            : DiffLayout.definition(update.changes(), update.before(), update.after());
      }
      default -> throw new IllegalArgumentException(String.join(" ", words));
    };
  }

  /** As the registry tells of it. */
  private static ServerDescriptor loaded(ApplicationInfo info, String id) throws Exception {
    var expanded = Expansion.expand(info.descriptor());
    var server = requireNonNull(expanded.servers().get(id));
    var node =
        new NodeVariables(
            server.node(), "Linux", "host", "6", "1", "x86_64", "/var/" + server.node());
    return ServerLoading.resolve(server, "App", node, "");
  }

  /** What went to a registry and came back. */
  private static ApplicationInfo info(ApplicationDescriptor descriptor) throws Exception {
    return new ApplicationInfo(
        "UUID",
        TIME_MILLIS,
        "a",
        TIME_MILLIS,
        "a",
        1,
        DescriptorReader.application(DescriptorWriter.application(descriptor)));
  }

  private static ApplicationDescriptor parse(List<String> arguments) throws CommandException {
    var files = new ApplicationFiles(null);
    var all = new ArrayList<>(arguments);
    all.set(0, RESOURCES.resolve(arguments.get(0)).toString());
    return files.parse(all);
  }

  @Test
  void servicesOfTemplatesAreListedByTheirTemplate() throws Exception {
    assertThat(run("server", "template", "describe", "App", "BoxT"))
        .isEqualTo(
            """
            server template `BoxT'
            {
                parameters = `n'
                icebox `BoxT-${n}'
                {
                    service manager endpoints = `'
                    exe = `icebox'
                    activation = `manual'
                    services
                    {
                        instance of `Svc'
                        {
                            name = `inner${n}'
                        }
                        plain
                    }
                }
            }
            """);
  }

  @Test
  void aPlanTellsWhichServersRestartAndWhy() throws Exception {
    Update update = Update.between(info(parse(List.of("app.xml"))), parse(List.of("changed.xml")));
    assertThat(
            PlanLayout.plan(update, id -> id.equals("Sleeper") ? "running now" : "not running now"))
        .isEqualTo(Files.readString(RESOURCES.resolve("plan.txt"), UTF_8));
  }

  @Test
  void whatIsWrongInAFileIsToldWithItsPlaceAndTheExpectedForm() throws Exception {
    assertThatThrownBy(() -> parse(List.of("bad.xml")))
        .isInstanceOf(CommandException.class)
        .hasMessageStartingWith("::IceXML::ParserException\nerror in <")
        .hasMessageEndingWith(
            """
            bad.xml> descriptor, line 4, column 7:
            unknown attributes in <server>: host; expected <server id="..." exe="..." \
            [activation="..."] [activation-timeout="..."] [deactivation-timeout="..."] [pwd="..."] \
            [user="..."] [ice-version="..."] [allocatable="..."] [application-distrib="..."]>""");
  }
}
