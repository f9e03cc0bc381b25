package dev.firn.testkit;

import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs seeds for a given time, or one seed again.
 *
 * <p>{@code --seconds=N} (default 60), {@code --from=SEED} (default: the time of day), {@code
 * --seed=SEED} runs just this one and prints its trace. Exit 0 if all held, 1 if not, 2 for bad
 * options.
 */
public final class Soak {
  private static final int TRACE_LINES_MAX = 400;

  private Soak() {}

  public static void main(String[] args) {
    System.exit(run(List.of(args), System.out));
  }

  static int run(List<String> args, PrintStream out) {
    long seconds = 60;
    long from = System.currentTimeMillis();
    for (String arg : args) {
      try {
        long value = Long.parseLong(arg.substring(arg.indexOf('=') + 1));
        if (arg.startsWith("--seed=")) {
          return replay(value, out);
        } else if (arg.startsWith("--seconds=")) {
          seconds = value;
        } else if (arg.startsWith("--from=")) {
          from = value;
        } else {
          return usage(arg, out);
        }
      } catch (NumberFormatException e) {
        return usage(arg, out);
      }
    }
    return soak(from, seconds, out);
  }

  private static int usage(String arg, PrintStream out) {
    out.println("unknown option `" + arg + "'; expected --seconds=N, --from=SEED or --seed=SEED");
    return 2;
  }

  private static int soak(long from, long seconds, PrintStream out) {
    long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    long seed = from;
    long events = 0;
    try {
      while (System.nanoTime() < deadlineNanos) {
        events += Simulation.run(seed).events();
        seed++;
      }
    } catch (SimulationFailure e) {
      out.println(e.getMessage());
      return 1;
    }
    out.println(
        "%d seeds from %d, %d events: all invariants held".formatted(seed - from, from, events));
    return 0;
  }

  private static int replay(long seed, PrintStream out) {
    Simulation simulation = Simulation.random(seed).traced().start();
    int result = 0;
    String end;
    try {
      end = simulation.runRandomly().toString();
    } catch (SimulationFailure e) {
      end = e.getMessage() + "\n" + e.getCause();
      result = 1;
    }
    List<String> lines = simulation.traceLines();
    lines.subList(Math.max(0, lines.size() - TRACE_LINES_MAX), lines.size()).forEach(out::println);
    out.println(end);
    return result;
  }
}
