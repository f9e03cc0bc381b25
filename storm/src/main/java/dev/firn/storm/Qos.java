package dev.firn.storm;

import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.UnknownException;
import com.zeroc.IceStorm.BadQoS;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a subscriber asked for.
 *
 * @param ordered one event under way at a time
 * @param retryCount failures in a row that are tolerated; -1: any number
 * @param locatorCacheTimeout seconds, 0 no cache, -1 for ever; empty: the proxy's own
 * @param connectionCached empty: the proxy's own
 */
record Qos(
    boolean ordered,
    int retryCount,
    OptionalInt locatorCacheTimeout,
    Optional<Boolean> connectionCached) {
  static final String RELIABILITY = "reliability";
  static final String RETRY_COUNT = "retryCount";
  static final String LOCATOR_CACHE_TIMEOUT = "locatorCacheTimeout";
  static final String CONNECTION_CACHED = "connectionCached";

  private static final String ORDERED = "ordered";
  private static final int RETRY_FOR_EVER = -1;
  private static final Set<String> KEYS =
      Set.of(RELIABILITY, RETRY_COUNT, LOCATOR_CACHE_TIMEOUT, CONNECTION_CACHED);

  /** That of links: they are given up only when the linked topic is gone. */
  static final Qos LINK = new Qos(true, RETRY_FOR_EVER, OptionalInt.empty(), Optional.empty());

  /**
   * What a new subscriber asks for.
   *
   * @param subscriber the proxy given with the quality of service
   * @throws BadQoS if a value cannot be used; never for a key that is not known
   * @throws UnknownException if the locator cache timeout is below -1
   */
  static Qos check(ObjectPrx subscriber, Map<String, String> qos) throws BadQoS {
    String retryCount = qos.get(RETRY_COUNT);
    if (retryCount != null && integer(retryCount).isEmpty()) {
      throw new BadQoS("invalid retry count (numeric value required): " + retryCount);
    }
    return of(subscriber, qos);
  }

  /**
   * What a stored or replicated record asks for: ZeroC's service takes any text as a retry count
   * and reads the number it begins with, so such records are valid.
   *
   * @throws BadQoS as for {@link #check}
   */
  static Qos of(ObjectPrx subscriber, Map<String, String> qos) throws BadQoS {
    return new Qos(
        ordered(subscriber, qos.getOrDefault(RELIABILITY, "")),
        LeadingInteger.of(qos.getOrDefault(RETRY_COUNT, "0")),
        locatorCacheTimeout(qos.get(LOCATOR_CACHE_TIMEOUT)),
        connectionCached(qos.get(CONNECTION_CACHED)));
  }

  /** Keys that have no meaning here, in order; they are kept all the same. */
  static List<String> unknownKeys(Map<String, String> qos) {
    Set<String> keys = new TreeSet<>(qos.keySet());
    keys.removeAll(KEYS);
    return List.copyOf(keys);
  }

  /** Whether another attempt is due after this many failures in a row. */
  boolean allowsRetry(int failures) {
    return retryCount == RETRY_FOR_EVER || failures < retryCount;
  }

  /** The proxy that events are sent with. */
  ObjectPrx applyTo(ObjectPrx subscriber) {
    ObjectPrx proxy = subscriber;
    if (locatorCacheTimeout.isPresent()) {
      proxy = proxy.ice_locatorCacheTimeout(locatorCacheTimeout.getAsInt());
    }
    return connectionCached.isPresent()
        ? proxy.ice_connectionCached(connectionCached.get())
        : proxy;
  }

  private static boolean ordered(ObjectPrx subscriber, String reliability) throws BadQoS {
    if (reliability.isEmpty()) {
      return false;
    }
    if (!reliability.equals(ORDERED)) {
      throw new BadQoS("invalid reliability: " + reliability);
    }
    if (!subscriber.ice_isTwoway()) {
      throw new BadQoS("ordered reliability requires a twoway proxy");
    }
    return true;
  }

  private static OptionalInt locatorCacheTimeout(@Nullable String text) throws BadQoS {
    if (text == null) {
      return OptionalInt.empty();
    }
    OptionalInt value = integer(text);
    if (value.isEmpty()) {
      throw new BadQoS("invalid locator cache timeout (numeric value required): " + text);
    }
    if (value.getAsInt() < -1) {
      // Not BadQoS: clients of ZeroC's service know it this way.
      throw new UnknownException("invalid locator cache timeout (-1 or more required): " + text);
    }
    return value;
  }

  private static Optional<Boolean> connectionCached(@Nullable String text) throws BadQoS {
    if (text == null) {
      return Optional.empty();
    }
    OptionalInt value = integer(text);
    if (value.isEmpty()) {
      throw new BadQoS("invalid connection cached setting (numeric value required): " + text);
    }
    return Optional.of(value.getAsInt() > 0);
  }

  private static OptionalInt integer(String text) {
    try {
      return OptionalInt.of(Integer.parseInt(text.strip()));
    } catch (NumberFormatException e) {
      return OptionalInt.empty();
    }
  }
}
