package dev.firn.model;

import java.util.Optional;

/** Where templates come from that applications import. */
@FunctionalInterface
public interface DefaultTemplates {
  /** For files that stand alone: a request to import is ignored. */
  DefaultTemplates NONE = Optional::empty;

  /**
   * @return an application of templates and property sets; empty if nobody could be asked
   * @throws DescriptorException if who was asked has none
   */
  Optional<ApplicationDescriptor> get() throws DescriptorException;
}
