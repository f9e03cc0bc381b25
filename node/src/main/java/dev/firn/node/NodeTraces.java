package dev.firn.node;

import com.zeroc.Ice.Logger;
import com.zeroc.Ice.Properties;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;

/** The {@code IceGrid.Node.Trace.*} properties. Any thread. */
final class NodeTraces {
  /** What can be traced; the names are those of the properties and of the log lines. */
  enum Category {
    ACTIVATOR("Activator"),
    ADAPTER("Adapter"),
    ADMIN("Admin"),
    PATCH("Patch"),
    REPLICA("Replica"),
    SERVER("Server");

    private final String label;

    Category(String label) {
      this.label = label;
    }
  }

  private final Logger logger;
  private final Map<Category, Integer> levels = new EnumMap<>(Category.class);

  NodeTraces(Properties properties, Logger logger) {
    this.logger = logger;
    for (Category category : Category.values()) {
      levels.put(category, properties.getPropertyAsInt("IceGrid.Node.Trace." + category.label));
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
