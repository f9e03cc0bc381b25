package dev.firn.registry;

import dev.firn.model.ApplicationDescriptor;
import dev.firn.model.ApplicationDiff;
import dev.firn.model.ApplicationEntry;
import dev.firn.model.ApplicationInfo;
import dev.firn.model.ApplicationMerge;
import dev.firn.model.ApplicationUpdateDescriptor;
import dev.firn.model.Command;
import dev.firn.model.DescriptorException;
import dev.firn.model.ExpandedApplication;
import dev.firn.model.ExpandedServer;
import dev.firn.model.ServerInstanceDescriptor;
import dev.firn.model.SortedNames;
import dev.firn.model.UpdatePlan;
import dev.firn.wire.DescriptorWriter;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * A change of an application, ready for the engine: what takes long is done. Making one takes time
 * that grows with the application.
 *
 * @param before absent if it is added
 * @param after absent if it is removed
 */
record ApplicationChange(
    Command command, Optional<ApplicationEntry> before, Optional<ApplicationEntry> after) {

  static ApplicationChange add(ApplicationInfo info) throws DescriptorException {
    ApplicationEntry entry = ready(ApplicationEntry.valid(info));
    return new ApplicationChange(
        new Command.AddApplication(entry), Optional.empty(), Optional.of(entry));
  }

  static ApplicationChange remove(ApplicationEntry entry) {
    return new ApplicationChange(
        new Command.RemoveApplication(entry.name()), Optional.of(entry), Optional.empty());
  }

  static ApplicationChange update(
      ApplicationEntry base, ApplicationUpdateDescriptor update, long nowMillis, String user)
      throws DescriptorException {
    ApplicationDescriptor descriptor = ApplicationMerge.apply(base.info().descriptor(), update);
    return changed(base, descriptor, update, nowMillis, user);
  }

  /** The whole application is given; what is published is the difference. */
  static ApplicationChange sync(
      ApplicationEntry base, ApplicationDescriptor descriptor, long nowMillis, String user)
      throws DescriptorException {
    var update = ApplicationDiff.between(base.info().descriptor(), descriptor);
    return changed(base, descriptor, update, nowMillis, user);
  }

  static ApplicationChange instantiate(
      ApplicationEntry base,
      String node,
      ServerInstanceDescriptor instance,
      long nowMillis,
      String user)
      throws DescriptorException {
    return sync(
        base,
        ApplicationMerge.instantiate(base.info().descriptor(), node, instance),
        nowMillis,
        user);
  }

  private static ApplicationChange changed(
      ApplicationEntry base,
      ApplicationDescriptor descriptor,
      ApplicationUpdateDescriptor update,
      long nowMillis,
      String user)
      throws DescriptorException {
    ApplicationEntry entry =
        ready(ApplicationEntry.valid(base.info().updated(descriptor, nowMillis, user)));
    return updated(base, entry, update);
  }

  /** The same change by another command. */
  ApplicationChange with(Command other) {
    return new ApplicationChange(other, before, after);
  }

  private static ApplicationChange updated(
      ApplicationEntry base, ApplicationEntry entry, ApplicationUpdateDescriptor update) {
    return new ApplicationChange(
        new Command.UpdateApplication(entry, base, update), Optional.of(base), Optional.of(entry));
  }

  /**
   * What leads back to where this change came from, once it was made: a removal, or one more
   * revision.
   */
  ApplicationChange reverted(long nowMillis, String user) throws DescriptorException {
    ApplicationEntry current = after.orElseThrow();
    if (before.isEmpty()) {
      return remove(current);
    }
    ApplicationInfo old = before.get().info();
    ApplicationInfo info = current.info().updated(old.descriptor(), nowMillis, user);
    Optional<ExpandedApplication> expanded = before.get().expanded();
    ApplicationEntry entry =
        ready(
            expanded.isPresent()
                ? ApplicationEntry.of(info, expanded.get())
                : ApplicationEntry.of(info));
    return updated(
        current, entry, ApplicationDiff.between(current.info().descriptor(), old.descriptor()));
  }

  /** The bytes for the database too are made before the engine's turn. */
  private static ApplicationEntry ready(ApplicationEntry entry) {
    DescriptorWriter.bytes(entry);
    return entry;
  }

  UpdatePlan plan() {
    return UpdatePlan.between(servers(before), servers(after));
  }

  /** The servers before and after the change, by id. */
  Collection<String> servers() {
    TreeSet<String> ids = new TreeSet<>(SortedNames.ORDER);
    ids.addAll(servers(before).keySet());
    ids.addAll(servers(after).keySet());
    return ids;
  }

  private static SortedMap<String, ExpandedServer> servers(Optional<ApplicationEntry> entry) {
    return entry.map(ApplicationEntry::servers).orElse(SortedNames.empty());
  }
}
