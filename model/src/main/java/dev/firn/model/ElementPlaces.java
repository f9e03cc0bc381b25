package dev.firn.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Which elements may stand in which. */
final class ElementPlaces {
  /** The parents of each element; includes and targets are looked through. */
  private static final SortedMap<String, List<String>> PARENTS = new TreeMap<>();

  static {
    place("application", "icegrid");
    place("variable", "application", "node");
    place("node", "application");
    place("server-template", "application");
    place("service-template", "application");
    place("parameter", "server-template", "service-template");
    place("server", "node", "server-template");
    place("icebox", "node", "server-template");
    place("service", "icebox", "service-template");
    place("server-instance", "node");
    place("service-instance", "icebox");
    place("adapter", "server", "service");
    place("object", "adapter", "replica-group");
    place("allocatable", "adapter");
    place("replica-group", "application");
    place("load-balancing", "replica-group");
    place(
        "properties",
        "application",
        "node",
        "server",
        "icebox",
        "service",
        "server-instance",
        "service-instance",
        "properties");
    place("property", "properties", "server", "icebox", "service");
    place("log", "server", "icebox", "service");
    place("dbenv", "server", "service");
    place("dbproperty", "dbenv");
    place("distrib", "application", "server", "icebox");
    place("directory", "distrib");
    place("option", "server", "icebox");
    place("env", "server", "icebox");
    place(
        "description",
        "application",
        "node",
        "server",
        "icebox",
        "service",
        "adapter",
        "replica-group",
        "dbenv");
  }

  private ElementPlaces() {}

  private static void place(String element, String... parents) {
    PARENTS.put(element, Arrays.asList(parents));
  }

  static void check(XmlElement child, String parent) throws DescriptorFileException {
    List<String> parents = PARENTS.get(child.name());
    if (parents == null && !child.name().equals("icegrid")) {
      throw child.error(
          "unknown element `" + child.name() + "' in <" + parent + ">; " + in(parent));
    }
    if (parents == null) {
      throw child.error("the <icegrid> element can only be the root of a file");
    }
    if (!parents.contains(parent)) {
      throw child.error(
          "the <"
              + child.name()
              + "> element can only be a child of "
              + (startsWithVowel(parents.get(0)) ? "an " : "a ")
              + bracketed(parents)
              + " element, not of <"
              + parent
              + ">; "
              + in(parent));
    }
  }

  private static boolean startsWithVowel(String name) {
    return "aeio".indexOf(name.charAt(0)) >= 0;
  }

  private static String in(String parent) {
    List<String> children = new ArrayList<>();
    PARENTS.forEach(
        (child, parents) -> {
          if (parents.contains(parent)) {
            children.add(child);
          }
        });
    return children.isEmpty() ? "expected no element there" : "expected " + bracketed(children);
  }

  private static String bracketed(List<String> names) {
    List<String> bracketed = names.stream().map(name -> "<" + name + ">").toList();
    int last = bracketed.size() - 1;
    return last == 0
        ? bracketed.get(0)
        : String.join(", ", bracketed.subList(0, last)) + " or " + bracketed.get(last);
  }
}
