package dev.firn.election;

/**
 * How far a replica's topics have come: which reign, and how many updates of it. Slice calls it
 * {@code LogUpdate}.
 *
 * @param generation counts elections that led to a group, 0 before the first
 * @param iteration counts updates within the generation
 */
public record LogPosition(long generation, long iteration) implements Comparable<LogPosition> {
  public static final LogPosition ZERO = new LogPosition(0, 0);

  /** The position of the next update of this generation. */
  public LogPosition next() {
    return new LogPosition(generation, iteration + 1);
  }

  @Override
  public int compareTo(LogPosition other) {
    int byGeneration = Long.compare(generation, other.generation);
    return byGeneration != 0 ? byGeneration : Long.compare(iteration, other.iteration);
  }

  @Override
  public String toString() {
    return generation + "/" + iteration;
  }
}
