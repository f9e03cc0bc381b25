package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A subscriber that a Python client hosts: it remembers the events it was sent. */
record EventSubscriber(IceClient client, String identity, String proxy) {

  /** For tens of thousands of events, one Python process being all publishers and subscribers. */
  private static final Duration LIMIT = Duration.ofMinutes(3);

  /** Delivery modes as the options of a stringified proxy. */
  static final String TWOWAY = "-t";

  static final String ONEWAY = "-o";
  static final String BATCH = "-O";
  static final String DATAGRAM = "-d";
  static final String BATCH_DATAGRAM = "-D";

  /** The proxy in another mode, as an argument. */
  Map<String, Object> as(String mode) {
    return Json.proxyOf(text(mode));
  }

  String text(String mode) {
    return proxy.replaceFirst(" -[toOdD] ", " " + mode + " ");
  }

  Map<String, Object> twoway() {
    return as(TWOWAY);
  }

  /** Everything received so far. */
  Json received() {
    return received(0);
  }

  private Json received(int start) {
    return client.ask("received", Map.of("identity", identity, "start", start));
  }

  List<Long> numbers() {
    return received().get("numbers").items().stream().map(Json::number).toList();
  }

  long count() {
    return received(Integer.MAX_VALUE).get("count").number();
  }

  void awaitCount(long count) {
    Await.until(
        () -> this + " received " + count() + " events, expected " + count,
        LIMIT,
        () -> count() >= count);
  }

  /** Waits for as many events and checks that they are exactly first .. first + count - 1. */
  void awaitInOrder(int first, int count) {
    awaitCount(count);
    assertThat(numbers()).as(toString()).isEqualTo(range(first, count));
  }

  /** As {@link #awaitInOrder}, in any order. */
  void awaitAll(int first, int count) {
    awaitCount(count);
    assertThat(numbers()).as(toString()).containsExactlyInAnyOrderElementsOf(range(first, count));
  }

  static List<Long> range(int first, int count) {
    return IntStream.range(first, first + count).mapToObj(Long::valueOf).toList();
  }

  @Override
  public String toString() {
    return "subscriber " + identity;
  }
}
