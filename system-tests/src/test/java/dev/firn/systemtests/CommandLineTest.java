package dev.firn.systemtests;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Options, exit codes and messages of icegridregistry. */
@EachImplementation
class CommandLineTest {
  private Lab lab;
  private Implementation implementation;

  @Initializer
  void start(Lab lab, Implementation implementation) {
    this.lab = lab;
    this.implementation = implementation;
  }

  private record Ended(int exit, String out, String err) {}

  private Ended run(String... arguments) {
    List<String> command = new ArrayList<>(List.of(implementation.registry()));
    command.addAll(List.of(arguments));
    ChildProcess process = lab.process("registry", command);
    return new Ended(process.awaitExit(Await.LIMIT), process.out(), process.err());
  }

  private RegistryProcess registry() {
    return lab.registry(implementation, "Configured").named("Master");
  }

  /** Starts a registry whose configuration is wrong. */
  private String refused(RegistryProcess registry) {
    registry.begin();
    assertThat(registry.awaitExit()).isEqualTo(1);
    return registry.process().err();
  }

  @Test
  void helpIsPrintedAsDiagnosis() {
    for (String option : List.of("-h", "--help")) {
      Ended help = run(option);
      assertThat(help.exit()).isZero();
      assertThat(help.out()).isEmpty();
      assertThat(help.err())
          .contains("Usage: ")
          .contains(
              "-h, --help", "-v, --version", "--nowarn", "--readonly", "--initdb-from-replica")
          .contains("--daemon", "--pidfile", "--noclose", "--nochdir");
    }
  }

  @Test
  void theVersionIsPrintedAlone() {
    for (String option : List.of("-v", "--version")) {
      Ended version = run(option);
      assertThat(version.exit()).isZero();
      assertThat(version.err().trim()).matches("3\\.7\\.\\d+");
    }
  }

  @Test
  void unknownAndMalformedOptionsAreRefusedWithTheUsage() {
    Map<List<String>, String> mistakes = new LinkedHashMap<>();
    mistakes.put(List.of("--foo"), "invalid option: `--foo'");
    mistakes.put(List.of("-x"), "invalid option: `-x'");
    mistakes.put(
        List.of("--initdb-from-replica"), "`--initdb-from-replica' option requires an argument");
    mistakes.put(List.of("--nowarn=yes"), "option does not take an argument");
    mistakes.put(List.of("--nowarn", "--nowarn"), "option cannot be repeated");
    mistakes.put(List.of("extra"), "too many arguments");
    mistakes.forEach(
        (arguments, message) -> {
          Ended ended = run(arguments.toArray(String[]::new));
          assertThat(ended.exit()).as(message).isEqualTo(1);
          assertThat(ended.err()).contains(message).contains("Usage: ");
        });
  }

  @Test
  void daemonOptionsNeedTheDaemon() {
    Ended noclose = run("--noclose");
    assertThat(noclose.exit()).isEqualTo(1);
    assertThat(noclose.err()).contains("--noclose must be used with --daemon");
    Ended pidfile = run("--pidfile", "some.pid");
    assertThat(pidfile.exit()).isEqualTo(1);
    assertThat(pidfile.err()).contains("--pidfile <file> must be used with --daemon");
    Ended missing = run("--pidfile");
    assertThat(missing.exit()).isEqualTo(1);
    assertThat(missing.err()).contains("--pidfile must be followed by an argument");
  }

  @Test
  void whatTheDaemonIsAskedForIsNoFailure() {
    assertThat(run("--daemon", "--help").exit()).isZero();
    assertThat(run("--daemon", "--version").exit()).isZero();
  }

  @Test
  void aConfigurationThatIsNotThereIsNamed() {
    Ended ended = run("--Ice.Config=/no/such/file");
    assertThat(ended.exit()).isEqualTo(1);
    assertThat(ended.err())
        .contains("error: createProperties failed: ", "FileException", "/no/such/file");
  }

  @Test
  void messagesFollowTheirKindAtOnce() {
    assertThat(refused(registry().without("IceGrid.Registry.LMDB.Path")))
        .containsPattern(
            "!! \\d\\d/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3} \\S+: error: property `IceGrid");
    RegistryProcess registry =
        registry()
            .with("IceGrid.Registry.PermissionsVerifier", "nobody:tcp -h 127.0.0.1 -p 1")
            .with("IceGrid.Registry.NoSuchProperty", "1")
            .start();
    Await.asserted(
        () ->
            assertThat(registry.process().err())
                .contains("warning: unknown property: ")
                .contains("warning: couldn't contact permissions verifier `nobody:")
                .contains("::Ice::ConnectionRefusedException"));
    registry.terminate();
  }

  @Test
  void interruptsEndWhatRunsInTheBackgroundOfAScript() {
    // A shell without job control has what it starts so ignore SIGINT.
    RegistryProcess registry = registry().startedBy("env", "--ignore-signal=INT").start();
    assertThat(endedBy("INT", registry)).isZero();
  }

  @Test
  void theEndOfTheTerminalEndsOnlyWhoAsksForIt() {
    RegistryProcess registry = registry().start();
    registry.process().signal("HUP");
    // The end of another one, which has the same signal later, takes longer than its own would.
    assertThat(endedBy("HUP", registry().with("Ice.Nohup", "0").start())).isZero();
    assertThat(registry.isRunning()).isTrue();
    registry.terminate();
  }

  @Test
  void itsProcessIdIsPrintedFirstWhereThatIsAskedFor() {
    RegistryProcess registry = registry().with("Ice.PrintProcessId", "1").start();
    assertThat(registry.process().out()).startsWith(registry.process().pid() + "\n");
    registry.terminate();
  }

  @Test
  void whoIsNoUserIsRefused() {
    assertThat(refused(registry().with("Ice.ChangeUser", "nosuch")))
        .contains("InitializationException", "nosuch");
  }

  @Test
  void itRunsAsTheUserThatIsNamed() throws IOException {
    assumeThat(System.getProperty("user.name")).isEqualTo("root");
    for (Path path = Implementation.HOME; path != null; path = path.getParent()) {
      assumeThat(Files.getPosixFilePermissions(path))
          .as("of " + path + ", where the user has to read Firn")
          .contains(PosixFilePermission.OTHERS_EXECUTE);
    }
    RegistryProcess registry = registry().with("Ice.ChangeUser", "nobody");
    var everybody = PosixFilePermissions.fromString("rwxrwxrwx");
    for (Path path = registry.database();
        !path.equals(Path.of("/tmp"));
        path = requireNonNull(path.getParent())) {
      Files.setPosixFilePermissions(path, everybody);
    }
    registry.start();
    Path process = Path.of("/proc/" + registry.process().pid());
    assertThat(Files.getOwner(process).getName()).isEqualTo("nobody");
    assertThat(Files.getOwner(registry.database().resolve("data.mdb")).getName())
        .isEqualTo("nobody");
    registry.terminate();
  }

  /** The reference drops a signal that comes before its start is complete. */
  private static int endedBy(String signal, RegistryProcess registry) {
    Await.until(
        "SIG" + signal + " ends the registry",
        () -> {
          registry.process().signal(signal);
          return !registry.isRunning();
        });
    return registry.awaitExit();
  }

  @Test
  void requiredPropertiesAreNamed() {
    for (String adapter : List.of("Client", "Server", "Internal")) {
      String property = "IceGrid.Registry." + adapter + ".Endpoints";
      assertThat(refused(registry().without(property)))
          .contains("property `" + property + "' is not set");
    }
    assertThat(refused(registry().without("IceGrid.Registry.LMDB.Path")))
        .contains("property `IceGrid.Registry.LMDB.Path' is not set");
  }

  @Test
  void aPathThatIsNoDirectoryIsRefused() {
    Path file = lab.write("a-file", "");
    assertThat(refused(registry().with("IceGrid.Registry.LMDB.Path", file.toString())))
        .contains("property `IceGrid.Registry.LMDB.Path' is set to an invalid path:");
    assertThat(refused(registry().with("IceGrid.Registry.LMDB.Path", file + "-absent")))
        .contains("property `IceGrid.Registry.LMDB.Path' is set to an invalid path:");
  }

  @Test
  void aSlaveNeedsALocator() {
    assertThat(refused(registry().named("Slave")))
        .contains("property `Ice.Default.Locator' is not set");
  }

  @Test
  void noReplicaInitializesItselfFromItself() {
    for (String option : List.of("--initdb-from-replica=Master")) {
      RegistryProcess registry = registry().options(option);
      assertThat(refused(registry))
          .contains("invalid --initdb-from-replica option: identical replica");
    }
  }

  @Test
  void anUnknownReplicaCannotInitializeTheDatabase() {
    RegistryProcess registry = registry().options("--initdb-from-replica", "Nobody");
    assertThat(refused(registry)).contains("couldn't find replica `Nobody' to");
  }

  @Test
  void anEmptyReplicaNameMeansMaster() {
    RegistryProcess registry = registry().named("").start();
    IceClient client = lab.client();
    AdminSession session =
        AdminSession.of(
            client,
            client
                .at("IceGrid.Registry", registry.proxy("Registry"))
                .call("createAdminSession", "tester", "secret"));
    assertThat(session.session().call("getReplicaName").text()).isEqualTo("Master");
    registry.terminate();
  }

  @Test
  void endpointsThatCannotBeParsedOrBoundEndTheStart() {
    String bad =
        refused(
            registry().with("IceGrid.Registry.Client.Endpoints", "tcp -h 127.0.0.1 -p nonsense"));
    assertThat(bad).contains("EndpointParseException");
    String unknown =
        refused(
            registry().with("IceGrid.Registry.Server.Endpoints", "carrier-pigeon -h 127.0.0.1"));
    assertThat(unknown).contains("EndpointParseException");
    RegistryProcess first = registry().start();
    String taken =
        refused(
            registry()
                .with(
                    "IceGrid.Registry.Server.Endpoints",
                    "tcp -h 127.0.0.1 -p " + first.serverPort()));
    assertThat(taken).contains("SocketException");
    String foreign =
        refused(registry().with("IceGrid.Registry.Client.Endpoints", "tcp -h 192.0.2.1 -p 4061"));
    assertThat(foreign).contains("SocketException");
    first.terminate();
  }

  @Test
  void aSecondRegistryOnTheSameClientEndpointsIsRefused() {
    RegistryProcess first = registry().start();
    String refused =
        refused(registry().with("IceGrid.Registry.Client.Endpoints", first.endpoint()));
    assertThat(refused)
        .contains(
            "an IceGrid registry is already running and listening on the client endpoints `"
                + first.endpoint()
                + "'");
    first.terminate();
  }

  @Test
  void aDatabaseIsForOneRegistryWhoeverMadeIt() {
    for (Implementation other : Implementation.tested().toList()) {
      RegistryProcess holder = lab.registry(other, "Holder").named("Master").start();
      RegistryProcess late =
          registry().with("IceGrid.Registry.LMDB.Path", holder.database().toString());
      assertThat(refused(late))
          .contains("IceUtil::FileLockException")
          .contains("could not lock file: `" + holder.database().resolve("icedb.lock") + "'");
      lab.client().query(holder).call("ice_ping");
      holder.terminate();
    }
  }

  @Test
  void readyLinesComeInOrder() {
    RegistryProcess registry =
        registry()
            .with("IceGrid.Registry.SessionManager.Endpoints", "tcp -h 127.0.0.1")
            .with("IceGrid.Registry.AdminSessionManager.Endpoints", "tcp -h 127.0.0.1")
            .start();
    assertThat(registry.process().out().lines())
        .containsExactly(
            "IceGrid.Registry.Internal ready",
            "IceGrid.Registry.Server ready",
            "IceGrid.Registry.Client ready",
            "IceGrid.Registry.SessionManager ready",
            "IceGrid.Registry.AdminSessionManager ready");
    assertThat(registry.process().err())
        .contains("session manager endpoints `IceGrid.Registry.SessionManager.Endpoints' enabled")
        .contains(
            "administrative session manager endpoints"
                + " `IceGrid.Registry.AdminSessionManager.Endpoints' enabled")
        .contains("(with Glacier2 filters disabled)");
    registry.terminate();
  }

  @Test
  void warningsAreSuppressedOnDemand() {
    RegistryProcess registry =
        registry()
            .with("IceGrid.Registry.SessionManager.Endpoints", "tcp -h 127.0.0.1")
            .with("Ice.ThreadPool.Server.Size", "2")
            .options("--nowarn")
            .start();
    assertThat(registry.process().err()).doesNotContain("warning");
    registry.terminate();
    registry.options().start();
    assertThat(registry.process().err())
        .contains("setting `Ice.ThreadPool.Server.Size' is not useful");
    registry.terminate();
  }

  @Test
  void theInstanceNameIsTheCategoryOfEverything() {
    RegistryProcess registry = registry().with("IceGrid.InstanceName", "My Grid").start();
    IceClient client = lab.client();
    String locator = "\"My Grid/Locator\":" + registry.endpoint();
    assertThat(client.at("IceGrid.Locator", locator).call("getLocalRegistry").identity())
        .isEqualTo("My Grid/Registry");
    assertThat(client.object("IceGrid/Locator:" + registry.endpoint()).failure("ice_ping").type())
        .isEqualTo("Ice.ObjectNotExistException");
    registry.terminate();
  }

  @Test
  void aDaemonWritesItsPidAndRunsOn() throws IOException {
    RegistryProcess place = registry();
    Path pidFile = lab.directory().resolve("daemon.pid");
    ChildProcess parent = daemon(place, pidFile);
    assertThat(parent.awaitExit(Await.LIMIT)).as(parent.err()).isZero();
    // The parent ends only when the child serves.
    long pid = Long.parseLong(Files.readString(pidFile).trim());
    ProcessHandle daemon = ProcessHandle.of(pid).orElseThrow();
    try {
      lab.client().query(place).call("ice_ping");
      daemon.destroy();
      Await.until(
          "the daemon ends",
          () -> {
            if (implementation == Implementation.ZEROC) {
              // The reference may not listen to signals yet when its parent ends, and drops what
              // comes too early.
              daemon.destroy();
            }
            return !daemon.isAlive();
          });
    } finally {
      daemon.destroyForcibly();
    }
  }

  @Test
  void aPidFileThatCannotBeWrittenHoldsUpNobody() {
    RegistryProcess place = registry();
    ChildProcess parent = daemon(place, Path.of("/no/such/directory/daemon.pid"));
    assertThat(parent.awaitExit(Await.LIMIT)).as(parent.err()).isZero();
    if (implementation == Implementation.FIRN) {
      // The reference warns where nobody reads it.
      assertThat(parent.err()).contains("Could not write PID file /no/such/directory/daemon.pid");
    }
    IceClient client = lab.client();
    AdminSession.of(
            client,
            client
                .at("IceGrid.Registry", place.proxy("Registry"))
                .call("createAdminSession", "tester", "secret"))
        .admin()
        .call("shutdown");
  }

  private ChildProcess daemon(RegistryProcess place, Path pidFile) {
    return lab.process(
        "daemon",
        List.of(
            implementation.registry(),
            "--daemon",
            "--pidfile",
            pidFile.toString(),
            "--IceGrid.Registry.Client.Endpoints=" + place.endpoint(),
            "--IceGrid.Registry.Server.Endpoints=tcp -h 127.0.0.1",
            "--IceGrid.Registry.Internal.Endpoints=tcp -h 127.0.0.1",
            "--IceGrid.Registry.AdminPermissionsVerifier=IceGrid/NullPermissionsVerifier",
            "--IceGrid.Registry.Discovery.Enabled=0",
            "--IceGrid.Registry.LMDB.Path=" + place.database()));
  }
}
