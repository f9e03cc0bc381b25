package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A directory with the configuration of a registry, a node and an application, as made for ZeroC's
 * programs: whose programs run it is decided by the PATH alone.
 */
@EachGrid
class DeployConfigurationTest {
  private Lab lab;
  private Implementation programs;
  private Path home;
  private int port;

  @Initializer
  void choose(GridMix mix) {
    programs = mix.registry() == mix.node() ? mix.node() : Implementation.ZEROC;
  }

  @AfterEach
  void close() {
    lab.close();
  }

  @BeforeEach
  void configure() {
    lab = new Lab();
    home = lab.subdirectory("grid");
    port = Ports.free();
    write(
        "config.registry",
        """
        #
        # The IceGrid instance name.
        #
        IceGrid.InstanceName=DemoIceGrid

        Ice.Default.Host=127.0.0.1
        IceGrid.Registry.Client.Endpoints=default -p %d
        IceGrid.Registry.Server.Endpoints=default
        IceGrid.Registry.Internal.Endpoints=default
        IceGrid.Registry.LMDB.Path=db/registry
        IceGrid.Registry.PermissionsVerifier=DemoIceGrid/NullPermissionsVerifier
        IceGrid.Registry.AdminPermissionsVerifier=DemoIceGrid/NullPermissionsVerifier
        IceGrid.Registry.Discovery.Enabled=0
        Ice.PrintAdapterReady=1
        """
            .formatted(port));
    write(
        "config.node",
        """
        Ice.Default.Locator=DemoIceGrid/Locator:default -h 127.0.0.1 -p %d
        Ice.Default.Host=127.0.0.1
        IceGrid.Node.Name=localhost
        IceGrid.Node.Endpoints=default
        IceGrid.Node.Data=db/node
        IceGrid.Node.Output=db
        IceGrid.Node.CollocateRegistry=0
        IceGrid.Node.AllowRunningServersAsRoot=1
        IceGrid.Node.PrintServersReady=node
        """
            .formatted(port));
    write(
        "config.admin",
        """
        Ice.Default.Locator=DemoIceGrid/Locator:default -h 127.0.0.1 -p %d
        IceGridAdmin.Username=foo
        IceGridAdmin.Password=bar
        """
            .formatted(port));
    String script =
        Implementation.HOME.resolve("system-tests/src/test/python/deployed.py").toString();
    write(
        "application.xml",
        """
        <icegrid>
          <application name="Demo">
            <variable name="account" value="%s"/>
            <replica-group id="Hellos">
              <load-balancing type="round-robin" n-replicas="1"/>
              <object identity="hello" type="::Deployed::Server"/>
            </replica-group>
            <server-template id="Hello">
              <parameter name="index"/>
              <server id="hello-${index}" exe="%s" activation="on-demand" user="${account}">
                <option>-s</option>
                <option>-B</option>
                <option>%s</option>
                <env>INDEX=${index}</env>
                <adapter name="Hello" endpoints="tcp -h 127.0.0.1" replica-group="Hellos"/>
                <property name="Greeting" value="Hello from ${server} on ${node}"/>
              </server>
            </server-template>
            <service-template id="Storm">
              <parameter name="name"/>
              <service name="${name}" entry="IceStormService,37:createIceStorm">
                <dbenv name="${service}"/>
                <adapter name="${service}.TopicManager" id="${server}.TopicManager" endpoints="tcp -h 127.0.0.1"/>
                <adapter name="${service}.Publish" id="${server}.Publish" endpoints="tcp -h 127.0.0.1"/>
                <property name="${service}.InstanceName" value="DemoIceStorm"/>
                <property name="${service}.LMDB.Path" value="${service.data}"/>
              </service>
            </service-template>
            <node name="localhost">
              <server-instance template="Hello" index="1"/>
              <server-instance template="Hello" index="2"/>
              <icebox id="storm" exe="icebox" activation="on-demand" user="${account}">
                <service-instance template="Storm" name="IceStorm"/>
                <property name="Ice.Default.Host" value="127.0.0.1"/>
              </icebox>
            </node>
          </application>
        </icegrid>
        """
            .formatted(System.getProperty("user.name"), Peers.PYTHON, script));
  }

  private void write(String name, String text) {
    try {
      Files.createDirectories(home.resolve("db/registry"));
      Files.createDirectories(home.resolve("db/node"));
      Files.writeString(home.resolve(name), text);
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  /** As an operator starts it: in the directory, by its bare name. */
  private ChildProcess start(String program, String... arguments) {
    List<String> command =
        new ArrayList<>(List.of("/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", home.toString()));
    command.add(program);
    command.addAll(List.of(arguments));
    Map<String, String> environment = new LinkedHashMap<>(lab.leftovers().environment());
    String path = "/usr/bin:/bin";
    if (programs == Implementation.FIRN) {
      path = Implementation.HOME.resolve("bin") + ":" + path;
    }
    environment.put("PATH", path);
    return lab.process(program, command, environment);
  }

  private String admin(String command) {
    ChildProcess tool = start("icegridadmin", "--Ice.Config=config.admin", "-e", command);
    assertThat(tool.awaitExit(Await.LIMIT)).as(command + ": " + tool.err()).isZero();
    return tool.out();
  }

  @Test
  void aRegistryANodeAndAnIceBoxRunUnchanged() {
    ChildProcess registry = start("icegridregistry", "--Ice.Config=config.registry");
    Await.until("the registry is ready", () -> said(registry, "IceGrid.Registry.Client ready"));
    ChildProcess node = start("icegridnode", "--Ice.Config=config.node");
    Await.until("the node is ready", () -> said(node, "node ready"));
    admin("application add application.xml");
    assertThat(admin("server list").lines()).containsExactly("hello-1", "hello-2", "storm");

    String locator = "DemoIceGrid/Locator:tcp -h 127.0.0.1 -p " + port;
    IceClient client =
        lab.client("Ice.Default.Locator=" + locator, "Ice.Default.LocatorCacheTimeout=0");
    assertThat(client.at("Deployed.Server", "hello").call("ask", "property Greeting").text())
        .matches("Hello from hello-[12] on localhost");
    Remote manager =
        client.at("IceStorm.TopicManager", "DemoIceStorm/TopicManager@storm.TopicManager");
    Remote topic = client.at("IceStorm.Topic", manager.call("create", "weather"));
    assertThat(topic.call("getName").text()).isEqualTo("weather");
    assertThat(admin("server state storm")).startsWith("active (pid = ");
    long storm = Long.parseLong(admin("server pid storm").trim());
    admin("server stop storm");
    assertThat(ProcessHandle.of(storm).filter(ProcessHandle::isAlive)).isEmpty();
    // Started again by the request, with the topics it had.
    assertThat(manager.call("retrieve", "weather").isNull()).isFalse();
    assertThat(home.resolve("db/node/servers/storm/data_IceStorm")).isNotEmptyDirectory();
    assertThat(home.resolve("db/hello-1.out")).exists();
    admin("application remove Demo");
    assertThat(admin("server list")).isBlank();
    admin("node shutdown localhost");
    assertThat(node.awaitExit(Await.LIMIT)).isZero();
    admin("registry shutdown");
    assertThat(registry.awaitExit(Await.LIMIT)).isZero();
    assertThat(lab.leftovers().pids()).isEmpty();
  }

  private static boolean said(ChildProcess process, String text) {
    if (!process.isAlive()) {
      throw new AssertionError("ended:\n" + process.out() + process.err());
    }
    return (process.out() + process.err()).contains(text);
  }

  @Test
  void aNodeHostsTheRegistryAndDeploys() {
    List<String> collocated = new ArrayList<>();
    try {
      collocated.addAll(Files.readAllLines(home.resolve("config.registry")));
      collocated.addAll(Files.readAllLines(home.resolve("config.node")));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    collocated.removeIf(line -> line.startsWith("IceGrid.Node.CollocateRegistry"));
    collocated.addAll(
        List.of(
            "IceGrid.Node.CollocateRegistry=1",
            "IceGridAdmin.Username=foo",
            "IceGridAdmin.Password=bar"));
    write("config", String.join("\n", collocated) + "\n");
    ChildProcess node = start("icegridnode", "--Ice.Config=config", "--deploy", "application.xml");
    Await.until("the node is ready", () -> said(node, "node ready"));
    Await.until("the application is there", () -> admin("application list").contains("Demo"));
    IceClient client =
        lab.client("Ice.Default.Locator=DemoIceGrid/Locator:tcp -h 127.0.0.1 -p " + port);
    assertThat(client.at("Deployed.Server", "hello").call("ask", "property Greeting").text())
        .matches("Hello from hello-[12] on localhost");
    assertThat(admin("registry list").trim()).isEqualTo("Master");
    assertThat(admin("node list").trim()).isEqualTo("localhost");
    admin("registry shutdown");
    assertThat(node.awaitExit(Await.LIMIT)).isZero();
    assertThat(lab.leftovers().pids()).isEmpty();
  }
}
