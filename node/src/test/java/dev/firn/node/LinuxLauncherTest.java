package dev.firn.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firn.server.ProcessExit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxLauncherTest {
  @TempDir Path directory;

  private final LinuxLauncher launcher = new LinuxLauncher("", "", "");

  @Test
  void startsInItsDirectoryWithItsEnvironmentInAGroupOfItsOwn() throws Exception {
    Path out = directory.resolve("out");
    ProcessExit status =
        run("pwd >out; echo \"$NAME\" >>out; ps -o pgid= -p $$ >>out; echo $$ >>out", "NAME=v ä");
    assertThat(status).isEqualTo(ProcessExit.code(0));
    List<String> lines = Files.readAllLines(out, UTF_8);
    assertThat(lines.get(0)).isEqualTo(directory.toString());
    assertThat(lines.get(1)).isEqualTo("v ä");
    assertThat(lines.get(2).strip()).isEqualTo(lines.get(3));
  }

  @Test
  void tellsHowAProcessEnded() throws Exception {
    assertThat(run("exit 3")).isEqualTo(ProcessExit.code(3));
    assertThat(run("kill -SEGV $$")).isEqualTo(ProcessExit.signal(11));
  }

  /** Java redirects its own streams only; what a child inherits stays as it was. */
  @Test
  void outputGoesToTheFilesOfTheNodesOwn() throws Exception {
    Path out = directory.resolve("node.out");
    Path err = directory.resolve("node.err");
    Files.writeString(out, "before\n");
    CompletableFuture<ProcessExit> exit = new CompletableFuture<>();
    new LinuxLauncher(out.toString(), err.toString(), "")
        .launch(spec("/bin/sh", "-c", "echo to out; echo to err >&2"), exit::complete);
    assertThat(exit.get(60, TimeUnit.SECONDS)).isEqualTo(ProcessExit.code(0));
    assertThat(out).hasContent("before\nto out\n");
    assertThat(err).hasContent("to err\n");
  }

  /** The Java machine raises its own to the hard limit. */
  @Test
  void theLimitOfOpenFilesIsAsItWas() throws Exception {
    Path out = directory.resolve("out");
    CompletableFuture<ProcessExit> exit = new CompletableFuture<>();
    RunningProcess process =
        new LinuxLauncher("", "", "77")
            .launch(
                spec("/bin/sh", "-c", "ulimit -Sn >out; ulimit -Hn >>out; echo $$ >>out"),
                exit::complete);
    assertThat(exit.get(60, TimeUnit.SECONDS)).isEqualTo(ProcessExit.code(0));
    run("ulimit -Hn >hard");
    assertThat(Files.readAllLines(out))
        .containsExactly(
            "77",
            Files.readString(directory.resolve("hard")).strip(),
            Long.toString(process.record().pid()));
  }

  @Test
  void aLimitThatIsNoNumberChangesNothing() throws Exception {
    run("ulimit -Sn >before");
    CompletableFuture<ProcessExit> exit = new CompletableFuture<>();
    new LinuxLauncher("", "", "unlimited")
        .launch(spec("/bin/sh", "-c", "ulimit -Sn >after"), exit::complete);
    assertThat(exit.get(60, TimeUnit.SECONDS)).isEqualTo(ProcessExit.code(0));
    assertThat(directory.resolve("after")).hasSameTextualContentAs(directory.resolve("before"));
  }

  @Test
  void signalsAndKills() throws Exception {
    CompletableFuture<ProcessExit> exit = new CompletableFuture<>();
    RunningProcess process = launch(spec("/bin/sh", "-c", "exec sleep 1000"), exit);
    assertThat(ProcessTable.isAlive(process.record())).isTrue();
    process.signal(10);
    assertThat(exit.get(60, TimeUnit.SECONDS)).isEqualTo(ProcessExit.signal(10));
    process.signal(10); // nobody there: nothing happens
    process.kill();
  }

  @Test
  void killReachesWhatTheServerLeftBehind() throws Exception {
    CompletableFuture<ProcessExit> exit = new CompletableFuture<>();
    Path pid = directory.resolve("pid");
    RunningProcess process =
        launch(spec("/bin/sh", "-c", "sleep 1000 & echo $! >pid.new; mv pid.new pid; wait"), exit);
    await(() -> Files.exists(pid));
    long child = Long.parseLong(Files.readString(pid).strip());
    process.kill();
    assertThat(exit.get(60, TimeUnit.SECONDS).signal()).isEqualTo(9);
    await(() -> ProcessTable.startTicks(child).isEmpty());
  }

  @Test
  void adoptsOnlyTheVeryProcess() throws Exception {
    CompletableFuture<ProcessExit> exit = new CompletableFuture<>();
    RunningProcess process = launch(spec("/bin/sh", "-c", "exec sleep 1000"), exit);
    ProcessRecord record = process.record();
    CompletableFuture<ProcessExit> adoptedExit = new CompletableFuture<>();
    LinuxLauncher next = new LinuxLauncher("", "", "");
    assertThat(
            next.adopt(
                new ProcessRecord(record.pid(), record.startTicks() + 1), adoptedExit::complete))
        .isEmpty();
    RunningProcess adopted = next.adopt(record, adoptedExit::complete).orElseThrow();
    adopted.signal(15);
    assertThat(adoptedExit.get(60, TimeUnit.SECONDS)).isEqualTo(ProcessExit.UNKNOWN);
    assertThat(exit.get(60, TimeUnit.SECONDS).signal()).isEqualTo(15);
    assertThat(next.adopt(record, adoptedExit::complete)).isEmpty();
  }

  @Test
  void saysWhyNothingWasStarted() throws Exception {
    refused(spec(""), "The server executable path is empty.");
    refused(spec("/nonexistent/x"), "cannot execute `/nonexistent/x': No such file or directory");
    refused(spec("no-such-program"), "cannot execute `no-such-program': No such file or directory");
    refused(spec("/etc"), "cannot execute `/etc': Permission denied");
    refused(spec("/etc/passwd"), "cannot execute `/etc/passwd': Permission denied");
    refused(spec("/etc/passwd/x"), "cannot execute `/etc/passwd/x': Not a directory");
    Path script = Files.writeString(directory.resolve("script"), "#!/no/interpreter\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    refused(spec("./script"), "cannot execute `./script': No such file or directory");
    refused(
        new LaunchSpec("s", "true", "/nonexistent", List.of(), List.of(), Optional.empty()),
        "cannot change working directory to `/nonexistent': No such file or directory");
    refused(
        new LaunchSpec("s", "true", "/etc/passwd", List.of(), List.of(), Optional.empty()),
        "cannot change working directory to `/etc/passwd': Not a directory");
    refused(
        new LaunchSpec("s", "true", "", List.of(), List.of("PATH=/nowhere"), Optional.empty()),
        "cannot execute `true': No such file or directory");
    launcher.stop();
    refused(spec("true"), "The node is being shutdown.");
  }

  private void refused(LaunchSpec spec, String message) {
    assertThatThrownBy(() -> launch(spec, new CompletableFuture<>()))
        .isInstanceOf(LaunchException.class)
        .hasMessage(message);
  }

  private ProcessExit run(String script, String... envs) throws Exception {
    CompletableFuture<ProcessExit> exit = new CompletableFuture<>();
    launch(
        new LaunchSpec(
            "s",
            "/bin/sh",
            directory.toString(),
            List.of("-c", "", script),
            List.of(envs),
            Optional.empty()),
        exit);
    return exit.get(60, TimeUnit.SECONDS);
  }

  private RunningProcess launch(LaunchSpec spec, CompletableFuture<ProcessExit> exit)
      throws LaunchException {
    return launcher.launch(spec, exit::complete);
  }

  private LaunchSpec spec(String exe, String... options) {
    return new LaunchSpec(
        "s", exe, directory.toString(), List.of(options), List.of(), Optional.empty());
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void await(Condition condition) throws Exception {
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    while (!condition.holds()) {
      assertThat(System.nanoTime()).isLessThan(limit);
      Thread.onSpinWait();
    }
  }
}
