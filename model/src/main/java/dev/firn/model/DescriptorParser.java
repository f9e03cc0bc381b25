package dev.firn.model;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads applications from descriptor files; keeps nothing between two.
 *
 * <p>Variables stay unresolved and templates unexpanded: see Expansion.
 */
public final class DescriptorParser {
  private final DescriptorFiles files;
  private final DefaultTemplates defaults;
  private final ParseLimits limits;

  /**
   * @param defaults asked once for each application that imports default templates
   */
  public DescriptorParser(DescriptorFiles files, DefaultTemplates defaults, ParseLimits limits) {
    this.files = requireNonNull(files, "files");
    this.defaults = requireNonNull(defaults, "defaults");
    this.limits = requireNonNull(limits, "limits");
  }

  /**
   * Reads the application of a file and of what it includes.
   *
   * @param targets the parts that count of those that only count if asked for; each its name, or
   *     that after the dotted place where it is
   * @param overrides variables, whatever the application and its nodes set them to
   */
  public ApplicationDescriptor parse(
      String file, Collection<String> targets, Map<String, String> overrides)
      throws DescriptorFileException {
    ElementWalk walk = new ElementWalk(files, List.copyOf(targets), limits);
    var parser = new ApplicationParser(walk, defaults, SortedNames.copyOf(overrides));
    walk.file(file, parser::application);
    Optional<ApplicationDescriptor> application = parser.result();
    if (application.isEmpty()) {
      throw new DescriptorFileException(
          "no application descriptor in `" + file + "'; expected <application> in <icegrid>");
    }
    return application.get();
  }
}
