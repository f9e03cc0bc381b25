package dev.firn.testkit;

import java.util.SplittableRandom;

/** Carries messages between machines: late, twice, or not at all. */
final class Network {
  private static final int USUAL_DELAY_MILLIS = 20;
  private static final int LONG_DELAY_MILLIS = 600;

  private final Agenda agenda;
  private final SplittableRandom random;
  private final boolean[][] cut;
  private double loss;
  private double duplication;
  private double longDelay;

  Network(int machines, Agenda agenda, SplittableRandom random) {
    this.agenda = agenda;
    this.random = random;
    this.cut = new boolean[machines][machines];
  }

  /** How likely a message is lost, arrives twice, or takes long. */
  void quality(double lossProbability, double duplicationProbability, double longProbability) {
    loss = lossProbability;
    duplication = duplicationProbability;
    longDelay = longProbability;
  }

  /** Cuts one direction. */
  void cut(int from, int to) {
    cut[from][to] = true;
  }

  /** Cuts both directions between a machine and all others. */
  void isolate(int machine) {
    for (int other = 0; other < cut.length; other++) {
      if (other != machine) {
        cut(machine, other);
        cut(other, machine);
      }
    }
  }

  void heal() {
    for (boolean[] row : cut) {
      java.util.Arrays.fill(row, false);
    }
  }

  boolean isCut(int from, int to) {
    return cut[from][to];
  }

  /** Delivers later, unless the message is lost or the line is cut at either end of its way. */
  void send(int from, int to, Runnable delivery) {
    if (cut[from][to] || random.nextDouble() < loss) {
      return;
    }
    deliver(from, to, delivery);
    if (random.nextDouble() < duplication) {
      deliver(from, to, delivery);
    }
  }

  private void deliver(int from, int to, Runnable delivery) {
    int limitMillis = random.nextDouble() < longDelay ? LONG_DELAY_MILLIS : USUAL_DELAY_MILLIS;
    agenda.after(
        1 + random.nextInt(limitMillis),
        () -> {
          if (!cut[from][to]) {
            delivery.run();
          }
        });
  }
}
