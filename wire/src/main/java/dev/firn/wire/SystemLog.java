package dev.firn.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zeroc.Ice.InitializationException;
import com.zeroc.Ice.Logger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The system's log, through the system's own program: Java has no datagram sockets in the file
 * system. The program is started with the first message, and ends when this process does, because
 * its input ends then.
 *
 * <p>One that ends by itself is started once more. After that, or if there is none, messages go
 * elsewhere. Any thread; blocks as long as the system's log does.
 */
final class SystemLog {
  static final int ERROR = 3;
  static final int WARNING = 4;
  static final int INFO = 6;

  private static final List<String> FACILITIES =
      List.of(
          ("KERN USER MAIL DAEMON AUTH SYSLOG LPR NEWS UUCP CRON AUTHPRIV FTP ? ? ? ?"
                  + " LOCAL0 LOCAL1 LOCAL2 LOCAL3 LOCAL4 LOCAL5 LOCAL6 LOCAL7")
              .split(" "));

  private static final int LINE_BYTES_MAX = 8_192;
  private static final int STARTS_MAX = 2;
  private static final int RECENT_MAX = 1_000;

  /** Signals to all processes of a terminal or a service are not for it: there is more to log. */
  private static final List<String> SHELL =
      List.of("/bin/sh", "-c", "trap '' HUP INT QUIT TERM; exec \"$@\"", "sh");

  /** A program that ends sooner has not taken what it was sent: it was refused its options, say. */
  private static final long YOUNG_NANOS = Duration.ofSeconds(5).toNanos();

  /** A program that has worked for so long may be started again. */
  private static final long PROVEN_NANOS = Duration.ofMinutes(1).toNanos();

  private record Message(int level, String text, Runnable otherwise) {}

  private final Path socket;
  private final List<String> command;
  private final int facility;
  private final Logger elsewhere;

  /** What the program may not have taken. */
  private final List<Message> recent = new ArrayList<>();

  private @Nullable Process program;
  private long startedNanos;
  private int starts;
  private boolean lost;

  /**
   * @param socket without it there is no such log
   * @param command takes lines with {@code <PRIORITY>} in front
   * @param facility in all priorities
   * @param elsewhere told if there is no such log any more
   */
  SystemLog(Path socket, List<String> command, int facility, Logger elsewhere) {
    this.socket = socket;
    this.command = command;
    this.facility = facility;
    this.elsewhere = elsewhere;
  }

  /**
   * @param facility as {@code LOG_DAEMON}
   * @throws InitializationException if there is no such facility
   */
  static SystemLog syslog(String program, String facility, Logger elsewhere) {
    int index = facility.startsWith("LOG_") ? FACILITIES.indexOf(facility.substring(4)) : -1;
    if (index < 0 || facility.equals("LOG_?")) {
      throw new InitializationException("Invalid value for Ice.SyslogFacility: " + facility);
    }
    return new SystemLog(
        Path.of("/dev/log"),
        List.of(
            "logger",
            "--prio-prefix",
            "--size=" + LINE_BYTES_MAX,
            "--id=" + ProcessHandle.current().pid(),
            "--tag=" + program),
        index,
        elsewhere);
  }

  static SystemLog journal(String program, Logger elsewhere) {
    return new SystemLog(
        Path.of("/run/systemd/journal/stdout"),
        List.of("systemd-cat", "--identifier=" + program, "--level-prefix=true"),
        0,
        elsewhere);
  }

  /**
   * @param text may have several lines; those after the first are indented
   * @param otherwise logs the message where it goes if there is no such log any more
   */
  synchronized void write(int level, String text, Runnable otherwise) {
    write(new Message(level, text, otherwise));
  }

  private void write(Message message) {
    if (program == null && !lost) {
      start();
    }
    Process current = program;
    if (current == null) {
      message.otherwise().run();
      return;
    }
    boolean young = System.nanoTime() - startedNanos < YOUNG_NANOS;
    if (!young || recent.size() == RECENT_MAX) {
      recent.clear();
    }
    recent.add(message);
    try {
      current.getOutputStream().write(lines(message));
      current.getOutputStream().flush();
      if (!young) {
        recent.clear();
      }
    } catch (IOException e) {
      ended();
    }
  }

  private byte[] lines(Message message) {
    String mark = "<" + (8 * facility + message.level()) + ">";
    StringBuilder lines = new StringBuilder();
    for (String line : message.text().split("\n")) {
      if (!line.isBlank()) {
        String indent = lines.isEmpty() ? "" : "   ";
        lines.append(mark).append(indent).append(line).append('\n');
      }
    }
    return lines.toString().getBytes(UTF_8);
  }

  private void start() {
    String name = command.get(0);
    if (starts == STARTS_MAX) {
      lose("`" + name + "' does not keep running");
    } else if (!Files.exists(socket)) {
      lose("there is no " + socket);
    } else if (ProgramPath.find(name, found -> true).isEmpty()) {
      lose("`" + name + "' is not on the PATH");
    } else {
      try {
        List<String> shielded = Stream.concat(SHELL.stream(), command.stream()).toList();
        Process started =
            new ProcessBuilder(shielded)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        started.onExit().thenAcceptAsync(this::exited);
        program = started;
        startedNanos = System.nanoTime();
        starts++;
      } catch (IOException e) {
        lose(String.valueOf(e.getMessage()));
      }
    }
  }

  private void lose(String reason) {
    lost = true;
    elsewhere.warning("cannot write to the system's log, writing here instead: " + reason);
  }

  private synchronized void exited(Process process) {
    if (process == program) {
      if (System.nanoTime() - startedNanos > YOUNG_NANOS) {
        recent.clear();
      }
      ended();
    }
  }

  /** Goes on with another one, or elsewhere. */
  private void ended() {
    program = null;
    if (System.nanoTime() - startedNanos > PROVEN_NANOS) {
      starts = 0;
    }
    List<Message> again = List.copyOf(recent);
    recent.clear();
    again.forEach(this::write);
  }
}
