package dev.firn.bench;

/**
 * How requests are spread over connections.
 *
 * @param label as printed in the tables
 * @param connections each driven by its own thread
 * @param outstanding requests in flight per connection; 1 means one after the other
 */
record LoadShape(String label, int connections, int outstanding) {
  static final LoadShape SEQUENTIAL = new LoadShape("1 connection", 1, 1);
  static final LoadShape FOUR = new LoadShape("4 connections", 4, 1);
  static final LoadShape SIXTEEN = new LoadShape("16 connections", 16, 1);
  static final LoadShape PIPELINED = new LoadShape("64 outstanding", 1, 64);

  LoadShape {
    if (connections < 1 || outstanding < 1) {
      throw new IllegalArgumentException(
          "connections and outstanding must be >= 1: " + connections + ", " + outstanding);
    }
  }
}
