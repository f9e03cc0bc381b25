package dev.firn.systemtests;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a storm may hold after a drill. Each fact (a topic, a subscription, a link) is there, is not
 * there, or may be either, as an update of it was asked for and nobody knows its outcome.
 *
 * <p>Facts are texts: {@code topic}, {@code topic <- subscriber}, {@code topic -> target}. One
 * client changes a topic and what belongs to it, so that its updates have an order; and no more
 * once the outcome of one is unknown, as that one may yet be carried out.
 */
final class StormModel {
  /** Possible states of each fact that was ever asked for. */
  private final Map<String, Set<Boolean>> possible = new TreeMap<>();

  static String topic(String name) {
    return name;
  }

  static String subscription(String topic, String subscriber) {
    return topic + " <- " + subscriber;
  }

  static String link(String topic, String target) {
    return topic + " -> " + target;
  }

  synchronized boolean isThere(String fact) {
    return states(fact).equals(Set.of(true));
  }

  synchronized void acknowledged(String fact, boolean there) {
    possible.put(fact, new HashSet<>(Set.of(there)));
    if (!there) {
      belongings(fact).forEach(other -> possible.put(other, new HashSet<>(Set.of(false))));
    }
  }

  synchronized void unknown(String fact, boolean there) {
    states(fact).add(there);
    if (!there) {
      belongings(fact).forEach(other -> states(other).add(false));
    }
  }

  /** What goes with a topic; a subscription or a link takes nothing with it. */
  private List<String> belongings(String fact) {
    return possible.keySet().stream().filter(other -> other.startsWith(fact + " ")).toList();
  }

  private Set<Boolean> states(String fact) {
    return possible.computeIfAbsent(fact, unheard -> new HashSet<>(Set.of(false)));
  }

  /** The facts in a content as {@code storms.py} tells it. */
  static Set<String> facts(Json content) {
    Set<String> facts = new TreeSet<>();
    content
        .fields()
        .forEach(
            (name, topic) -> {
              facts.add(topic(name));
              topic.get("links").fields().keySet().forEach(to -> facts.add(link(name, to)));
              for (String subscriber : topic.get("subscribers").texts()) {
                if (!subscriber.startsWith("IceStorm/topic.")) {
                  facts.add(subscription(name, subscriber));
                }
              }
            });
    return facts;
  }

  /** What was acknowledged and is not so, in words. */
  synchronized Set<String> violations(Json content) {
    Set<String> facts = facts(content);
    Set<String> violations = new TreeSet<>();
    Set<String> all = new TreeSet<>(facts);
    all.addAll(possible.keySet());
    for (String fact : all) {
      boolean there = facts.contains(fact);
      if (!possible.getOrDefault(fact, Set.of(false)).contains(there)) {
        violations.add((there ? "came back: " : "lost: ") + fact);
      }
    }
    return violations;
  }
}
