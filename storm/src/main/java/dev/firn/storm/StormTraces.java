package dev.firn.storm;

import com.zeroc.Ice.Logger;
import com.zeroc.Ice.Properties;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;

/** The {@code <service>.Trace.*} properties. Any thread. */
final class StormTraces {
  /** What can be traced; the names are those of the properties and of the log lines. */
  enum Category {
    TOPIC_MANAGER("TopicManager"),
    TOPIC("Topic"),
    SUBSCRIBER("Subscriber"),
    ELECTION("Election"),
    REPLICATION("Replication");

    private final String label;

    Category(String label) {
      this.label = label;
    }
  }

  private final Logger logger;
  private final Map<Category, Integer> levels = new EnumMap<>(Category.class);

  StormTraces(Properties properties, String service, Logger logger) {
    this.logger = logger;
    for (Category category : Category.values()) {
      levels.put(category, properties.getPropertyAsInt(service + ".Trace." + category.label));
    }
  }

  /** Whether lines of this level, 1 or more, are wanted. */
  boolean on(Category category, int level) {
    return levels.getOrDefault(category, 0) >= level;
  }

  /** Logs a line if its level is wanted; the message is made only then. */
  void trace(Category category, int level, Supplier<String> message) {
    if (on(category, level)) {
      logger.trace(category.label, message.get());
    }
  }

  Logger logger() {
    return logger;
  }
}
