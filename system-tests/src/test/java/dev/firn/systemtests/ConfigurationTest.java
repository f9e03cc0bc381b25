package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Configuration files as they are in use, and supervisors as they start and end a registry. */
@EachImplementation
class ConfigurationTest {
  private static final Path DEBIAN_FILE = Path.of("/etc/icegridregistry.conf");

  private Lab lab;
  private Implementation implementation;

  @Initializer
  void start(Lab lab, Implementation implementation) {
    this.lab = lab;
    this.implementation = implementation;
  }

  private RegistryProcess registry() {
    return lab.registry(implementation, "Configured").named("Master");
  }

  private ChildProcess start(Map<String, String> environment, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(implementation.registry());
    command.addAll(arguments);
    ChildProcess process = lab.process("registry", command, environment);
    Await.until(
        "the registry is ready",
        () -> {
          if (!process.isAlive()) {
            throw new AssertionError("ended:\n" + process.err() + process.out());
          }
          return process.out().contains("IceGrid.Registry.Client ready");
        });
    return process;
  }

  private static void end(ChildProcess process) {
    process.signal("TERM");
    assertThat(process.awaitExit(Await.LIMIT)).as(process.err()).isZero();
  }

  @Test
  void anUnknownPropertyIsAWarning() {
    RegistryProcess registry = registry().with("IceGrid.Registry.ReplicName", "Typo").start();
    assertThat(registry.process().err())
        .containsPattern("unknown property: `?IceGrid\\.Registry\\.ReplicName");
    assertThat(registry.process().err().split("unknown property", -1)).hasSize(2);
    registry.terminate();
  }

  @Test
  void commentsBlanksAndEscapesAreRead() {
    RegistryProcess place = registry();
    Path file =
        lab.write(
            "styles.cfg",
            String.join(
                "\n",
                "# A comment = not a property",
                "   # and one that is indented",
                "",
                "IceGrid.InstanceName = My\\ Grid   # behind a value",
                "IceGrid.Registry.Client.Endpoints=" + place.endpoint() + " # IPv4 only",
                "IceGrid.Registry.Server.Endpoints=\\ tcp -h 127.0.0.1",
                "\tIceGrid.Registry.Internal.Endpoints\t=\ttcp -h 127.0.0.1  ",
                "IceGrid.Registry.LMDB.Path=" + place.database(),
                "IceGrid.Registry.AdminPermissionsVerifier=\"My Grid/NullPermissionsVerifier\"",
                "IceGrid.Registry.ReplicaName=",
                "IceGrid.Registry.Discovery.Enabled=0",
                "Ice.PrintAdapterReady=1",
                ""));
    ChildProcess process = start(Map.of(), List.of("--Ice.Config=" + file));
    IceClient client = lab.client();
    String registry = "\"My Grid/Registry\":" + place.endpoint();
    AdminSession session =
        AdminSession.of(
            client,
            client.at("IceGrid.Registry", registry).call("createAdminSession", "user", "secret"));
    assertThat(session.session().call("getReplicaName").text()).isEqualTo("Master");
    session.destroy();
    assertThat(process.err()).doesNotContain("warning");
    end(process);
  }

  @Test
  void theFileOfDebiansPackageIsUsedAsItIs() {
    if (!Files.isReadable(DEBIAN_FILE)) {
      Peers.missing(DEBIAN_FILE + " is not there (Debian: zeroc-icegrid)");
    }
    RegistryProcess place = registry();
    ChildProcess process =
        start(
            Map.of("ICE_CONFIG", DEBIAN_FILE.toString()),
            List.of(
                "--IceGrid.Registry.Client.Endpoints=" + place.endpoint(),
                "--IceGrid.Registry.LMDB.Path=" + place.database(),
                "--IceGrid.Registry.Discovery.Enabled=0",
                "--Ice.UseSystemdJournal=0",
                "--Ice.PrintAdapterReady=1"));
    IceClient client = lab.client();
    AdminSession session =
        AdminSession.of(
            client,
            client
                .at("IceGrid.Registry", "DemoIceGrid/Registry:" + place.endpoint())
                .call("createAdminSession", "user", "secret"));
    session.destroy();
    assertThat(process.err()).doesNotContain("warning", "error");
    end(process);
  }

  @Test
  void systemdIsToldWhatTheRegistryDoes() {
    if (implementation == Implementation.FIRN) {
      Peers.require("systemd-notify");
    }
    Path socket = lab.directory().resolve(implementation + ".socket");
    ChildProcess listener =
        lab.process(
            "listener",
            List.of(
                Peers.PYTHON.toString(),
                "-u",
                "-c",
                """
                import socket, sys
                s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                s.bind(sys.argv[1])
                print("listening")
                while True: print(s.recv(4096).decode())
                """,
                socket.toString()));
    Await.until("the socket is there", () -> listener.out().contains("listening"));
    RegistryProcess place = registry();
    ChildProcess process =
        start(
            Map.of("NOTIFY_SOCKET", socket.toString()),
            List.of(
                "--IceGrid.Registry.Client.Endpoints=" + place.endpoint(),
                "--IceGrid.Registry.Server.Endpoints=tcp -h 127.0.0.1",
                "--IceGrid.Registry.Internal.Endpoints=tcp -h 127.0.0.1",
                "--IceGrid.Registry.LMDB.Path=" + place.database(),
                "--IceGrid.Registry.Discovery.Enabled=0",
                "--Ice.PrintAdapterReady=1"));
    Await.until("it is told that it is ready", () -> listener.out().contains("READY=1"));
    assertThat(listener.out()).doesNotContain("STOPPING=1");
    end(process);
    Await.until("it is told that it ends", () -> listener.out().contains("STOPPING=1"));
  }

  @Test
  void aDaemonFindsItsConfigurationFromWhereItIsStartedAndKeepsNoLog() throws java.io.IOException {
    RegistryProcess place = registry();
    Path pidFile = lab.directory().resolve(implementation + "-relative.pid");
    Files.writeString(
        place.directory().resolve("relative.cfg"),
        "IceGrid.Registry.Client.Endpoints="
            + place.endpoint()
            + "\n"
            + "IceGrid.Registry.Server.Endpoints=tcp -h 127.0.0.1\n"
            + "IceGrid.Registry.Internal.Endpoints=tcp -h 127.0.0.1\n"
            + "IceGrid.Registry.Discovery.Enabled=0\n"
            + "IceGrid.Registry.AdminPermissionsVerifier=IceGrid/NullPermissionsVerifier\n"
            + "IceGrid.Registry.Trace.Session=2\n"
            + "IceGrid.Registry.Trace.Object=2\n"
            + "IceGrid.Registry.LMDB.Path="
            + place.database()
            + "\n");
    lab.succeeding(
        "/bin/sh",
        "-c",
        "cd '"
            + place.directory()
            + "' && exec '"
            + implementation.registry()
            + "' --Ice.Config=relative.cfg --daemon --pidfile '"
            + pidFile
            + "'");
    long pid = Long.parseLong(Files.readString(pidFile).trim());
    ProcessHandle daemon = ProcessHandle.of(pid).orElseThrow();
    try {
      // Nobody reads what it logs, so nothing may grow there.
      Path log = Path.of("/proc/" + pid + "/fd/2");
      long before = Files.size(log);
      IceClient client = lab.client();
      AdminSession session = client.adminSession(place);
      session.addObject("logged:tcp -h 127.0.0.1 -p 1", "::Logged");
      session.destroy();
      assertThat(Files.size(log)).isEqualTo(before);
    } finally {
      daemon.destroyForcibly();
    }
  }

  @Test
  void aDaemonThatCannotStartSaysWhy() {
    RegistryProcess other = registry().start();
    ChildProcess parent =
        lab.process(
            "daemon",
            List.of(
                implementation.registry(),
                "--daemon",
                "--IceGrid.Registry.Client.Endpoints=" + other.endpoint(),
                "--IceGrid.Registry.Server.Endpoints=tcp -h 127.0.0.1",
                "--IceGrid.Registry.Internal.Endpoints=tcp -h 127.0.0.1",
                "--IceGrid.Registry.LMDB.Path=" + lab.subdirectory("unused")));
    assertThat(parent.awaitExit(Await.LIMIT)).isEqualTo(1);
    assertThat(parent.err()).contains("failure occurred in daemon");
    other.terminate();
  }
}
