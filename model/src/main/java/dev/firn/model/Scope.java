package dev.firn.model;

import dev.firn.model.Substitution.Meaning;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What is visible where a value stands, and where that is.
 *
 * <p>A name is looked up among the deferred ones, the reserved ones, the parameters of the
 * innermost template, the variables of the node and those of the application.
 */
final class Scope implements Substitution.Names {
  /** Replaced once the node is known. */
  private static final List<String> OF_NODE =
      List.of(
          "node.os",
          "node.hostname",
          "node.release",
          "node.version",
          "node.machine",
          "node.data",
          "node.datadir");

  /** Reserved names that stand for others. */
  private static final SortedMap<String, String> COMPOSED = new TreeMap<>();

  private static final TreeSet<String> RESERVED = new TreeSet<>(OF_NODE);

  private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]{1,12}");
  private static final Pattern FLOAT =
      Pattern.compile("[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?");

  static {
    COMPOSED.put("application.distrib", "${node.data}/distrib/${application}");
    COMPOSED.put("server.data", "${node.data}/servers/${server}/data");
    COMPOSED.put("server.distrib", "${node.data}/servers/${server}/distrib");
    COMPOSED.put("service.data", "${node.data}/servers/${server}/data_${service}");
    RESERVED.addAll(COMPOSED.keySet());
    RESERVED.addAll(List.of("application", "node", "server", "service", "session.id"));
  }

  /** As {@code server `S'}; empty where errors stand alone. */
  private final String context;

  private final SortedMap<String, String> reserved;
  private final SortedMap<String, String> parameters;
  private final List<SortedMap<String, String>> variables;
  private final PropertySetTable propertySets;
  private final boolean nodeDeferred;
  private final boolean sessionDeferred;
  private final ExpansionBudget budget;
  private final ExpansionWarnings warnings;

  private Scope(Parts parts) {
    context = parts.context;
    reserved = parts.reserved;
    parameters = parts.parameters;
    variables = parts.variables;
    propertySets = parts.propertySets;
    nodeDeferred = parts.nodeDeferred;
    sessionDeferred = parts.sessionDeferred;
    budget = parts.budget;
    warnings = parts.warnings;
  }

  /** Of an application: its variables, and its name. */
  static Scope ofApplication(
      ApplicationDescriptor application, ExpansionBudget budget, ExpansionWarnings warnings)
      throws DescriptorException {
    Parts parts = new Parts(budget, warnings);
    parts.context = "application `" + application.name() + "'";
    parts.nodeDeferred = true;
    parts.variables = List.of(application.variables());
    parts.reserved = define(parts.reserved, "application", application.name());
    Scope scope = new Scope(parts);
    scope.checkNames("variable", application.variables().keySet());
    return scope;
  }

  /** Of a node once it is known; there are no variables any more. */
  static Scope ofLoading(
      SortedMap<String, String> reserved, boolean sessionDeferred, ExpansionBudget budget) {
    Parts parts = new Parts(budget, new ExpansionWarnings());
    parts.reserved = reserved;
    parts.sessionDeferred = sessionDeferred;
    return new Scope(parts);
  }

  /** Of a node, within that of its application. */
  Scope node(String name, SortedMap<String, String> nodeVariables) throws DescriptorException {
    checkNames("variable", nodeVariables.keySet());
    Parts parts = new Parts(this);
    parts.context = "node `" + name + "'";
    List<SortedMap<String, String>> inner = new ArrayList<>(List.of(nodeVariables));
    inner.addAll(variables);
    parts.variables = List.copyOf(inner);
    parts.reserved = define(reserved, "node", name);
    return new Scope(parts);
  }

  Scope withParameters(SortedMap<String, String> newParameters) throws DescriptorException {
    checkNames("parameter", newParameters.keySet());
    Parts parts = new Parts(this);
    parts.parameters = newParameters;
    return new Scope(parts);
  }

  Scope server(String id) {
    Parts parts = new Parts(this);
    parts.context = "server `" + id + "'";
    parts.reserved = define(reserved, "server", id);
    return new Scope(parts);
  }

  Scope service(String name) {
    Parts parts = new Parts(this);
    parts.context =
        "service `" + name + "' from server `" + reserved.getOrDefault("server", "") + "'";
    parts.reserved = define(reserved, "service", name);
    return new Scope(parts);
  }

  /** Where the id of a session will be known. */
  Scope withDeferredSession() {
    Parts parts = new Parts(this);
    parts.sessionDeferred = true;
    return new Scope(parts);
  }

  Scope withPropertySets(PropertySetTable table) {
    Parts parts = new Parts(this);
    parts.propertySets = table;
    return new Scope(parts);
  }

  PropertySetTable propertySets() {
    return propertySets;
  }

  ExpansionBudget budget() {
    return budget;
  }

  ExpansionWarnings warnings() {
    return warnings;
  }

  /** Whether this is the last pass, in which escapes become what they stand for. */
  boolean isLoading() {
    return !nodeDeferred;
  }

  /** The value of an attribute. */
  String value(String attribute, String value) throws DescriptorException {
    return substituted(attribute, value, true);
  }

  /** The value of an attribute that must have one. */
  String notEmpty(String attribute, String value) throws DescriptorException {
    return checkNotEmpty(attribute, value, substituted(attribute, value, true));
  }

  /** The value of an attribute that cannot depend on the node. */
  String identifier(String attribute, String value) throws DescriptorException {
    return substituted(attribute, value, false);
  }

  /** The value of an attribute that must have one, and cannot depend on the node. */
  String idNotEmpty(String attribute, String value) throws DescriptorException {
    return checkNotEmpty(attribute, value, substituted(attribute, value, false));
  }

  /** A whole number in its shortest form, or empty. */
  String integer(String attribute, String value) throws DescriptorException {
    String number = strip(value(attribute, value));
    if (number.isEmpty()) {
      return "";
    }
    if (INTEGER.matcher(number).matches()) {
      long parsed = Long.parseLong(number);
      if (parsed == (int) parsed) {
        return Long.toString(parsed);
      }
    }
    throw error("invalid value `" + value + "' for `" + attribute + "':\nnot an integer");
  }

  /** A number as written, or empty. */
  String floating(String attribute, String value) throws DescriptorException {
    String number = value(attribute, value);
    String stripped = strip(number);
    if (!stripped.isEmpty() && !FLOAT.matcher(stripped).matches()) {
      throw error("invalid value `" + value + "' for `" + attribute + "':\nnot a float");
    }
    return number;
  }

  List<String> values(String attribute, List<String> values) throws DescriptorException {
    List<String> replaced = new ArrayList<>(values.size());
    for (String value : values) {
      replaced.add(value(attribute, value));
    }
    return replaced;
  }

  DescriptorException error(String problem) {
    return new DescriptorException(context.isEmpty() ? problem : context + ":\n" + problem);
  }

  @Override
  public boolean isDeferred(String name) {
    if (nodeDeferred && OF_NODE.contains(name)) {
      if (name.equals("node.datadir")) {
        warnings.add("variable `node.datadir' is deprecated, use `node.data' instead");
      }
      return true;
    }
    return sessionDeferred && name.equals("session.id");
  }

  @Override
  public Optional<Meaning> find(String name, boolean withParameters) {
    String known = reserved.getOrDefault(name, "");
    if (!known.isEmpty()) {
      return Optional.of(new Meaning(known, true));
    }
    String composed = COMPOSED.get(name);
    if (composed != null) {
      return Optional.of(new Meaning(composed, false));
    }
    if (RESERVED.contains(name)) {
      return Optional.empty();
    }
    String parameter = withParameters ? parameters.get(name) : null;
    if (parameter != null) {
      return Optional.of(new Meaning(parameter, true));
    }
    for (SortedMap<String, String> level : variables) {
      String variable = level.get(name);
      if (variable != null) {
        return Optional.of(new Meaning(variable, false));
      }
    }
    return Optional.empty();
  }

  private String substituted(String attribute, String value, boolean deferredAllowed)
      throws DescriptorException {
    if (value.indexOf("${") < 0) {
      return value;
    }
    try {
      return new Substitution(this, deferredAllowed, isLoading(), budget).replace(value);
    } catch (DescriptorException e) {
      throw error("invalid value for attribute `" + attribute + "':\n" + e.reason());
    }
  }

  private String checkNotEmpty(String attribute, String value, String replaced)
      throws DescriptorException {
    if (replaced.isEmpty()) {
      throw error(
          "invalid value for attribute `"
              + attribute
              + "':\n"
              + (value.isEmpty()
                  ? "empty string"
                  : "the value of `" + value + "' is an empty string"));
    }
    return replaced;
  }

  private void checkNames(String kind, Iterable<String> names) throws DescriptorException {
    for (String name : names) {
      if (name.isEmpty()) {
        throw error("empty " + kind + " name");
      }
      if (RESERVED.contains(name)) {
        throw error("invalid " + kind + " `" + name + "': reserved variable name");
      }
    }
  }

  private static SortedMap<String, String> define(
      SortedMap<String, String> reserved, String name, String value) {
    SortedMap<String, String> more = new TreeMap<>(reserved);
    more.put(name, value);
    return more;
  }

  private static String strip(String value) {
    int start = 0;
    int end = value.length();
    while (start < end && value.charAt(start) == ' ') {
      start++;
    }
    while (end > start && value.charAt(end - 1) == ' ') {
      end--;
    }
    return value.substring(start, end);
  }

  /** The parts of a scope to be. */
  private static final class Parts {
    private String context = "";
    private SortedMap<String, String> reserved = new TreeMap<>();
    private SortedMap<String, String> parameters = SortedNames.empty();
    private List<SortedMap<String, String>> variables = List.of();
    private PropertySetTable propertySets;
    private boolean nodeDeferred;
    private boolean sessionDeferred;
    private final ExpansionBudget budget;
    private final ExpansionWarnings warnings;

    Parts(ExpansionBudget budget, ExpansionWarnings warnings) {
      this.budget = budget;
      this.warnings = warnings;
      propertySets = PropertySetTable.empty(budget);
    }

    Parts(Scope scope) {
      context = scope.context;
      reserved = scope.reserved;
      parameters = scope.parameters;
      variables = scope.variables;
      propertySets = scope.propertySets;
      nodeDeferred = scope.nodeDeferred;
      sessionDeferred = scope.sessionDeferred;
      budget = scope.budget;
      warnings = scope.warnings;
    }
  }
}
