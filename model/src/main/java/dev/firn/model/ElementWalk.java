package dev.firn.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Walks over elements as if included files and selected targets were written where they are named.
 */
final class ElementWalk {
  private static final String BLANKS = " \t\r\n";

  private final DescriptorFiles files;
  private final ParseLimits limits;

  /** Files that were read, by their names without detours; a file may be included often. */
  private final SortedMap<String, XmlElement> read = new TreeMap<>();

  /** The file being walked last, after those that include it. */
  private final Deque<String> including = new ArrayDeque<>();

  /** The names of the application, node, server and service that are open, outermost first. */
  private final Deque<String> open = new ArrayDeque<>();

  private List<String> targets;
  private int elements;
  private int includes;
  private int depth;

  ElementWalk(DescriptorFiles files, List<String> targets, ParseLimits limits) {
    this.files = files;
    this.targets = List.copyOf(targets);
    this.limits = limits;
  }

  /** What to do with an element. */
  interface Visitor {
    void visit(XmlElement element) throws DescriptorFileException;
  }

  /** Visits what is in the root of the file. */
  void file(String file, Visitor visitor) throws DescriptorFileException {
    XmlElement root = root(file);
    including.addLast(plain(file));
    children(root, "icegrid", visitor);
    including.removeLast();
  }

  /** Visits the children of an element; those that may not stand in it are errors. */
  void children(XmlElement parent, Visitor visitor) throws DescriptorFileException {
    children(parent, parent.name(), visitor);
  }

  /** The text of an element that has nothing else. */
  String text(XmlElement element) throws DescriptorFileException {
    ElementForm.TEXT.read(element);
    if (!element.children().isEmpty()) {
      throw element
          .children()
          .get(0)
          .error("<" + element.name() + "> has text only, not <" + firstChild(element) + ">");
    }
    return element.text();
  }

  /** Checks that an element is empty. */
  void nothingIn(XmlElement element) throws DescriptorFileException {
    children(element, child -> {});
  }

  /** Does something within what is named, for targets that name their place. */
  void within(String name, XmlElement element, Visitor visitor) throws DescriptorFileException {
    open.addLast(name);
    visitor.visit(element);
    open.removeLast();
  }

  private static String firstChild(XmlElement element) {
    return element.children().get(0).name();
  }

  /**
   * @param place the element that stands there if includes and targets are looked through
   */
  private void children(XmlElement parent, String place, Visitor visitor)
      throws DescriptorFileException {
    if (!isBlank(parent.text())) {
      throw parent.error(
          "invalid element value for element `"
              + parent.name()
              + "': found the text `"
              + shortened(parent.text().strip())
              + "', expected elements only");
    }
    if (++depth > limits.depthMax()) {
      throw parent.error("elements are nested more than " + limits.depthMax() + " deep");
    }
    for (XmlElement child : parent.children()) {
      if (++elements > limits.elementsMax()) {
        throw child.error("more than " + limits.elementsMax() + " elements, with all includes");
      }
      switch (child.name()) {
        case "include" -> include(child, place, visitor);
        case "target" -> target(child, place, visitor);
        default -> {
          ElementPlaces.check(child, place);
          visitor.visit(child);
        }
      }
    }
    depth--;
  }

  private void include(XmlElement include, String place, Visitor visitor)
      throws DescriptorFileException {
    var attributes = ElementForm.INCLUDE.read(include);
    nothingIn(include);
    String file = relativeTo(include.file(), attributes.text("file"));
    String plain = plain(file);
    if (including.contains(plain)) {
      throw include.error(
          "include cycle: `"
              + file
              + "' is being included already, by "
              + String.join(" -> ", including));
    }
    if (++includes > limits.includesMax()) {
      throw include.error("more than " + limits.includesMax() + " includes");
    }
    XmlElement root = includedRoot(include, file);
    List<String> outer = targets;
    List<String> inner = new ArrayList<>(outer);
    for (String target : attributes.text("targets", "").split("[ \t\r\n]+")) {
      if (!target.isEmpty()) {
        inner.add(target);
      }
    }
    targets = List.copyOf(inner);
    including.addLast(plain);
    children(root, place, visitor);
    including.removeLast();
    targets = outer;
  }

  private XmlElement includedRoot(XmlElement include, String file) throws DescriptorFileException {
    try {
      return root(file);
    } catch (DescriptorFileException e) {
      if (e.isLocated()) {
        throw e; // says itself where, in the included file
      }
      throw include.error(e.problem());
    }
  }

  private XmlElement root(String name) throws DescriptorFileException {
    String file = simplified(name);
    XmlElement root = read.get(file);
    if (root == null) {
      root = files.read(file);
      read.put(file, root);
    }
    if (!root.name().equals("icegrid")) {
      throw root.error(
          "the root element is <" + root.name() + ">; expected <icegrid> as the root of each file");
    }
    ElementForm.ICEGRID.read(root);
    return root;
  }

  private void target(XmlElement target, String place, Visitor visitor)
      throws DescriptorFileException {
    String name = target.attributes().get("name");
    if (name == null) {
      throw target.error("missing attribute 'name' in <target>; expected <target name=\"...\">");
    }
    if (isSelected(name)) {
      children(target, place, visitor);
    }
  }

  /** Targets are named alone, or after any part of the dotted name of the place up to a dot. */
  private boolean isSelected(String target) {
    String here = String.join(".", open);
    for (String selected : targets) {
      if (selected.equals(target)) {
        return true;
      }
      int prefix = selected.length() - target.length() - 1;
      if (prefix > 0
          && selected.endsWith("." + target)
          && (here + ".").startsWith(selected.substring(0, prefix) + ".")) {
        return true;
      }
    }
    return false;
  }

  /** The name without what does not change what it names. */
  static String simplified(String file) {
    String simple = file;
    String before;
    do {
      before = simple;
      simple = simple.replace("//", "/").replace("/./", "/");
    } while (!simple.equals(before));
    while (simple.startsWith("./") && simple.length() > 2) {
      simple = simple.substring(2);
    }
    if (simple.endsWith("/.")) {
      simple = simple.substring(0, simple.length() - 2);
    }
    if (simple.endsWith("/") && simple.length() > 1) {
      simple = simple.substring(0, simple.length() - 1);
    }
    return simple;
  }

  private static String relativeTo(String including, String file) {
    int slash = including.lastIndexOf('/');
    return file.startsWith("/") || slash < 0
        ? simplified(file)
        : simplified(including.substring(0, slash + 1) + file);
  }

  /** Without {@code ..} too, to recognise files; links are not known here. */
  private static String plain(String file) {
    Deque<String> parts = new ArrayDeque<>();
    for (String part : Arrays.asList(simplified(file).split("/"))) {
      if (part.equals("..") && !parts.isEmpty() && !parts.getLast().equals("..")) {
        parts.removeLast();
      } else {
        parts.addLast(part);
      }
    }
    return String.join("/", parts);
  }

  private static boolean isBlank(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (BLANKS.indexOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }

  private static String shortened(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "...";
  }
}
