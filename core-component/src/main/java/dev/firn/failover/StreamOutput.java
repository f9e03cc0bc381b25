package dev.firn.failover;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** What a {@link StateStream} wants done, in list order. */
public sealed interface StreamOutput {
  void perform(StreamHost host);

  /** Performs outputs; none may block. */
  interface StreamHost {
    void reply(long request, long seq);

    void deliver(long listener, Delivery delivery);

    void drop(long listener);

    void report(RoleOutput.Severity severity, String text);
  }

  /** One call of a listener. */
  sealed interface Delivery {
    record SnapshotBegin(long epoch, long seq) implements Delivery {}

    record SnapshotItems(List<StateItem> items) implements Delivery {
      public SnapshotItems {
        items = List.copyOf(items);
      }
    }

    record SnapshotEnd(long seq) implements Delivery {}

    /** Empty: a heartbeat. */
    record Updates(List<StateUpdate> updates) implements Delivery {
      public Updates {
        updates = List.copyOf(updates);
      }
    }
  }

  /** An update is acknowledged. */
  record Reply(long request, long seq) implements StreamOutput {
    @Override
    public void perform(StreamHost host) {
      host.reply(request, seq);
    }
  }

  /**
   * Call the listener; {@link StreamInput.Delivered} or {@link StreamInput.DeliveryFailed} follows.
   * One is under way per listener.
   */
  record Deliver(long listener, Delivery delivery) implements StreamOutput {
    public Deliver {
      requireNonNull(delivery, "delivery");
    }

    @Override
    public void perform(StreamHost host) {
      host.deliver(listener, delivery);
    }
  }

  /** The listener is not called any more, once its last call has ended. */
  record Drop(long listener) implements StreamOutput {
    @Override
    public void perform(StreamHost host) {
      host.drop(listener);
    }
  }

  record Report(RoleOutput.Severity severity, String text) implements StreamOutput {
    @Override
    public void perform(StreamHost host) {
      host.report(severity, text);
    }
  }
}
