package dev.firn.model;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The attributes of an element, by the place where it stands. A leading {@code ?} is optional. */
enum ElementForm {
  ICEGRID("icegrid"),
  APPLICATION("application", "name", "?import-default-templates"),
  INCLUDE("include", "file", "?targets"),
  VARIABLE("variable", "name", "?value"),
  NODE("node", "name", "?load-factor"),
  SERVER_TEMPLATE("server-template", "id"),
  SERVICE_TEMPLATE("service-template", "id"),
  PARAMETER("parameter", "name", "?default"),
  SERVER(
      "server",
      "id",
      "exe",
      "?activation",
      "?activation-timeout",
      "?deactivation-timeout",
      "?pwd",
      "?user",
      "?ice-version",
      "?allocatable",
      "?application-distrib"),
  ICEBOX(
      "icebox",
      "id",
      "exe",
      "?activation",
      "?activation-timeout",
      "?deactivation-timeout",
      "?pwd",
      "?user",
      "?ice-version",
      "?allocatable",
      "?application-distrib"),
  SERVICE("service", "name", "entry"),
  ADAPTER(
      "adapter",
      "name",
      "?id",
      "?endpoints",
      "?proxy-options",
      "?replica-group",
      "?priority",
      "?register-process",
      "?server-lifetime"),
  OBJECT("object", "identity", "?type", "?proxy-options", "?property"),
  ALLOCATABLE("allocatable", "identity", "?type", "?proxy-options", "?property"),
  REPLICA_GROUP_OBJECT("object", "identity", "?type", "?proxy-options"),
  REPLICA_GROUP("replica-group", "id", "?proxy-options", "?filter"),
  LOAD_BALANCING("load-balancing", "type", "?n-replicas"),
  LOAD_BALANCING_ADAPTIVE("load-balancing", "type", "?n-replicas", "?load-sample"),
  PROPERTIES_NAMED("properties", "id"),
  PROPERTIES_UNNAMED("properties"),
  PROPERTIES_OF_INSTANCE("properties", "?service"),
  PROPERTIES_REFERENCE("properties", "refid"),
  PROPERTY("property", "name", "?value"),
  LOG("log", "path", "?property"),
  DBENV("dbenv", "name", "?home"),
  DBPROPERTY("dbproperty", "name", "?value"),
  DISTRIB("distrib", "?icepatch"),
  TEXT("");

  private final String element;

  @SuppressWarnings("Immutable") // made by List.of
  private final List<String> attributes;

  ElementForm(String element, String... attributes) {
    this.element = element;
    this.attributes = List.of(attributes);
  }

  /** Checks the attributes of the element against this form. */
  Attributes read(XmlElement of) throws DescriptorFileException {
    SortedMap<String, String> unknown = new TreeMap<>(of.attributes());
    for (String attribute : attributes) {
      unknown.remove(name(attribute));
    }
    if (!unknown.isEmpty()) {
      throw of.error(
          "unknown attributes in <"
              + of.name()
              + ">: "
              + String.join(" ", unknown.keySet())
              + expected(of));
    }
    for (String attribute : attributes) {
      if (isRequired(attribute)) {
        required(of, attribute);
      }
    }
    return new Attributes(of);
  }

  private void required(XmlElement of, String attribute) throws DescriptorFileException {
    String value = of.attributes().get(attribute);
    if (value == null) {
      throw of.error("missing attribute '" + attribute + "' in <" + of.name() + ">" + expected(of));
    }
    if (value.isEmpty()) {
      throw of.error("attribute '" + attribute + "' is empty in <" + of.name() + ">");
    }
  }

  private String expected(XmlElement of) {
    StringBuilder form = new StringBuilder("; expected <").append(of.name());
    for (String attribute : attributes) {
      form.append(isRequired(attribute) ? " " : " [")
          .append(name(attribute))
          .append("=\"...\"")
          .append(isRequired(attribute) ? "" : "]");
    }
    return form.append(">").toString();
  }

  private static boolean isRequired(String attribute) {
    return !attribute.startsWith("?");
  }

  private static String name(String attribute) {
    return isRequired(attribute) ? attribute : attribute.substring(1);
  }

  @Override
  public String toString() {
    return "<" + element + ">";
  }

  /** The attributes of an element that has the right ones. */
  record Attributes(XmlElement element) {
    String text(String name, String otherwise) {
      return element.attributes().getOrDefault(name, otherwise);
    }

    /** A required one. */
    String text(String name) {
      return text(name, "");
    }

    Optional<String> given(String name) {
      return Optional.ofNullable(element.attributes().get(name));
    }

    Optional<String> givenNotEmpty(String name) throws DescriptorFileException {
      Optional<String> value = given(name);
      if (value.isPresent() && value.get().isEmpty()) {
        throw element.error("attribute '" + name + "' is empty in <" + element.name() + ">");
      }
      return value;
    }

    boolean flag(String name, boolean otherwise) throws DescriptorFileException {
      Optional<String> value = given(name);
      if (value.isEmpty()) {
        return otherwise;
      }
      return switch (value.get()) {
        case "true" -> true;
        case "false" -> false;
        default ->
            throw element.error(
                "invalid attribute `"
                    + name
                    + "' in <"
                    + element.name()
                    + ">: `"
                    + value.get()
                    + "' is not 'false' or 'true'");
      };
    }
  }
}
