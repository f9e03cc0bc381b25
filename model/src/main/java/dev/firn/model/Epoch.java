package dev.firn.model;

/**
 * Which reign of a master a database comes from.
 *
 * <p>The number is raised when a database that was not the master's is started as the master's, and
 * copied to every slave that synchronises; so of two databases of one instance that were ever
 * master, the later one has the higher number. Databases of ZeroC's registry have none (0).
 *
 * @param number 0 for a database that never belonged to a Firn master
 * @param master whether the database was last used by a master
 */
public record Epoch(long number, boolean master) {
  public static final Epoch NONE = new Epoch(0, false);

  public Epoch {
    if (number < 0) {
      throw new IllegalArgumentException("an epoch must be >= 0: " + number);
    }
  }
}
