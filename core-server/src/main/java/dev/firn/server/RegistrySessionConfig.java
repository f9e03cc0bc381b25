package dev.firn.server;

/**
 * The times of a {@link RegistrySession}.
 *
 * @param periodMillis between attempts at most, and between signs of life, until a registry says
 *     otherwise
 * @param retryMillis after the first failed attempt; doubles up to the period
 */
public record RegistrySessionConfig(long periodMillis, long retryMillis) {
  public RegistrySessionConfig {
    if (retryMillis < 1 || periodMillis < retryMillis) {
      throw new IllegalArgumentException(
          "expected 1 <= retry <= period: " + retryMillis + ", " + periodMillis);
    }
  }
}
