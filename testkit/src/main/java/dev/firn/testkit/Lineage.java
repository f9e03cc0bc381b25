package dev.firn.testkit;

import dev.firn.model.AdapterEntry;
import dev.firn.model.ApplicationDescriptor;
import dev.firn.model.ApplicationEntry;
import dev.firn.model.ApplicationMerge;
import dev.firn.model.DescriptorException;
import dev.firn.model.ObjectEntry;
import dev.firn.model.RegistryEvent;
import dev.firn.model.RegistryTables;
import dev.firn.model.Serials;
import dev.firn.model.Topic;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Everything that masters published from one promotion to the next, kept by a naive second
 * implementation: what a slave shows must have been the master's at one moment.
 *
 * <p>Objects that registries publish about themselves do not count.
 */
final class Lineage {
  private static final Comparator<Serials> BY_SERIALS =
      Comparator.comparingLong(Serials::applications)
          .thenComparingLong(Serials::adapters)
          .thenComparingLong(Serials::objects);

  private final int number;
  private final Map<Topic, Map<String, Object>> rows = new EnumMap<>(Topic.class);
  private final Map<Topic, Map<Long, List<Map<String, Object>>>> history =
      new EnumMap<>(Topic.class);
  private final TreeSet<Serials> moments = new TreeSet<>(BY_SERIALS);
  private Serials last;

  Lineage(int number, RegistryTables start) {
    this.number = number;
    this.last = start.serials();
    for (Topic topic : Topic.values()) {
      rows.put(topic, new TreeMap<>());
      history.put(topic, new TreeMap<>());
    }
    resume(start);
  }

  int number() {
    return number;
  }

  /** A master of this lineage starts with these tables. */
  void resume(RegistryTables tables) {
    for (Topic topic : Topic.values()) {
      Map<String, Object> found = rowsOf(tables, topic);
      Map<String, Object> known = rowsOf(topic);
      if (tables.serials().of(topic) == last.of(topic) && !moments.isEmpty()) {
        Violation.unless(
            found.equals(known), "a restarted master's %s differ: %s, not %s", topic, found, known);
      }
      rows.put(topic, found);
      remember(topic, tables.serials().of(topic));
    }
    last = tables.serials();
    moments.add(last);
  }

  /** A master of this lineage published events. */
  void published(RegistryTables tables, List<RegistryEvent> events) {
    for (RegistryEvent event : events) {
      if (apply(event)) {
        remember(event.topic(), tables.serials().of(event.topic()));
      }
    }
    last = tables.serials();
    moments.add(last);
    for (RegistryEvent event : events) {
      Violation.unless(
          rowsOf(tables, event.topic()).equals(rowsOf(event.topic())),
          "the master's %s are %s, its events say %s",
          event.topic(),
          rowsOf(tables, event.topic()),
          rowsOf(event.topic()));
    }
  }

  /** Fails unless a slave's tables were the master's at one moment. */
  void requireMoment(RegistryTables tables, String who) {
    Violation.unless(
        moments.contains(tables.serials()),
        "%s shows tables of different moments: %s is in no state of lineage %d",
        who,
        tables.serials(),
        number);
    for (Topic topic : Topic.values()) {
      Map<String, Object> shown = rowsOf(tables, topic);
      long serial = tables.serials().of(topic);
      List<Map<String, Object>> possible = historyOf(topic).get(serial);
      Violation.unless(
          possible != null && possible.contains(shown),
          "%s shows %s with serial %d as %s, the master had %s",
          who,
          topic,
          serial,
          shown,
          possible);
    }
  }

  private void remember(Topic topic, long serial) {
    historyOf(topic)
        .computeIfAbsent(serial, unused -> new ArrayList<>())
        .add(new TreeMap<>(rowsOf(topic)));
  }

  /** False if the event does not count. */
  private boolean apply(RegistryEvent event) {
    Map<String, Object> table = rowsOf(event.topic());
    if (event instanceof RegistryEvent.ObjectAdded added) {
      return put(table, added.entry());
    } else if (event instanceof RegistryEvent.ObjectUpdated updated) {
      return put(table, updated.entry());
    } else if (event instanceof RegistryEvent.ObjectRemoved removed) {
      if (Values.isWellKnown(removed.id())) {
        return false;
      }
      table.remove(removed.id().name());
    } else if (event instanceof RegistryEvent.AdapterAdded added) {
      table.put(added.entry().id(), added.entry());
    } else if (event instanceof RegistryEvent.AdapterUpdated updated) {
      table.put(updated.entry().id(), updated.entry());
    } else if (event instanceof RegistryEvent.AdapterRemoved removed) {
      table.remove(removed.id());
    } else if (event instanceof RegistryEvent.ApplicationAdded added) {
      Violation.unless(
          table.put(added.entry().name(), added.entry()) == null,
          "a master added %s, which was there",
          added.entry());
    } else if (event instanceof RegistryEvent.ApplicationUpdated updated) {
      update(table, updated);
    } else if (event instanceof RegistryEvent.ApplicationRemoved removed) {
      table.remove(removed.name());
    } else {
      throw new Violation("a master published " + event);
    }
    return true;
  }

  /** Slaves are sent the difference only: it must lead to what the master has. */
  private static void update(Map<String, Object> table, RegistryEvent.ApplicationUpdated updated) {
    ApplicationEntry entry = updated.entry();
    if (!(table.put(entry.name(), entry) instanceof ApplicationEntry before)) {
      throw new Violation("a master updated " + entry + ", which was not there");
    }
    ApplicationDescriptor merged;
    try {
      merged = ApplicationMerge.apply(before.info().descriptor(), updated.update());
    } catch (DescriptorException e) {
      throw new Violation("an update of " + entry + " cannot be applied: " + e.reason());
    }
    Violation.unless(
        merged.equals(entry.info().descriptor())
            && before.info().uuid().equals(entry.info().uuid())
            && before.info().revision() < entry.info().revision(),
        "an update makes of %s not %s",
        before,
        entry);
  }

  private static boolean put(Map<String, Object> table, ObjectEntry entry) {
    if (Values.isWellKnown(entry.id())) {
      return false;
    }
    table.put(entry.id().name(), entry);
    return true;
  }

  private static Map<String, Object> rowsOf(RegistryTables tables, Topic topic) {
    TreeMap<String, Object> found = new TreeMap<>();
    switch (topic) {
      case APPLICATIONS -> {
        for (ApplicationEntry entry : tables.applications()) {
          found.put(entry.name(), entry);
        }
      }
      case ADAPTERS -> {
        for (AdapterEntry entry : tables.adapters()) {
          found.put(entry.id(), entry);
        }
      }
      case OBJECTS -> {
        for (ObjectEntry entry : tables.objects()) {
          put(found, entry);
        }
      }
    }
    return found;
  }

  private Map<String, Object> rowsOf(Topic topic) {
    return rows.computeIfAbsent(topic, unused -> new TreeMap<>());
  }

  private Map<Long, List<Map<String, Object>>> historyOf(Topic topic) {
    return history.computeIfAbsent(topic, unused -> new TreeMap<>());
  }
}
