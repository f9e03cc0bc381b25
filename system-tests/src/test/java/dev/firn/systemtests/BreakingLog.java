package dev.firn.systemtests;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Logger;
import com.zeroc.Ice.LoggerPlugin;
import com.zeroc.Ice.Plugin;
import com.zeroc.Ice.PluginFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/**
 * A plug-in whose log throws where a component says that its role becomes another: stands for any
 * bug in a role. Its argument is the text that throws.
 */
public final class BreakingLog implements PluginFactory {
  public BreakingLog() {}

  /** A jar of it, as Ice takes plug-ins that are not on its class path from nothing else. */
  static Path jar(Path directory) {
    Path jar = directory.resolve("breaking-log.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (Class<?> each : List.of(BreakingLog.class, Breaking.class)) {
        String entry = each.getName().replace('.', '/') + ".class";
        out.putNextEntry(new JarEntry(entry));
        Files.copy(ComponentGroup.classes().resolve(entry), out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return jar;
  }

  @Override
  public Plugin create(Communicator communicator, String name, String[] arguments) {
    return new LoggerPlugin(communicator, new Breaking(communicator.getLogger(), arguments[0]));
  }

  private record Breaking(Logger log, String text) implements Logger {
    @Override
    public void print(String message) {
      if (message.contains(text)) {
        throw new StackOverflowError("broken by " + text);
      }
      log.print(message);
    }

    @Override
    public void trace(String category, String message) {
      log.trace(category, message);
    }

    @Override
    public void warning(String message) {
      log.warning(message);
    }

    @Override
    public void error(String message) {
      log.error(message);
    }

    @Override
    public String getPrefix() {
      return log.getPrefix();
    }

    @Override
    public Logger cloneWithPrefix(String prefix) {
      return new Breaking(log.cloneWithPrefix(prefix), text);
    }
  }
}
