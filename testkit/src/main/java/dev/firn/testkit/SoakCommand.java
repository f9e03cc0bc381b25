package dev.firn.testkit;

import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program that runs seeds for a given time, or one seed again.
 *
 * <p>{@code --seconds=N} (default 60), {@code --from=SEED} (default: the time of day), {@code
 * --seed=SEED} runs just this one and prints its trace. Exit 0 if all held, 1 if not, 2 for bad
 * options.
 */
final class SoakCommand {
  private static final int TRACE_LINES_MAX = 400;

  private final Runs runs;

  SoakCommand(Runs runs) {
    this.runs = runs;
  }

  int run(List<String> args, PrintStream out) {
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

  private int soak(long from, long seconds, PrintStream out) {
    long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    long seed = from;
    long events = 0;
    try {
      while (System.nanoTime() < deadlineNanos) {
        events += runs.run(seed);
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

  private int replay(long seed, PrintStream out) {
    Traced traced = runs.traced(seed);
    int result = 0;
    String end;
    try {
      end = traced.run();
    } catch (SimulationFailure e) {
      end = e.getMessage() + "\n" + e.getCause();
      result = 1;
    }
    List<String> lines = traced.lines();
    lines.subList(Math.max(0, lines.size() - TRACE_LINES_MAX), lines.size()).forEach(out::println);
    out.println(end);
    return result;
  }

  /** What a seed is for. */
  interface Runs {
    /** Returns how many events there were. */
    long run(long seed);

    /** Prepares a run that keeps its trace. */
    Traced traced(long seed);
  }

  /** A run that keeps its trace. */
  interface Traced {
    /** Returns the result in words. */
    String run();

    List<String> lines();
  }
}
