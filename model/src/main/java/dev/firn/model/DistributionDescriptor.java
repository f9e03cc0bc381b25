package dev.firn.model;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Where files are patched from; none if {@code icepatch} is empty, all if there is no directory.
 */
public record DistributionDescriptor(String icepatch, List<String> directories) {
  public static final DistributionDescriptor NONE = new DistributionDescriptor("", List.of());

  public DistributionDescriptor {
    requireNonNull(icepatch, "icepatch");
    directories = List.copyOf(directories);
  }
}
