package dev.firn.registry;

import com.zeroc.Ice.ObjectPrx;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One event topic: a serial, which counts its changes, and its subscribers. Guarded by the lock of
 * {@link ObserverTopics}.
 *
 * @param <P> the observers' proxy
 */
final class ObserverTopic<P extends ObjectPrx> {
  /** Calls an observer with arguments made when they are needed first. */
  interface Send<P, A> {
    CompletableFuture<Void> send(P observer, int serial, A arguments, Map<String, String> context);
  }

  private final String name;
  private final Executor executor;
  private final int queueMax;
  private final Set<Subscriber<P>> subscribers = new LinkedHashSet<>();
  private int serial;

  ObserverTopic(String name, Executor executor, int queueMax) {
    this.name = name;
    this.executor = executor;
    this.queueMax = queueMax;
  }

  String name() {
    return name;
  }

  int serial() {
    return serial;
  }

  /**
   * Counts a change and queues it for every subscriber; the context names the serial.
   *
   * @param dbSerial the table's persistent serial, if the change raised it
   */
  <A> void change(OptionalLong dbSerial, Supplier<A> arguments, Send<P, A> send) {
    serial++;
    queue(arguments, send, context(dbSerial));
  }

  /** As {@link #change}, without serial in the context. */
  <A> void changeWithoutContext(Supplier<A> arguments, Send<P, A> send) {
    serial++;
    queue(arguments, send, Map.of());
  }

  /** Queues the state as the first call of a new subscriber. */
  <A> Subscriber<P> subscribe(
      P observer,
      OptionalLong dbSerial,
      Supplier<A> state,
      Send<P, A> init,
      BiConsumer<Subscriber<P>, Throwable> failed) {
    Subscriber<P> subscriber = new Subscriber<>(observer, executor, queueMax, failed);
    int now = serial;
    Map<String, String> context = context(dbSerial);
    subscriber.offer(to -> init.send(to, now, state.get(), context));
    subscribers.add(subscriber);
    return subscriber;
  }

  void remove(Subscriber<P> subscriber) {
    subscribers.remove(subscriber);
  }

  int size() {
    return subscribers.size();
  }

  void endAll() {
    subscribers.forEach(Subscriber::end);
    subscribers.clear();
  }

  private <A> void queue(Supplier<A> arguments, Send<P, A> send, Map<String, String> context) {
    if (subscribers.isEmpty()) {
      return;
    }
    int now = serial;
    Supplier<A> once = once(arguments);
    for (Subscriber<P> subscriber : List.copyOf(subscribers)) {
      subscriber.offer(to -> send.send(to, now, once.get(), context));
    }
  }

  private Map<String, String> context(OptionalLong dbSerial) {
    String now = Integer.toString(serial);
    return dbSerial.isPresent()
        ? Map.of("serial", now, "dbSerial", Long.toString(dbSerial.getAsLong()))
        : Map.of("serial", now);
  }

  /** All subscribers share one copy of the arguments. Called on the one sending thread. */
  private static <A> Supplier<A> once(Supplier<A> supplier) {
    AtomicReference<@Nullable A> made = new AtomicReference<>();
    return () -> {
      A value = made.get();
      if (value == null) {
        value = supplier.get();
        made.set(value);
      }
      return value;
    };
  }
}
