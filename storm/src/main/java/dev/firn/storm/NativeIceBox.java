package dev.firn.storm;

import com.zeroc.Ice.Properties;
import com.zeroc.IceUtilInternal.Options;
import dev.firn.wire.CLibrary;
import dev.firn.wire.ProgramPath;
import dev.firn.wire.Readiness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The IceBox for services in C++, which a Java machine cannot load: where a configuration has one
 * that is not IceStorm, ours hands over to the next {@code icebox} on the path.
 */
final class NativeIceBox {
  private static final String SERVICE = "IceBox.Service.";

  private final Path program;

  private NativeIceBox(Path program) {
    this.program = program;
  }

  /**
   * @param properties of an IceBox, as they are configured
   * @return the names of services in C++ that are not IceStorm, sorted
   */
  static List<String> services(Properties properties) {
    return properties.getPropertiesForPrefix(SERVICE).entrySet().stream()
        .filter(service -> !IceBoxProperties.isStorm(service.getValue()))
        .filter(service -> isNative(service.getValue()))
        .map(service -> service.getKey().substring(SERVICE.length()))
        .sorted()
        .toList();
  }

  /** Such as Hello,37:create; in Java it is a class, or a class in a file or directory. */
  private static boolean isNative(String value) {
    String entryPoint;
    try {
      String[] words = Options.split(value);
      entryPoint = words.length == 0 ? "" : words[0];
    } catch (Options.BadQuote e) {
      return false; // The IceBox will say so.
    }
    int colon = entryPoint.lastIndexOf(':');
    return colon > 0 && !Files.exists(Path.of(entryPoint.substring(0, colon)));
  }

  /** The first on the path that is not this program. */
  static NativeIceBox find() throws IOException {
    Path own = Path.of(System.getProperty("firn.home", "/"), "bin", "firn").toRealPath();
    return new NativeIceBox(
        ProgramPath.find("icebox", found -> !isSame(found, own))
            .orElseThrow(
                () ->
                    new IOException(
                        "there is no other `icebox' on the PATH: install ZeroC's, or name it in"
                            + " place of this one")));
  }

  private static boolean isSame(Path found, Path own) {
    try {
      return found.toRealPath().equals(own);
    } catch (IOException e) {
      return true; // Nobody could run it.
    }
  }

  Path program() {
    return program;
  }

  /** Becomes it. Of a daemon our launcher has taken care. */
  void run(String[] arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    if (System.getenv("FIRN_READY_PIPE") != null) {
      command.removeAll(List.of("--daemon", "--noclose", "--nochdir"));
      int pidFile = command.indexOf("--pidfile");
      if (pidFile > 0) {
        command.subList(pidFile, Math.min(pidFile + 2, command.size())).clear();
      }
      Readiness.send("READY=1");
    }
    CLibrary.become(program, command);
  }
}
