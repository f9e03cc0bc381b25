package dev.firn.model;

/**
 * What a descriptor may take, its includes counted as often as they are included.
 *
 * @param elementsMax elements interpreted, over all files
 * @param includesMax files included, over all files
 * @param depthMax elements within elements, within a file and its includes
 */
public record ParseLimits(int elementsMax, int includesMax, int depthMax) {
  /** Enough for a hundred thousand servers. */
  public static final ParseLimits DEFAULT = new ParseLimits(5_000_000, 20_000, 200);

  public ParseLimits {
    if (elementsMax < 1 || includesMax < 0 || depthMax < 1) {
      throw new IllegalArgumentException(
          "limits must be positive: " + elementsMax + ", " + includesMax + ", " + depthMax);
    }
  }
}
