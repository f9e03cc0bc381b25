package dev.firn.model;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SubstitutionTest {
  private static final NodeVariables NODE =
      new NodeVariables("n", "Linux", "host", "6", "v", "x86_64", "/data");

  @Test
  void escapesAreHalvedOnceOverBothPasses() throws Exception {
    assertThat(value("$${name}")).isEqualTo("${name}");
    assertThat(value("$$${name}")).isEqualTo("$S1");
    assertThat(value("$$$${name}")).isEqualTo("$${name}");
    assertThat(value("$$$$$$$${name}")).isEqualTo("$$$${name}");
    assertThat(value("${v}")).isEqualTo("${e}");
    assertThat(value("US$$55 $")).isEqualTo("US$$55 $");
  }

  @Test
  void dollarsBeforeWhatTheNodeSaysAreHalvedOnce() throws Exception {
    assertThat(value("${node.os}")).isEqualTo("Linux");
    assertThat(value("$${node.os}")).isEqualTo("${node.os}");
    assertThat(value("$$${node.os}")).isEqualTo("$Linux");
    assertThat(value("$$$$${node.os}")).isEqualTo("$$Linux");
    assertThat(value("${server.data}|${node.data}|${node.datadir}"))
        .isEqualTo("/data/servers/S1/data|/data|/data");
  }

  @Test
  void aServerThatNoSessionHasKeepsTheNameOfTheSession() throws Exception {
    ServerDescriptor server =
        ServerDescriptor.builder("S1", "${node.os}/${session.id}").activation("session").build();
    ExpandedServer expanded = expand(Map.of(), server);

    assertThat(ServerLoading.resolve(expanded, "App", NODE, "").exe())
        .isEqualTo("Linux/${session.id}");
    assertThat(ServerLoading.resolve(expanded, "App", NODE, "alice").exe())
        .isEqualTo("Linux/alice");
  }

  @Test
  void aServerWithoutNamesIsLoadedAsItIs() throws Exception {
    ExpandedServer expanded = expand(Map.of("v", "value"), server("${v}"));

    assertThat(ServerLoading.resolve(expanded, "App", NODE, "")).isSameAs(expanded.descriptor());
  }

  @Test
  void namesAreReplacedWhereverTheyStand() throws Exception {
    String os = "${node.os}";
    List<PropertyDescriptor> properties =
        List.of(new PropertyDescriptor("A.Endpoints", "tcp"), new PropertyDescriptor("B", "plain"));
    List<ServerDescriptor> servers = new ArrayList<>();
    servers.add(plain(properties).options(List.of("x", os)).build());
    servers.add(plain(properties).envs(List.of(os)).build());
    servers.add(plain(properties).pwd(os).build());
    servers.add(plain(properties).user(os).build());
    servers.add(plain(properties).distrib(new DistributionDescriptor(os, List.of())).build());
    servers.add(plain(properties).distrib(new DistributionDescriptor("p", List.of(os))).build());
    servers.add(ServerDescriptor.builder("S1", os).build());
    ObjectId object = new ObjectId("object", "");
    servers.add(communicator(properties, "", new ObjectDescriptor(object, os, ""), "", ""));
    ObjectDescriptor plain = new ObjectDescriptor(object, "::T", "");
    servers.add(communicator(properties, os, plain, "", ""));
    servers.add(communicator(properties, "", plain, os, ""));
    servers.add(communicator(properties, "", plain, "", os));
    List<PropertyDescriptor> named = new ArrayList<>(properties);
    named.add(new PropertyDescriptor(os, ""));
    servers.add(plain(named).build());
    servers.add(
        ServerDescriptor.builder("S1", "exe")
            .services(
                List.of(
                    ServiceInstanceDescriptor.of(
                        new ServiceDescriptor(CommunicatorDescriptor.EMPTY, "service", os))))
            .build());

    for (ServerDescriptor server : servers) {
      ServerDescriptor resolved = ServerLoading.resolve(expand(Map.of(), server), "App", NODE, "");
      assertThat(resolved.toString()).contains("Linux").doesNotContain("${");
    }
  }

  private static ServerDescriptor.Builder plain(List<PropertyDescriptor> properties) {
    return ServerDescriptor.builder("S1", "exe")
        .communicator(
            CommunicatorDescriptor.EMPTY.withPropertySet(PropertySetDescriptor.of(properties)));
  }

  private static ServerDescriptor communicator(
      List<PropertyDescriptor> properties,
      String description,
      ObjectDescriptor object,
      String log,
      String dbHome) {
    var adapter =
        new AdapterDescriptor(
            "A", description, "A1", "", "", false, true, List.of(object), List.of());
    var communicator =
        new CommunicatorDescriptor(
            List.of(adapter),
            PropertySetDescriptor.of(properties),
            List.of(new DbEnvDescriptor("db", "", dbHome, List.of())),
            log.isEmpty() ? List.of() : List.of(log),
            "");
    return ServerDescriptor.builder("S1", "exe").communicator(communicator).build();
  }

  @Test
  void variablesThatReferToEachOtherAreAnError() {
    assertThatThrownBy(() -> expand(Map.of("a", "x${b}", "b", "${a}"), server("${a}")))
        .isInstanceOf(DescriptorException.class)
        .hasMessageContaining("variable `a' refers to itself: a -> b -> a");
    assertThatThrownBy(() -> expand(Map.of("a", "${a}"), server("${a}")))
        .hasMessageContaining("variable `a' refers to itself: a -> a");
  }

  @Test
  void longChainsOfVariablesAreAnErrorNotAnOverflow() {
    Map<String, String> chain = new TreeMap<>();
    for (int i = 0; i < 100_000; i++) {
      chain.put("v" + i, "${v" + (i + 1) + "}");
    }
    assertThatThrownBy(() -> expand(chain, server("${v0}")))
        .isInstanceOf(DescriptorException.class)
        .hasMessageContaining("too many variables within variables");
  }

  @Test
  void variablesThatDoubleEachOtherAreAnErrorWhateverTheyHold() {
    for (String last : List.of("x", "")) {
      Map<String, String> bomb = new TreeMap<>();
      for (int i = 0; i < 40; i++) {
        bomb.put("v" + i, "${v" + (i + 1) + "}${v" + (i + 1) + "}");
      }
      bomb.put("v40", last);
      assertThatThrownBy(() -> expand(bomb, server("${v0}")))
          .isInstanceOf(DescriptorException.class)
          .hasMessageMatching("(?s).*(takes more than|too many variables).*");
    }
  }

  @Test
  void anApplicationCannotGrowWithoutBound() {
    List<ServerDescriptor> servers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      servers.add(Applications.server("s" + i, "p", "${v}"));
    }
    ApplicationDescriptor application =
        Applications.of(Map.of("v", "x".repeat(100)), servers.toArray(ServerDescriptor[]::new));
    ExpansionLimits limits = new ExpansionLimits(1000, 1000, 1000, 1500);

    assertThatThrownBy(() -> Expansion.expand(application, limits))
        .isInstanceOf(DescriptorException.class)
        .hasMessageContaining("more than 1500 characters");
  }

  private static ServerDescriptor server(String value) {
    return Applications.server("S1", "p", value);
  }

  private static ExpandedServer expand(Map<String, String> variables, ServerDescriptor server)
      throws DescriptorException {
    ExpandedServer expanded =
        Expansion.expand(Applications.of(variables, server)).servers().get("S1");
    return requireNonNull(expanded);
  }

  /** What a value becomes over both passes. */
  private static String value(String value) throws DescriptorException {
    ExpandedServer expanded = expand(Map.of("name", "${server}", "v", "$${e}"), server(value));
    return ServerLoading.resolve(expanded, "App", NODE, "")
        .communicator()
        .propertySet()
        .value("p")
        .orElseThrow();
  }
}
