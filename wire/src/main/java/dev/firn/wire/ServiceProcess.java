package dev.firn.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.InitializationException;
import com.zeroc.Ice.Properties;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What Ice for C++ does with a process as its properties say, and Ice for Java does not: {@code
 * Ice.ChangeUser} and {@code Ice.PrintProcessId}.
 */
public final class ServiceProcess {
  private static final String CHANGE_USER = "Ice.ChangeUser";
  private static final String PRINT_PROCESS_ID = "Ice.PrintProcessId";
  private static final Path SELF = Path.of("/proc/self");

  private ServiceProcess() {}

  /**
   * Initializes the communicator of a service, see {@link ServiceLogger}, as the user that is
   * wanted; what was opened before stays open.
   *
   * @throws com.zeroc.Ice.LocalException if that fails
   */
  public static Communicator initialize(InitializationData data) {
    Properties properties = data.properties;
    String user = properties.getProperty(CHANGE_USER);
    if (!user.isEmpty()) {
      try {
        changeUser(user);
      } catch (IOException e) {
        throw new InitializationException(
            CHANGE_USER + ": cannot run as `" + user + "': " + e.getMessage(), e);
      }
    }
    if (properties.getPropertyAsInt(PRINT_PROCESS_ID) > 0) {
      System.out.println(ProcessHandle.current().pid());
    }
    // Other communicators of this process have nothing to add.
    properties.setProperty(PRINT_PROCESS_ID, "0");
    return ServiceLogger.initialize(data);
  }

  private static void changeUser(String name) throws IOException {
    int user = id("-u", name);
    Object own = Files.getAttribute(SELF, "unix:uid");
    if (own.equals(user)) {
      return;
    }
    if (!own.equals(0)) {
      throw new IOException("only root may run as somebody else");
    }
    Readiness.handOver(name);
    CLibrary.changeUser(name, user, id("-g", name));
    System.setProperty("user.name", name);
    // Java opens an archive when it looks for a class in it.
    for (String archive : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (!Files.isReadable(Path.of(archive))) {
        throw new IOException("`" + archive + "' is not readable for this user; give him access");
      }
    }
  }

  /** A number of a user. */
  private static int id(String option, String user) throws IOException {
    Process id = new ProcessBuilder("id", option, "--", user).redirectErrorStream(true).start();
    String output;
    try (var stream = id.getInputStream()) {
      output = new String(stream.readAllBytes(), UTF_8).strip();
    }
    try {
      if (id.waitFor() != 0) {
        throw new IOException(output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return Integer.parseUnsignedInt(output);
  }
}
