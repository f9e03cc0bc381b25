package dev.firn.wire;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/**
 * Tells whoever started this process how it is: systemd and the launcher, where they ask for it.
 */
public final class Readiness {
  private static final long PATIENCE_SECONDS = 2;

  private Readiness() {}

  /**
   * Sends a state. Java has no datagram sockets in the file system, so systemd's own tool does it.
   */
  public static void send(String state) {
    if (state.startsWith("READY")) {
      tellLauncher();
    }
    if (System.getenv("NOTIFY_SOCKET") == null) {
      return;
    }
    try {
      Process tool =
          new ProcessBuilder("systemd-notify", "--pid=" + ProcessHandle.current().pid(), state)
              .inheritIO()
              .start();
      tool.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (IOException e) {
      System.err.println("cannot notify systemd: systemd-notify not found");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the launcher made this process a daemon. */
  public static boolean isDaemon() {
    return System.getenv("FIRN_READY_PIPE") != null;
  }

  /** The launcher of a daemon waits for a line in a pipe. */
  private static void tellLauncher() {
    String pipe = System.getenv("FIRN_READY_PIPE");
    if (pipe != null) {
      try {
        Files.writeString(Path.of(pipe), "ready\n", StandardOpenOption.WRITE);
      } catch (IOException e) {
        System.err.println("cannot tell the launcher that this process serves: " + e);
      }
    }
  }
}
