package dev.firn.server;

/** How loaded a member of a replica group is, as adaptive policies compare it. */
public final class PlacementLoad {
  /** What counts for a member whose node or server cannot be reached. */
  public static final double UNREACHABLE = 999.9;

  /** What counts where the node does not know its load; no factor is applied. */
  public static final double UNKNOWN = 1.0;

  /** Which of the three load averages. */
  public enum Sample {
    ONE,
    FIVE,
    FIFTEEN;

    /** By the minutes as descriptors write them; one minute for all other texts. */
    static Sample of(String minutes) {
      return switch (minutes.trim()) {
        case "5" -> FIVE;
        case "15" -> FIFTEEN;
        default -> ONE;
      };
    }
  }

  private PlacementLoad() {}

  /**
   * The load that counts.
   *
   * @param average of the node; negative if it does not know
   * @param factor of the node's descriptor; negative for the default
   * @param processors of the node; less than 1 counts as 1
   * @param windows whether the averages are relative to all processors already
   */
  public static double of(double average, double factor, int processors, boolean windows) {
    if (average < 0) {
      return UNKNOWN;
    }
    if (factor >= 0) {
      return average * factor;
    }
    return windows ? average : average / Math.max(1, processors);
  }

  /** A load factor as descriptors write it; -1 for what means the default. */
  public static double factor(String text) {
    if (text.isBlank()) {
      return -1;
    }
    try {
      double factor = Double.parseDouble(text.trim());
      return Double.isFinite(factor) && factor >= 0 ? factor : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
