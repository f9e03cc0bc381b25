package dev.firn.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Reads replica groups. */
final class ReplicaGroupParser {
  private final ElementWalk walk;
  private final List<ObjectDescriptor> objects = new ArrayList<>();
  private LoadBalancingPolicy policy = LoadBalancingPolicy.DEFAULT;
  private String description = "";

  private ReplicaGroupParser(ElementWalk walk) {
    this.walk = walk;
  }

  static ReplicaGroupDescriptor read(ElementWalk walk, XmlElement element)
      throws DescriptorFileException {
    var attributes = ElementForm.REPLICA_GROUP.read(element);
    var parser = new ReplicaGroupParser(walk);
    walk.children(element, parser::child);
    return new ReplicaGroupDescriptor(
        attributes.text("id"),
        parser.policy,
        attributes.text("proxy-options", ""),
        parser.objects,
        parser.description,
        attributes.text("filter", ""));
  }

  private void child(XmlElement element) throws DescriptorFileException {
    switch (element.name()) {
      case "description" -> description = walk.text(element);
      case "load-balancing" -> policy = policy(element);
      case "object" -> {
        if (element.attributes().containsKey("property")) {
          throw element.error(
              "property attribute is not allowed in object descriptors from a replica group");
        }
        ElementForm.REPLICA_GROUP_OBJECT.read(element);
        walk.nothingIn(element);
        objects.add(object(element));
      }
      default -> throw new IllegalStateException("no rule for " + element.name());
    }
  }

  /** An object whose attributes were checked. */
  static ObjectDescriptor object(XmlElement element) throws DescriptorFileException {
    var attributes = new ElementForm.Attributes(element);
    String identity = attributes.text("identity");
    ObjectId id =
        IdentityText.parse(identity)
            .orElseThrow(
                () ->
                    element.error(
                        "invalid object identity `"
                            + identity
                            + "'; expected NAME or CATEGORY/NAME, other slashes escaped as \\/"));
    return new ObjectDescriptor(
        id, attributes.text("type", ""), attributes.text("proxy-options", ""));
  }

  private LoadBalancingPolicy policy(XmlElement element) throws DescriptorFileException {
    boolean adaptive = "adaptive".equals(element.attributes().get("type"));
    ElementForm form = adaptive ? ElementForm.LOAD_BALANCING_ADAPTIVE : ElementForm.LOAD_BALANCING;
    var attributes = form.read(element);
    walk.nothingIn(element);
    for (LoadBalancingPolicy.Type type : LoadBalancingPolicy.Type.values()) {
      if (type.text().equals(attributes.text("type"))) {
        return new LoadBalancingPolicy(
            type,
            attributes.text("n-replicas", "1"),
            adaptive ? attributes.text("load-sample", "1") : "");
      }
    }
    throw element.error(
        "invalid load balancing policy `"
            + attributes.text("type")
            + "'; expected one of "
            + Arrays.stream(LoadBalancingPolicy.Type.values())
                .map(LoadBalancingPolicy.Type::text)
                .collect(Collectors.joining(", ")));
  }
}
