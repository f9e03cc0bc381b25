package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.component.IceBoxComponent;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A component as the service of an IceBox for Java: Firn's, and ZeroC's own. */
@FirnOnly
class ComponentIceBoxTest {
  private final Lab lab = new Lab();
  private final ComponentGroup group = new ComponentGroup(lab);
  private final IceClient client = lab.client();
  private final int adminPort = Ports.free();

  @AfterEach
  void close() {
    lab.close();
  }

  private static List<String> firn() {
    return List.of(Implementation.HOME.resolve("bin/firn").toString(), "icebox");
  }

  private static List<String> zeroC() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xshare:auto",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        ComponentGroup.libraries() + File.pathSeparator + ComponentGroup.classes(),
        "com.zeroc.IceBox.Server");
  }

  private ChildProcess box(
      List<String> program, String service, String component, Map<String, String> properties) {
    Map<String, String> all = new TreeMap<>(properties);
    all.put("IceBox.Service." + service, IceBoxComponent.class.getName() + " " + component);
    all.put("IceBox.PrintServicesReady", "box");
    all.put("IceBox.InheritProperties", "1");
    all.put("Ice.Admin.Endpoints", "tcp -h 127.0.0.1 -p " + adminPort);
    all.put("Ice.Admin.InstanceName", "IceBox");
    StringBuilder text = new StringBuilder();
    all.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
    List<String> command = new ArrayList<>(program);
    command.add("--Ice.Config=" + lab.write("box.cfg", text.toString()));
    return lab.process("box", command);
  }

  private Remote services() {
    return client.at(
        "IceBox.ServiceManager",
        "IceBox/admin -f IceBox.ServiceManager:tcp -h 127.0.0.1 -p " + adminPort);
  }

  @Test
  void inFirnsIceBoxItCountsOnWhoeverStops() {
    countOn(firn(), CountingComponent.class.getName() + " --classpath " + ComponentGroup.classes());
  }

  @Test
  void inZeroCsIceBoxItCountsOnWhoeverStops() {
    countOn(zeroC(), CountingComponent.class.getName());
  }

  private void countOn(List<String> program, String component) {
    group.startLocator();
    group.startReplicator();
    ComponentGroup.Instance boxed = group.member(1);
    ComponentGroup.Instance plain = group.member(2).start();
    ChildProcess box = box(program, boxed.name, component, boxed.properties());
    Await.until("the services are ready", () -> box.out().contains("box ready"));
    boxed.awaitState(client, "Standby");
    plain.awaitState(client, "Standby");
    boxed.activate(client);
    boxed.count(client, 1, 10);

    // An orderly end of the service, not of the process.
    services().call("stopService", boxed.name);
    assertThat(boxed.counter(client).failure("value").type()).contains("ConnectionRefused");
    plain.activate(client);
    plain.count(client, 11, 20);
    services().call("startService", boxed.name);
    boxed.awaitState(client, "Standby");
    plain.process().kill();
    boxed.activate(client);
    boxed.count(client, 21, 30);
    services().call("shutdown");
    assertThat(box.awaitExit(Await.LIMIT)).as(box.err()).isZero();
    assertThat(box.err() + box.out()).contains("component: ACTIVE -> STOPPING instance=counter-1");
  }

  @Test
  void aBugInTheRoleEndsFirnsIceBox() {
    endsWithABug(firn());
  }

  @Test
  void aBugInTheRoleEndsZeroCsIceBox() {
    endsWithABug(zeroC());
  }

  /** Whoever looks after the process starts it again; nobody else would see that one has failed. */
  private void endsWithABug(List<String> program) {
    group.startLocator();
    ComponentGroup.Instance boxed = group.instance(1);
    Map<String, String> properties = boxed.properties();
    properties.put(
        "Ice.Plugin.BreakingLog",
        BreakingLog.jar(lab.subdirectory("plugin"))
            + ":"
            + BreakingLog.class.getName()
            + " DEACTIVATING");
    ChildProcess box =
        box(
            program,
            boxed.name,
            CountingComponent.class.getName() + " --classpath " + ComponentGroup.classes(),
            properties);
    Await.until("the services are ready", () -> box.out().contains("box ready"));
    boxed.awaitState(client, "Standby");
    boxed.activate(client);
    assertThat(boxed.replica(client).failure("standby").type()).isNotEmpty();
    assertThat(box.awaitExit(Await.LIMIT)).as(box.err()).isEqualTo(1);
    assertThat(box.err()).contains("broken by DEACTIVATING", "its service counter-1 has failed");
  }

  @Test
  void whatIsWrongEndsTheStartWithTheReason() {
    Map<String, String> properties = group.member(1).properties();
    assertEnds("", properties, "does not say which class it is");
    assertEnds("--classpath here", properties, "does not say which class it is");
    assertEnds("no.such.Component", properties, "there is no class no.such.Component");
    properties.put("counter-1.Fencing", "maybe");
    assertEnds(CountingComponent.class.getName(), properties, "counter-1.Fencing=maybe");
  }

  private void assertEnds(String component, Map<String, String> properties, String reason) {
    ChildProcess box = box(zeroC(), "counter-1", component, properties);
    assertThat(box.awaitExit(Await.LIMIT)).isNotZero();
    assertThat(box.err()).contains(reason);
  }
}
