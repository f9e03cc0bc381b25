package dev.firn.model;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;

/** A deployed application: its name and its encoded ApplicationInfo, kept as it came. */
public final class ApplicationEntry {
  private final String name;
  private final byte[] info;

  /**
   * @param info an ApplicationInfo in Ice's encoding 1.1, classes included; copied
   */
  public ApplicationEntry(String name, byte[] info) {
    this.name = requireNonNull(name, "name");
    this.info = info.clone();
  }

  public String name() {
    return name;
  }

  /** A copy of the encoded ApplicationInfo. */
  public byte[] info() {
    return info.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ApplicationEntry entry
        && name.equals(entry.name)
        && Arrays.equals(info, entry.info);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Arrays.hashCode(info);
  }

  @Override
  public String toString() {
    return name + " (" + info.length + " bytes)";
  }
}
