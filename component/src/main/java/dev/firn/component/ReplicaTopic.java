package dev.firn.component;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.Logger;
import com.zeroc.IceStorm.AlreadySubscribed;
import com.zeroc.IceStorm.BadQoS;
import com.zeroc.IceStorm.InvalidSubscriber;
import com.zeroc.IceStorm.NoSuchTopic;
import com.zeroc.IceStorm.TopicExists;
import com.zeroc.IceStorm.TopicManagerPrx;
import com.zeroc.IceStorm.TopicPrx;
import dev.firn.wire.AsteriskSCF.System.Component.V1.ReplicaListenerPrx;
import dev.firn.wire.AsteriskSCF.System.Component.V1.ReplicaPrx;
import dev.firn.wire.Exceptions;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells listeners through a topic, where the configuration wants that: they are its subscribers.
 * Any thread; a thread of its own waits for the topic manager, in order.
 */
final class ReplicaTopic implements AutoCloseable {
  private static final int QUEUE_MAX = 64;
  private static final int CALL_LIMIT_MILLIS = 5_000;
  private static final int CLOSE_MILLIS = 2_000;

  private final TopicManagerPrx manager;
  private final String name;
  private final Logger logger;
  private final ThreadPoolExecutor thread;
  private @Nullable TopicPrx topic;

  /**
   * @param manager proxy of the topic manager
   * @throws SettingsException the proxy is none
   */
  ReplicaTopic(Communicator communicator, String manager, String name, ThreadFactory threads) {
    this.name = name;
    this.logger = communicator.getLogger();
    try {
      this.manager =
          TopicManagerPrx.uncheckedCast(
              communicator.stringToProxy(manager).ice_invocationTimeout(CALL_LIMIT_MILLIS));
    } catch (LocalException | NullPointerException e) {
      throw new SettingsException(
          "topic manager `" + manager + "' of topic " + name + " is no proxy");
    }
    this.thread =
        new ThreadPoolExecutor(
            1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUE_MAX), threads);
  }

  void subscribe(@Nullable ReplicaListenerPrx listener) {
    if (listener == null) {
      logger.warning("ignoring a null proxy as listener through topic " + name);
    } else {
      perform("cannot subscribe a listener to", () -> subscribeNow(listener));
    }
  }

  void unsubscribe(@Nullable ReplicaListenerPrx listener) {
    if (listener != null) {
      perform("cannot unsubscribe a listener from", () -> topic().unsubscribe(listener));
    }
  }

  void changed(boolean active, ReplicaPrx replica) {
    perform(
        "cannot publish to",
        () -> {
          ReplicaListenerPrx publisher =
              ReplicaListenerPrx.uncheckedCast(
                  topic().getPublisher().ice_invocationTimeout(CALL_LIMIT_MILLIS));
          if (active) {
            publisher.activated(replica);
          } else {
            publisher.onStandby(replica);
          }
        });
  }

  private void subscribeNow(ReplicaListenerPrx listener)
      throws NoSuchTopic, TopicExists, BadQoS, InvalidSubscriber {
    try {
      topic().subscribeAndGetPublisher(Map.of("reliability", "ordered"), listener);
    } catch (AlreadySubscribed e) {
      // So it is there.
    }
  }

  /** The thread only. */
  private TopicPrx topic() throws NoSuchTopic, TopicExists {
    TopicPrx known = topic;
    if (known == null) {
      try {
        known = manager.retrieve(name);
      } catch (NoSuchTopic e) {
        try {
          known = manager.create(name);
        } catch (TopicExists another) {
          known = manager.retrieve(name);
        }
      }
      topic = known.ice_invocationTimeout(CALL_LIMIT_MILLIS);
    }
    return known;
  }

  private void perform(String what, Action action) {
    try {
      thread.execute(
          () -> {
            try {
              action.run();
            } catch (LocalException | com.zeroc.Ice.UserException e) {
              topic = null;
              logger.warning(what + " topic " + name + ": " + Exceptions.text(e));
            }
          });
    } catch (RejectedExecutionException e) {
      logger.warning(what + " topic " + name + ": too much waits for its manager");
    }
  }

  /** What was to be told still is, if that does not take long. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
        logger.warning("topic " + name + " was not told of the last change of a role");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread.shutdownNow();
  }

  @FunctionalInterface
  private interface Action {
    void run() throws com.zeroc.Ice.UserException;
  }
}
