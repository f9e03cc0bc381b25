package dev.firn.model;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The named property sets that are visible at a place, their values resolved; each is flattened
 * once. Owned by one expansion.
 *
 * <p>A set of the node hides that of the application, also where another set of the application
 * refers to it.
 */
final class PropertySetTable {
  private static final int DEPTH_MAX = 500;

  private final SortedMap<String, PropertySetDescriptor> sets;
  private final SortedMap<String, List<PropertyDescriptor>> flattened =
      new TreeMap<>(SortedNames.ORDER);
  private final List<String> flattening = new ArrayList<>();
  private final ExpansionBudget budget;

  private PropertySetTable(SortedMap<String, PropertySetDescriptor> sets, ExpansionBudget budget) {
    this.sets = sets;
    this.budget = budget;
  }

  static PropertySetTable empty(ExpansionBudget budget) {
    return new PropertySetTable(SortedNames.empty(), budget);
  }

  /** This table with more sets before its own. */
  PropertySetTable with(SortedMap<String, PropertySetDescriptor> more) {
    if (more.isEmpty()) {
      return this;
    }
    SortedMap<String, PropertySetDescriptor> all = new TreeMap<>(sets);
    all.putAll(more);
    return new PropertySetTable(all, budget);
  }

  /** The properties of the sets and of those that they refer to, one after the other. */
  List<PropertyDescriptor> flatten(List<String> references) throws DescriptorException {
    if (references.isEmpty()) {
      return List.of();
    }
    List<PropertyDescriptor> all = new ArrayList<>();
    for (String reference : references) {
      all.addAll(flatten(reference));
      budget.checkProperties(all.size());
    }
    budget.spendChars(all.size());
    return all;
  }

  private List<PropertyDescriptor> flatten(String id) throws DescriptorException {
    List<PropertyDescriptor> known = flattened.get(id);
    if (known != null) {
      return known;
    }
    PropertySetDescriptor set = sets.get(id);
    if (set == null) {
      throw new DescriptorException(
          "invalid reference to property set, property set `" + id + "' doesn't exist");
    }
    if (flattening.contains(id)) {
      throw new DescriptorException(
          "detected circular dependency with property reference `"
              + id
              + "': "
              + String.join(" -> ", flattening)
              + " -> "
              + id);
    }
    if (flattening.size() > DEPTH_MAX) {
      throw new DescriptorException(
          "property sets refer to each other more than " + DEPTH_MAX + " deep");
    }
    flattening.add(id);
    List<PropertyDescriptor> all = new ArrayList<>(flatten(set.references()));
    all.addAll(set.properties());
    budget.checkProperties(all.size());
    flattening.remove(flattening.size() - 1);
    flattened.put(id, all);
    return all;
  }
}
