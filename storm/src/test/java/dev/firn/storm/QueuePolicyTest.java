package dev.firn.storm;

import static dev.firn.storm.EventSubscriber.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.zeroc.Ice.OperationMode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Queues of a real subscriber that answers when told to, against a naive model of them. */
class QueuePolicyTest {
  /** What the specification says of an ordered subscriber. */
  private static final class Model {
    final int max;
    final boolean drops;
    final Deque<Integer> queue = new ArrayDeque<>();
    final List<Integer> sent = new ArrayList<>();
    int outstanding;
    boolean removed;

    Model(int max, boolean drops) {
      this.max = max;
      this.drops = drops;
    }

    void publish(int number) {
      if (removed) {
        return;
      }
      if (queue.size() == max) {
        if (!drops) {
          removed = true;
          queue.clear();
          return;
        }
        queue.removeFirst();
      }
      queue.add(number);
      flush();
    }

    void answer() {
      outstanding--;
      flush();
    }

    private void flush() {
      if (outstanding == 0 && !queue.isEmpty()) {
        sent.add(queue.removeFirst());
        outstanding = 1;
      }
    }
  }

  /**
   * @param actions 0: an answer, if one is owed; else so many events
   */
  @Property(seed = "20261122", tries = 40)
  void queuesAreAsSpecified(
      @ForAll @IntRange(min = 1, max = 8) int max,
      @ForAll boolean drops,
      @ForAll @Size(max = 30) List<@IntRange(min = 0, max = 6) Integer> actions) {
    try (var storm =
        new TestDelivery(
            TestDelivery.INSTANCE + ".Send.QueueSizeMax=" + max,
            TestDelivery.INSTANCE
                + ".Send.QueueSizeMaxPolicy="
                + (drops ? "DropEvents" : "RemoveSubscriber"))) {
      storm.create("topic");
      var real = storm.subscriber("subscriber").active();
      real.answers.set(false);
      storm.subscribe("topic", real.proxy, Map.of("reliability", "ordered"));
      var subscriber = (Subscriber) storm.view("topic", real.proxy);
      var model = new Model(max, drops);
      int next = 0;
      for (int action : actions) {
        if (action == 0 && model.outstanding > 0) {
          real.answerOne();
          model.answer();
        }
        for (int i = 0; i < action; i++) {
          byte[] parameters = EventSubscriber.numbered(storm.communicator, next);
          subscriber.publish(Event.of("event", OperationMode.Normal, Map.of(), parameters));
          model.publish(next++);
        }
        await(
            "as the model",
            () ->
                subscriber.queued() == model.queue.size()
                    && subscriber.outstanding() == model.outstanding
                    && real.received.size() == model.sent.size());
        assertThat(real.numbers()).isEqualTo(model.sent);
      }
      if (model.removed) {
        await("removed", () -> !storm.isSubscribed("topic", real.proxy));
      }
      assertThat(storm.reaped).hasSize(model.removed ? 1 : 0);
      assertThat(subscriber.delivered()).isEqualTo(model.sent.size() - model.outstanding);
    }
  }
}
