package dev.firn.wire;

import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options of a service: {@code --daemon}, {@code --pidfile FILE}, {@code --noclose}, {@code
 * --nochdir}. The launcher carries them out; here they are checked and taken away.
 */
public final class ServiceOptions {
  private ServiceOptions() {}

  /**
   * Removes the options from {@code arguments}.
   *
   * @return the error to show, null if there is none
   */
  public static @Nullable String strip(List<String> arguments) {
    boolean daemon = false;
    boolean noclose = false;
    String pidfile = null;
    Iterator<String> each = arguments.iterator();
    while (each.hasNext()) {
      switch (each.next()) {
        case "--daemon" -> daemon = true;
        case "--noclose" -> noclose = true;
        case "--nochdir" -> {
          // Also without --daemon, where it has no effect.
        }
        case "--pidfile" -> {
          each.remove();
          if (!each.hasNext()) {
            return "--pidfile must be followed by an argument";
          }
          pidfile = each.next();
        }
        default -> {
          continue;
        }
      }
      each.remove();
    }
    if (noclose && !daemon) {
      return "--noclose must be used with --daemon";
    }
    return pidfile != null && !daemon ? "--pidfile <file> must be used with --daemon" : null;
  }
}
