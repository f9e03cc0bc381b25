package dev.firn.storm;

import com.zeroc.IceMX.MetricsHelper;
import com.zeroc.IceMX.TopicMetrics;

/** The attributes by which metrics of topics are grouped and filtered. */
final class TopicAttributes extends MetricsHelper<TopicMetrics> {
  private final String service;
  private final String topic;

  TopicAttributes(String service, String topic) {
    super(new AttributeResolver() {});
    this.service = service;
    this.topic = topic;
  }

  /**
   * @throws IllegalArgumentException there is no such attribute: Ice reports it
   */
  @Override
  public String resolve(String attribute) {
    return switch (attribute) {
      case "parent", "service" -> service;
      case "id", "topic" -> topic;
      case "none" -> "";
      default -> throw new IllegalArgumentException(attribute);
    };
  }
}
