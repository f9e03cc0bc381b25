package dev.firn.model;

/**
 * What an expansion may take, so that small descriptors cannot become huge ones.
 *
 * @param valueCharsMax characters of one value after substitution
 * @param valueStepsMax variables looked up for one value
 * @param propertiesMax properties of one communicator or named set, after those it refers to
 * @param totalCharsMax characters of all substituted values of an application
 */
public record ExpansionLimits(
    int valueCharsMax, int valueStepsMax, int propertiesMax, long totalCharsMax) {
  public static final ExpansionLimits DEFAULT =
      new ExpansionLimits(1 << 20, 100_000, 100_000, 1L << 30);

  public ExpansionLimits {
    if (valueCharsMax < 1 || valueStepsMax < 1 || propertiesMax < 1 || totalCharsMax < 1) {
      throw new IllegalArgumentException("limits must be positive");
    }
  }
}
