package dev.firn.storm;

import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.Util;
import com.zeroc.IceMX.MetricsHelper;
import com.zeroc.IceMX.SubscriberMetrics;
import dev.firn.election.SubscriberRecord;
import dev.firn.wire.Mapping;

/** The attributes by which metrics of subscribers and links are grouped and filtered. */
final class SubscriberAttributes extends MetricsHelper<SubscriberMetrics> {
  private static final String QOS = "qos.";
  private static final String DEFAULT = "default";

  private final String service;
  private final SubscriberView subscriber;
  private final SubscriberState state;

  /**
   * @param state at this moment: the attributes of one observation do not change
   */
  SubscriberAttributes(String service, SubscriberView subscriber, SubscriberState state) {
    super(new AttributeResolver() {});
    this.service = service;
    this.subscriber = subscriber;
    this.state = state;
  }

  /**
   * @throws IllegalArgumentException there is no such attribute: Ice reports it
   */
  @Override
  public String resolve(String attribute) {
    SubscriberRecord record = subscriber.record();
    ObjectPrx proxy = subscriber.proxy();
    return switch (attribute) {
      case "parent", "topic" -> record.topicName();
      case "service" -> service;
      case "id", "proxy" -> proxy.toString();
      case "identity" -> proxy.ice_getCommunicator().identityToString(proxy.ice_getIdentity());
      case "facet" -> proxy.ice_getFacet();
      case "encoding" -> Util.encodingVersionToString(proxy.ice_getEncodingVersion());
      case "mode" -> mode(proxy);
      case "link" -> record.link() ? link(record, proxy) : "";
      case "state" -> state.metricsLabel();
      case "none" -> "";
      default -> {
        if (!attribute.startsWith(QOS)) {
          throw new IllegalArgumentException(attribute);
        }
        yield record.qos().getOrDefault(attribute.substring(QOS.length()), DEFAULT);
      }
    };
  }

  private static String link(SubscriberRecord record, ObjectPrx proxy) {
    return String.valueOf(Mapping.decode(proxy.ice_getCommunicator(), record.linkedTopic()));
  }

  private static String mode(ObjectPrx proxy) {
    if (proxy.ice_isTwoway()) {
      return "twoway";
    } else if (proxy.ice_isOneway()) {
      return "oneway";
    } else if (proxy.ice_isBatchOneway()) {
      return "batch-oneway";
    } else if (proxy.ice_isDatagram()) {
      return "datagram";
    }
    return proxy.ice_isBatchDatagram() ? "batch-datagram" : "unknown";
  }
}
