package dev.firn.model;

import java.util.ArrayList;
import java.util.List;

/** A property set being read, from one or several elements. */
final class PropertySetParts {
  private final List<String> references = new ArrayList<>();
  private final List<PropertyDescriptor> properties = new ArrayList<>();

  PropertySetDescriptor toDescriptor() {
    return new PropertySetDescriptor(references, properties);
  }

  /** The set with properties that come before its own. */
  PropertySetDescriptor toDescriptor(List<PropertyDescriptor> first) {
    List<PropertyDescriptor> all = new ArrayList<>(first);
    all.addAll(properties);
    return new PropertySetDescriptor(references, all);
  }

  /** Reads what is in {@code properties}, whose attributes were read. */
  void read(ElementWalk walk, XmlElement element) throws DescriptorFileException {
    int before = properties.size();
    walk.children(
        element,
        child -> {
          if (child.name().equals("property")) {
            property(walk, child);
          } else {
            reference(walk, child, properties.size() > before);
          }
        });
  }

  void property(ElementWalk walk, XmlElement element) throws DescriptorFileException {
    var attributes = ElementForm.PROPERTY.read(element);
    walk.nothingIn(element);
    properties.add(new PropertyDescriptor(attributes.text("name"), attributes.text("value", "")));
  }

  private void reference(ElementWalk walk, XmlElement element, boolean afterProperty)
      throws DescriptorFileException {
    if (!element.attributes().containsKey("refid") || element.attributes().size() > 1) {
      throw element.error(
          "only <properties refid=\"...\"> can be a child of a <properties> element");
    }
    String refid = ElementForm.PROPERTIES_REFERENCE.read(element).text("refid");
    walk.nothingIn(element);
    if (afterProperty) {
      throw element.error(
          "<properties refid=\"" + refid + "\"> can't be defined after a <property> element");
    }
    references.add(refid);
  }
}
