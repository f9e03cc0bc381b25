package dev.firn.failover;

/**
 * How an instance campaigns for its role.
 *
 * @param renewMillis how often a lease is renewed, and how often a candidate asks at most
 * @param renewTimeoutMillis after which a renewal is not waited for any more
 * @param campaignTimeoutMillis the same for a candidate, whose campaign may be held
 * @param releaseMillis how long a lease is tried to be given back
 */
public record CampaignConfig(
    long renewMillis, long renewTimeoutMillis, long campaignTimeoutMillis, long releaseMillis) {
  public CampaignConfig {
    if (renewMillis < 1
        || renewTimeoutMillis < 1
        || campaignTimeoutMillis < 1
        || releaseMillis < 1) {
      throw new IllegalArgumentException("times of a campaign must be above 0");
    }
  }

  public static CampaignConfig defaults() {
    return new CampaignConfig(200, 300, 750, 1_000);
  }
}
