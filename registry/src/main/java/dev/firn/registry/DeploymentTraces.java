package dev.firn.registry;

import dev.firn.model.ApplicationEntry;
import dev.firn.model.Deployment;
import dev.firn.model.IdentityText;
import dev.firn.model.ObjectId;
import dev.firn.model.RegistryEvent;
import dev.firn.model.RegistryTables;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What is logged of what applications bring and take away, with the texts of the reference. */
final class DeploymentTraces {
  private DeploymentTraces() {}

  /** Logs what changed between two tables; costs nothing if no application did. Engine thread. */
  static void trace(
      Traces traces, RegistryTables before, RegistryTables after, List<RegistryEvent> events) {
    for (RegistryEvent event : events) {
      if (event instanceof RegistryEvent.ApplicationsReplaced replaced) {
        report(traces, after, replaced.entries());
      } else if (event instanceof RegistryEvent.ApplicationAdded added) {
        report(traces, after, List.of(added.entry()));
      } else if (event instanceof RegistryEvent.ApplicationUpdated updated) {
        report(traces, after, List.of(updated.entry()));
      }
    }
    if (before.deployment() != after.deployment()) {
      if (traces.on(Traces.Category.ADAPTER, 1)) {
        ids(traces, before.deployment(), after.deployment());
      }
      if (traces.on(Traces.Category.OBJECT, 1)) {
        objects(traces, before.deployment(), after.deployment());
      }
    }
  }

  /** Logs which of these applications are kept but deploy nothing. */
  static void report(
      Traces traces, RegistryTables tables, Collection<ApplicationEntry> applications) {
    for (ApplicationEntry entry : applications) {
      entry
          .failure()
          .or(() -> tables.deployment().exclusion(entry.name()))
          .ifPresent(
              reason ->
                  traces.logger().error("invalid application `" + entry.name() + "':\n" + reason));
    }
  }

  private static void ids(Traces traces, Deployment before, Deployment after) {
    difference(before.adapterAndGroupIds(), after.adapterAndGroupIds())
        .forEach(id -> trace(traces, Traces.Category.ADAPTER, "removed adapter", id));
    difference(after.adapterAndGroupIds(), before.adapterAndGroupIds())
        .forEach(id -> trace(traces, Traces.Category.ADAPTER, "added adapter", id));
  }

  private static void objects(Traces traces, Deployment before, Deployment after) {
    var idsBefore = before.objectIds();
    var idsAfter = after.objectIds();
    difference(idsBefore, idsAfter).forEach(id -> traceObject(traces, "removed", before, id));
    difference(idsAfter, idsBefore).forEach(id -> traceObject(traces, "added", after, id));
  }

  private static <T> Set<T> difference(Collection<T> of, Collection<T> other) {
    Set<T> left = new TreeSet<>(of);
    other.forEach(left::remove);
    return left;
  }

  private static void traceObject(Traces traces, String what, Deployment deployment, ObjectId id) {
    String text = IdentityText.format(id);
    if (deployment.findObject(id) != null) {
      trace(traces, Traces.Category.OBJECT, what + " object", text);
    }
    if (deployment.findAllocatable(id) != null) {
      trace(traces, Traces.Category.OBJECT, what + " allocatable object", text);
    }
  }

  private static void trace(Traces traces, Traces.Category category, String what, String id) {
    traces.trace(category, 1, () -> what + " `" + id + "'");
  }
}
