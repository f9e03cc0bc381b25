package dev.firn.storm;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Logger;
import com.zeroc.Ice.ObjectPrx;
import dev.firn.model.ObjectId;
import dev.firn.storm.StormTraces.Category;
import dev.firn.wire.Mapping;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** What is said of one subscriber. The texts are ZeroC's: people and tests look for them. */
final class SubscriberLog {
  private static final int STATES = 2;

  private final Logger logger;
  private final StormTraces traces;
  private final String identity;
  private final ObjectPrx proxy;
  private final Qos qos;

  SubscriberLog(DeliveryContext context, ObjectId id, ObjectPrx proxy, Qos qos) {
    Communicator communicator = context.communicator();
    this.logger = context.logger();
    this.traces = context.traces();
    this.identity = communicator.identityToString(Mapping.identity(id));
    this.proxy = proxy;
    this.qos = qos;
  }

  /**
   * @param failures in a row, this one included
   */
  void offline(SubscriberFailure reason, Duration discarding, int failures) {
    String what =
        " subscriber offline: "
            + reason.text()
            + " discarding events: "
            + discarding.toSeconds()
            + "s";
    if (failures == 1) {
      logger.warning(
          "Subscriber:" + identity + endpoints() + what + " retryCount: " + qos.retryCount());
    } else {
      traces.trace(
          Category.SUBSCRIBER,
          1,
          () -> identity + endpoints() + what + " retry: " + failures + "/" + qos.retryCount());
    }
  }

  void erroredOut(SubscriberFailure reason, int failures) {
    traces.trace(
        Category.SUBSCRIBER,
        1,
        () ->
            identity
                + endpoints()
                + " subscriber errored out: "
                + reason.text()
                + " retry: "
                + failures
                + "/"
                + qos.retryCount());
  }

  void notJudged(SubscriberFailure reason) {
    traces.trace(
        Category.SUBSCRIBER,
        1,
        () ->
            identity
                + endpoints()
                + " subscriber not reached: "
                + reason.text()
                + "; it stays, as this replica was not in the present group all the time");
  }

  void sendsSingly() {
    logger.warning(
        "Subscriber:"
            + identity
            + endpoints()
            + " breaks off its connection at messages of several events; from now on it gets each"
            + " alone. Raise its Ice.MessageSizeMax, or lower "
            + StormProperty.FIRN_COALESCE_BYTES.suffix());
  }

  void transition(SubscriberState from, SubscriberState to) {
    traces.trace(
        Category.SUBSCRIBER,
        STATES,
        () -> identity + endpoints() + " transition from: " + from.label() + " to: " + to.label());
  }

  void unknownQos(String topic, List<String> keys) {
    logger.warning(
        "subscriber " + identity + " of topic " + topic + ": unknown quality of service " + keys);
  }

  void bug(RuntimeException e) {
    logger.error("delivery to subscriber " + identity + " failed: " + e);
  }

  private String endpoints() {
    if (!traces.on(Category.SUBSCRIBER, STATES)) {
      return "";
    }
    return Arrays.stream(proxy.ice_getEndpoints())
        .map(endpoint -> "\"" + endpoint + "\"")
        .collect(Collectors.joining(", ", " endpoints: ", ""));
  }
}
