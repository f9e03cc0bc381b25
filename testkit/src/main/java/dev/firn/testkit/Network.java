package dev.firn.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Carries messages between machines: late, twice, or not at all. */
final class Network {
  private static final int USUAL_DELAY_MILLIS = 20;
  private static final int LONG_DELAY_MILLIS = 600;

  private final Agenda agenda;
  private final SplittableRandom random;
  private final boolean[][] cut;
  private int usualDelayMillis = USUAL_DELAY_MILLIS;
  private double loss;
  private double duplication;
  private double longDelay;
  private double holding;
  private final List<Held> held = new ArrayList<>();

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

  /** The longest way of a message under usual circumstances. */
  void usualDelay(int millis) {
    usualDelayMillis = millis;
  }

  /** How likely a message that meets a cut line waits there until the line is healed. */
  void holding(double probability) {
    holding = probability;
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
      Arrays.fill(row, false);
    }
    List<Held> freed = List.copyOf(held);
    held.clear();
    freed.forEach(message -> deliver(message.from, message.to, message.delivery));
  }

  boolean isCut(int from, int to) {
    return cut[from][to];
  }

  /** As {@link #sendOnce}, and perhaps a second time. */
  boolean send(int from, int to, Runnable delivery) {
    if (!sendOnce(from, to, delivery)) {
      return false;
    }
    if (random.nextDouble() < duplication) {
      deliver(from, to, delivery);
    }
    return true;
  }

  /**
   * Delivers later, unless the message is lost or the line is cut at either end of its way.
   *
   * @return whether it may arrive
   */
  boolean sendOnce(int from, int to, Runnable delivery) {
    if (cut[from][to]) {
      return hold(from, to, delivery);
    }
    if (random.nextDouble() < loss) {
      return false;
    }
    deliver(from, to, delivery);
    return true;
  }

  private boolean hold(int from, int to, Runnable delivery) {
    return holding > 0 && random.nextDouble() < holding && held.add(new Held(from, to, delivery));
  }

  private void deliver(int from, int to, Runnable delivery) {
    int limitMillis = random.nextDouble() < longDelay ? LONG_DELAY_MILLIS : usualDelayMillis;
    agenda.after(
        1 + random.nextInt(limitMillis),
        () -> {
          if (!cut[from][to]) {
            delivery.run();
          } else {
            hold(from, to, delivery);
          }
        });
  }

  /** A message that the sender's system sends again and again until it arrives. */
  private record Held(int from, int to, Runnable delivery) {}
}
