package dev.firn.node;

import dev.firn.server.ProcessExit;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Starts processes through {@code setsid}, so that each has a session and a group of its own,
 * through {@code prlimit} where the Java machine has raised its limit of open files, and through
 * {@code setpriv} where the account changes. Their output is the node's: where that is configured
 * to be a file, Java's own is, but not what a child inherits.
 */
final class LinuxLauncher implements ProcessLauncher {
  private static final Pattern ERROR = Pattern.compile(".*error=\\d+, (.*)", Pattern.DOTALL);
  private static final Pattern NUMBER = Pattern.compile("[0-9]+");
  private static final int SIGNAL_OFFSET = 128;
  private static final int SIGNAL_MAX = 31;
  private static final long IDLE_SECONDS = 5;

  private final Optional<String> setsid = SystemTools.find("setsid");
  private final Optional<String> setpriv = SystemTools.find("setpriv");
  private final List<String> limits;
  private final ExecutorService exits = exits();
  private final ExitWatch adopted;
  private final Redirect out;
  private final Redirect err;
  private volatile boolean stopped;

  /**
   * @param stdOut the file of the node's own standard output, empty for none
   * @param stdErr likewise
   * @param openFiles the soft limit of open files that servers get; the node's own unless a number
   */
  LinuxLauncher(String stdOut, String stdErr, String openFiles) {
    out = redirect(stdOut);
    err = redirect(stdErr);
    limits = limits(openFiles);
    adopted = new ExitWatch(exits);
  }

  private static Redirect redirect(String file) {
    return file.isEmpty() ? Redirect.INHERIT : Redirect.appendTo(new File(file).getAbsoluteFile());
  }

  /** The hard limit stays: a program that needs more files may raise its own, as Java does. */
  private static List<String> limits(String openFiles) {
    Optional<String> prlimit = SystemTools.find("prlimit");
    return prlimit.isPresent() && NUMBER.matcher(openFiles).matches()
        ? List.of(prlimit.get(), "--nofile=" + openFiles + ":")
        : List.of();
  }

  private static ExecutorService exits() {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "firn-node-exits");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  @Override
  public void stop() {
    stopped = true;
  }

  @Override
  public RunningProcess launch(LaunchSpec spec, Consumer<ProcessExit> onExit)
      throws LaunchException {
    if (stopped) {
      throw new LaunchException("The node is being shutdown.");
    }
    if (spec.exe().isEmpty()) {
      throw new LaunchException("The server executable path is empty.");
    }
    ProcessBuilder builder = new ProcessBuilder();
    Map<String, String> environment = builder.environment();
    ChildEnvironment.prepare(environment);
    try {
      ChildEnvironment.apply(environment, spec.envs());
    } catch (IllegalArgumentException e) {
      throw new LaunchException("cannot set environment variable: Invalid argument");
    }
    checkDirectory(spec);
    Optional<String> refusal =
        Executable.refusal(spec.exe(), spec.directory(), environment.get("PATH"));
    if (refusal.isPresent()) {
      throw cannotExecute(spec, refusal.get());
    }
    builder.command(command(spec));
    builder.redirectInput(Redirect.INHERIT).redirectOutput(out).redirectError(err);
    if (!spec.pwd().isEmpty()) {
      builder.directory(spec.directory().toFile());
    }
    return start(spec, builder, onExit);
  }

  private RunningProcess start(
      LaunchSpec spec, ProcessBuilder builder, Consumer<ProcessExit> onExit)
      throws LaunchException {
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      Matcher error = ERROR.matcher(String.valueOf(e.getMessage()));
      throw cannotExecute(spec, error.matches() ? error.group(1) : String.valueOf(e.getMessage()));
    }
    long ticks = ProcessTable.startTicks(process.pid()).orElse(0);
    // At once, on the reaper's thread with its small stack: whoever is told only queues it.
    process.onExit().thenAccept(ended -> onExit.accept(status(ended.exitValue())));
    return new ChildProcess(process, new ProcessRecord(process.pid(), ticks), setsid.isPresent());
  }

  private List<String> command(LaunchSpec spec) throws LaunchException {
    List<String> command = new ArrayList<>();
    setsid.ifPresent(command::add);
    command.addAll(limits);
    if (spec.account().isPresent()) {
      UserAccount account = spec.account().get();
      if (setpriv.isEmpty()) {
        throw new LaunchException(
            "cannot set process user id `" + account.uid() + "': setpriv is not installed");
      }
      List<String> asAccount =
          List.of(
              setpriv.get(),
              "--reuid=" + account.uid(),
              "--regid=" + account.gid(),
              "--init-groups");
      checkAccess(spec, asAccount);
      command.addAll(asAccount);
    }
    command.addAll(spec.command());
    return command;
  }

  private static void checkDirectory(LaunchSpec spec) throws LaunchException {
    if (spec.pwd().isEmpty()) {
      return;
    }
    Path directory = spec.directory();
    String reason =
        !Files.exists(directory)
            ? "No such file or directory"
            : !Files.isDirectory(directory)
                ? "Not a directory"
                : Files.isExecutable(directory) ? "" : "Permission denied";
    if (!reason.isEmpty()) {
      throw new LaunchException(
          "cannot change working directory to `" + spec.pwd() + "': " + reason);
    }
  }

  /** Whether the account may use what the node may use. */
  private static void checkAccess(LaunchSpec spec, List<String> asAccount) throws LaunchException {
    if (spec.exe().indexOf('/') < 0) {
      return; // looked up by the account itself
    }
    List<String> test = new ArrayList<>(asAccount);
    test.addAll(List.of("/bin/sh", "-c", "cd -- \"$1\" || exit 2; test -x \"$2\" || exit 3", "sh"));
    test.add(spec.directory().toString());
    test.add(spec.exe());
    SystemTools.Outcome outcome;
    try {
      outcome = SystemTools.run(test);
    } catch (IOException e) {
      throw new LaunchException("cannot set process user id: " + FileTree.reason(e));
    }
    switch (outcome.status()) {
      case 0 -> {
        return;
      }
      case 2 -> {
        if (!spec.pwd().isEmpty()) {
          throw new LaunchException(
              "cannot change working directory to `" + spec.pwd() + "': Permission denied");
        }
      }
      case 3 -> throw cannotExecute(spec, "Permission denied");
      default ->
          throw new LaunchException(
              "cannot set process user id: " + outcome.output().replaceFirst("^setpriv: ", ""));
    }
  }

  private static LaunchException cannotExecute(LaunchSpec spec, String reason) {
    return new LaunchException("cannot execute `" + spec.exe() + "': " + reason);
  }

  /** Java says 128 and the signal; codes that high are signals for every shell, too. */
  static ProcessExit status(int exitValue) {
    int signal = exitValue - SIGNAL_OFFSET;
    return signal > 0 && signal <= SIGNAL_MAX
        ? ProcessExit.signal(signal)
        : ProcessExit.code(exitValue);
  }

  @Override
  public Optional<RunningProcess> adopt(ProcessRecord recorded, Consumer<ProcessExit> onExit) {
    if (!ProcessTable.isAlive(recorded)) {
      return Optional.empty();
    }
    adopted.watch(recorded, () -> onExit.accept(ProcessExit.UNKNOWN));
    return Optional.of(new AdoptedProcess(recorded));
  }
}
