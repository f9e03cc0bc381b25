package dev.firn.bench;

import java.util.Locale;

/**
 * A load on a topic.
 *
 * @param payload bytes of each event's parameters
 * @param batchPublisher whether the publisher sends batches of requests
 */
record StormShape(Mode mode, int subscribers, int payload, boolean batchPublisher) {
  /** The mode of the subscribers' proxies. */
  enum Mode {
    ONEWAY("-o"),
    BATCH("-O"),
    TWOWAY("-t");

    private final String option;

    Mode(String option) {
      this.option = option;
    }

    /** As in a stringified proxy. */
    String option() {
      return option;
    }
  }

  /** Such as {@code oneway/100/16/batch}: subscribers' mode and number, bytes, publisher. */
  String label() {
    return String.join(
        "/",
        mode.name().toLowerCase(Locale.ROOT),
        Integer.toString(subscribers),
        Integer.toString(payload),
        batchPublisher ? "batch" : "oneway");
  }

  /** Events published and not yet delivered, at most: what is measured is not how a queue grows. */
  long windowEvents() {
    if (mode == Mode.BATCH) {
      // What is on its way while the subscribers' batches wait for their flush.
      return payload > 100 ? 100_000 : 400_000;
    }
    if (mode == Mode.TWOWAY) {
      // One answer is needed for each.
      return 1_000;
    }
    return payload > 100 ? 5_000 : 20_000;
  }
}
