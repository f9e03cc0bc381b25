package dev.firn.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zeroc.Ice.Properties;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserPrincipal;
import java.util.concurrent.TimeUnit;

/**
 * Tells whoever started this process how it is: systemd and the launcher, where they ask for it.
 */
public final class Readiness {
  private static final String READY_PIPE = "FIRN_READY_PIPE";
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

  /**
   * This process serves now. Until here the launcher of a daemon kept its standard error, to show
   * why a start failed; from here on it goes nowhere, also that of child processes.
   */
  public static void started(Properties properties) {
    if (System.getenv(READY_PIPE) != null) {
      try {
        // Java puts /dev/null in the place of a standard stream that is closed.
        new FileOutputStream(FileDescriptor.err).close();
      } catch (IOException e) {
        System.err.println("cannot close standard error: " + e);
      }
      if (properties.getProperty("Ice.StdErr").isEmpty()) {
        System.setErr(new PrintStream(OutputStream.nullOutputStream(), true, UTF_8));
      }
    }
    send("READY=1");
  }

  /** Lets a user tell what this process would; it belongs to the launcher's so far. */
  static void handOver(String user) throws IOException {
    String pipe = System.getenv(READY_PIPE);
    if (pipe != null) {
      Path path = Path.of(pipe);
      UserPrincipal owner =
          path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user);
      Files.setOwner(path, owner);
      Files.setOwner(path.resolveSibling("."), owner);
    }
  }

  /** The launcher of a daemon waits for a line in a pipe. */
  private static void tellLauncher() {
    String pipe = System.getenv(READY_PIPE);
    if (pipe != null) {
      try {
        Files.writeString(Path.of(pipe), "ready\n", StandardOpenOption.WRITE);
      } catch (IOException e) {
        System.err.println("cannot tell the launcher that this process serves: " + e);
      }
    }
  }
}
