package dev.firn.model;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A deployed application: as it was given, and what it expands to. Immutable.
 *
 * <p>Making one expands the application, which takes long if it is large: do it before the
 * registry's owner thread gets it.
 */
public final class ApplicationEntry {
  private final ApplicationInfo info;
  private final @Nullable DeployedApplication deployed;
  private final Optional<String> failure;
  private volatile byte @Nullable [] encoded;

  private ApplicationEntry(
      ApplicationInfo info, Optional<ExpandedApplication> expanded, Optional<String> failure) {
    this.info = requireNonNull(info, "info");
    this.failure = failure;
    deployed = expanded.map(application -> new DeployedApplication(info, application)).orElse(null);
  }

  /**
   * An application that was accepted once: if it expands no more it is kept, but deploys nothing.
   */
  public static ApplicationEntry of(ApplicationInfo info) {
    try {
      return valid(info);
    } catch (DescriptorException e) {
      return new ApplicationEntry(info, Optional.empty(), Optional.of(e.reason()));
    }
  }

  /**
   * An application that is to be deployed.
   *
   * @throws DescriptorException if it cannot be
   */
  public static ApplicationEntry valid(ApplicationInfo info) throws DescriptorException {
    return of(info, Expansion.expand(info.descriptor()));
  }

  /**
   * An application that is expanded already.
   *
   * @param expanded the info's descriptor, expanded
   */
  public static ApplicationEntry of(ApplicationInfo info, ExpandedApplication expanded) {
    return new ApplicationEntry(info, Optional.of(expanded), Optional.empty());
  }

  public String name() {
    return info.descriptor().name();
  }

  public ApplicationInfo info() {
    return info;
  }

  /** What it deploys; empty if it cannot be expanded any more. */
  public Optional<ExpandedApplication> expanded() {
    return deployed == null ? Optional.empty() : Optional.of(deployed.expanded());
  }

  /** The servers that it deploys, by id; none if it cannot be expanded any more. */
  public SortedMap<String, ExpandedServer> servers() {
    return deployed == null ? SortedNames.empty() : deployed.expanded().servers();
  }

  /** Why it cannot be expanded any more. */
  public Optional<String> failure() {
    return failure;
  }

  /**
   * The application's bytes, made once. Not to be changed.
   *
   * @param encoder always the same
   */
  public byte[] encoded(Function<ApplicationInfo, byte[]> encoder) {
    byte[] bytes = encoded;
    if (bytes == null) {
      bytes = encoder.apply(info);
      encoded = bytes;
    }
    return bytes;
  }

  @Nullable DeployedApplication deployed() {
    return deployed;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ApplicationEntry entry && info.equals(entry.info);
  }

  @Override
  public int hashCode() {
    return 31 * info.uuid().hashCode() + info.revision();
  }

  /** For messages: name, identity and revision. */
  @Override
  public String toString() {
    return name() + " (" + info.uuid() + ", revision " + info.revision() + ")";
  }
}
