package dev.firn.testkit;

import java.io.PrintStream;
import java.util.List;

/** Runs the registry's simulation for as long as wanted; options as of {@link SoakCommand}. */
public final class Soak {
  private static final SoakCommand.Runs RUNS =
      new SoakCommand.Runs() {
        @Override
        public long run(long seed) {
          return Simulation.run(seed).events();
        }

        @Override
        public SoakCommand.Traced traced(long seed) {
          Simulation simulation = Simulation.random(seed).traced().start();
          return new SoakCommand.Traced() {
            @Override
            public String run() {
              return simulation.runRandomly().toString();
            }

            @Override
            public List<String> lines() {
              return simulation.traceLines();
            }
          };
        }
      };

  private Soak() {}

  public static void main(String[] args) {
    System.exit(run(List.of(args), System.out));
  }

  static int run(List<String> args, PrintStream out) {
    return new SoakCommand(RUNS).run(args, out);
  }
}
