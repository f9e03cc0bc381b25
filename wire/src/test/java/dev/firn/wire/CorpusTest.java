package dev.firn.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.model.ApplicationDescriptor;
import dev.firn.model.DefaultTemplates;
import dev.firn.model.DescriptorParser;
import dev.firn.model.ExpandedApplication;
import dev.firn.model.ExpandedServer;
import dev.firn.model.Expansion;
import dev.firn.model.NodeVariables;
import dev.firn.model.ParseLimits;
import dev.firn.model.PropertyDescriptor;
import dev.firn.model.ServerConfiguration;
import dev.firn.model.ServerDescriptor;
import dev.firn.model.ServerLoading;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compares what becomes of descriptor files with what ZeroC's registry 3.7.8 made of them: {@code
 * src/test/python/expected.py} has written its answers beside the files.
 */
class CorpusTest {
  private static final Pattern ARGUMENTS = Pattern.compile("<!-- arguments: (.*?) -->");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "adapters",
        "defaults",
        "empty",
        "icebox",
        "includes",
        "overrides",
        "propertysets",
        "server",
        "variables"
      })
  void definitionAndExpansionAreThoseOfTheReference(String name) throws Exception {
    ApplicationDescriptor application = parse(name);
    List<String> lines = new ArrayList<>();
    DescriptorDump.dump(lines, "application", DescriptorWriter.application(application));
    ExpandedApplication expanded = Expansion.expand(application);
    for (ExpandedServer server : expanded.servers().values()) {
      DescriptorDump.dump(
          lines,
          "server{" + server.id() + "}@" + server.node(),
          DescriptorWriter.server(server.descriptor()));
    }
    assertThat(lines).isEqualTo(expected(name + ".expected"));
    assertThat(DescriptorReader.application(DescriptorWriter.application(application)))
        .isEqualTo(application);
  }

  @ParameterizedTest
  @ValueSource(strings = {"adapters", "defaults", "icebox", "includes", "server"})
  void whatNodesLoadIsThatOfTheReference(String name) throws Exception {
    List<String> expected = expected(name + ".loaded");
    NodeVariables node = node(expected);
    ExpandedApplication application = Expansion.expand(parse(name));
    List<String> descriptors = new ArrayList<>();
    Map<String, List<String>> files = new TreeMap<>();
    for (ExpandedServer server : application.servers().values()) {
      ServerDescriptor resolved = ServerLoading.resolve(server, application.name(), node, "");
      DescriptorDump.dump(
          descriptors,
          "server{" + server.id() + "}@" + server.node(),
          DescriptorWriter.server(resolved));
      ServerConfiguration.internal(resolved, node.dataDir(), application.name(), "uuid", 1, "")
          .properties()
          .forEach((file, lines) -> files.put(server.id() + "/" + file, text(lines)));
    }
    assertThat(descriptors)
        .isEqualTo(expected.stream().filter(line -> line.startsWith("server{")).toList());
    assertThat(files).isEqualTo(files(expected));
  }

  static ApplicationDescriptor parse(String name) throws Exception {
    Path file = resource(name + ".xml");
    List<String> targets = new ArrayList<>();
    Map<String, String> overrides = new TreeMap<>();
    Matcher arguments = ARGUMENTS.matcher(Files.readString(file));
    if (arguments.find()) {
      for (String argument : arguments.group(1).split(" ")) {
        int equals = argument.indexOf('=');
        if (equals < 0) {
          targets.add(argument);
        } else {
          overrides.put(argument.substring(0, equals), argument.substring(equals + 1));
        }
      }
    }
    return parser(new DescriptorXml(DescriptorXml.Limits.DEFAULT))
        .parse(file.toString(), targets, overrides);
  }

  /** With the default templates that ZeroC's registry had. */
  private static DescriptorParser parser(DescriptorXml xml) {
    DefaultTemplates defaults =
        () -> {
          try {
            return Optional.of(
                new DescriptorParser(xml, DefaultTemplates.NONE, ParseLimits.DEFAULT)
                    .parse(resource("inc/default-templates.xml").toString(), List.of(), Map.of())
                    .withName(""));
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        };
    return new DescriptorParser(xml, defaults, ParseLimits.DEFAULT);
  }

  private static NodeVariables node(List<String> lines) {
    Map<String, String> values = new TreeMap<>();
    for (String line : lines.subList(0, 6)) {
      int equals = line.indexOf(" = ");
      values.put(line.substring(5, equals), line.substring(equals + 4, line.length() - 1));
    }
    return new NodeVariables(
        "n",
        values.getOrDefault("os", ""),
        values.getOrDefault("hostname", ""),
        values.getOrDefault("release", ""),
        values.getOrDefault("version", ""),
        values.getOrDefault("machine", ""),
        values.getOrDefault("dataDir", ""));
  }

  private static List<String> text(List<PropertyDescriptor> lines) {
    return lines.stream()
        .map(
            line ->
                line.name().startsWith("#") && line.value().isEmpty()
                    ? line.name()
                    : line.name() + "=" + line.value())
        .toList();
  }

  /** The files as the node wrote them, without what it added by itself. */
  private static Map<String, List<String>> files(List<String> lines) {
    Map<String, List<String>> files = new TreeMap<>();
    for (String line : lines) {
      if (line.startsWith("file{")) {
        int end = line.indexOf("} ");
        String content = line.substring(end + 2);
        List<String> file =
            files.computeIfAbsent(line.substring(5, end), name -> new ArrayList<>());
        if (!content.isEmpty()
            && !content.startsWith("# Configuration file")
            && !content.startsWith("Ice.Default.Locator=")) {
          file.add(content);
        }
      }
    }
    return files;
  }

  static List<String> expected(String name) throws Exception {
    return Files.readAllLines(resource(name));
  }

  static Path resource(String name) throws URISyntaxException {
    var url = CorpusTest.class.getResource("descriptors/" + name);
    if (url == null) {
      throw new IllegalArgumentException("no such resource: " + name);
    }
    return Path.of(url.toURI());
  }
}
