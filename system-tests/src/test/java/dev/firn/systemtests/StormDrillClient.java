package dev.firn.systemtests;

import static dev.firn.systemtests.Json.proxyOf;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A client of a drill: changes topics of its own, one update after the other, through any replica,
 * and notes what it was told. A thread of its own runs it.
 */
final class StormDrillClient {
  private static final int TOPICS_MAX = 12;
  private static final long AFTER_FAILURE_NANOS = 20_000_000;
  private static final long END_MILLIS = 60_000;

  /**
   * Said by a replica that has not learned of the topic since it restarted. What is missing for
   * good is found at the end.
   */
  private static final Set<String> UNAWARE =
      Set.of("IceStorm.NoSuchTopic", "Ice.ObjectNotExistException");

  private final Storm storm;
  private final StormModel model;
  private final IceClient client;
  private final Random random;
  private final String prefix;
  private final Thread thread;

  /** Those that it still changes. */
  private final List<String> topics = new ArrayList<>();

  private int created;
  private volatile boolean stopping;
  private volatile @Nullable Throwable failure;
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final AtomicInteger rejected = new AtomicInteger();
  private final AtomicInteger unknown = new AtomicInteger();

  StormDrillClient(Lab lab, Storm storm, StormModel model, int number, long seed) {
    this.storm = storm;
    this.model = model;
    // No silent second try, and an end of each wait.
    client = lab.client("Ice.RetryIntervals=-1", "Ice.Default.InvocationTimeout=4000");
    random = new Random(seed);
    prefix = "c" + number + "-";
    thread = new Thread(this::run, "drill-client-" + number);
    thread.setDaemon(true);
  }

  StormDrillClient start() {
    thread.start();
    return this;
  }

  private void run() {
    try {
      while (!stopping) {
        if (!update()) {
          LockSupport.parkNanos(AFTER_FAILURE_NANOS);
        }
      }
    } catch (Throwable bug) {
      failure = bug;
    }
  }

  /** Whether it was carried out. */
  private boolean update() {
    StormProcess replica = pick(storm.replicas());
    int choice = random.nextInt(20);
    if (topics.isEmpty() || (choice < 4 && topics.size() < TOPICS_MAX)) {
      String name = prefix + ++created;
      boolean done = ask(name, name, true, storm.manager(client, replica), "create", name);
      if (done) {
        topics.add(name);
      }
      return done;
    }
    String name = pick(topics);
    Remote topic = storm.topicAt(client, replica, name);
    if (choice < 7) {
      boolean done = ask(name, name, false, topic, "destroy");
      if (done) {
        topics.remove(name);
      }
      return done;
    }
    if (choice < 11) {
      String target = pick(topics);
      String link = StormModel.link(name, target);
      Map<String, Object> proxy =
          proxyOf(storm.topicAt(client, replica, target).proxy(), "IceStorm.Topic");
      return model.isThere(link)
          ? ask(name, link, false, topic, "unlink", proxy)
          : ask(name, link, true, topic, "link", proxy, 1);
    }
    String subscriber = "s" + random.nextInt(6);
    String subscription = StormModel.subscription(name, subscriber);
    Map<String, Object> proxy = proxyOf(subscriber + ":tcp -h 127.0.0.1 -p 1");
    return model.isThere(subscription)
        ? ask(name, subscription, false, topic, "unsubscribe", proxy)
        : ask(name, subscription, true, topic, "subscribeAndGetPublisher", Map.of(), proxy);
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private boolean ask(
      String topic, String fact, boolean there, Remote target, String operation, Object... args) {
    try {
      target.call(operation, args);
      model.acknowledged(fact, there);
      acknowledged.incrementAndGet();
      return true;
    } catch (IceFailure failed) {
      if (failed.type().equals("Ice.ConnectionRefusedException")) {
        return false; // nothing was sent
      }
      boolean destroys = fact.equals(topic) && !there;
      if (UNAWARE.contains(failed.type()) && !destroys) {
        rejected.incrementAndGet();
        return false;
      }
      unknown.incrementAndGet();
      model.unknown(fact, there);
      topics.remove(topic);
      return false;
    }
  }

  void stop() {
    stopping = true;
    try {
      thread.join(END_MILLIS);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
    Throwable bug = failure;
    if (bug != null) {
      throw new AssertionError("a client of the drill failed", bug);
    }
    if (thread.isAlive()) {
      throw new AssertionError("a client of the drill does not end");
    }
  }

  int acknowledged() {
    return acknowledged.get();
  }

  int rejected() {
    return rejected.get();
  }

  int unknown() {
    return unknown.get();
  }
}
