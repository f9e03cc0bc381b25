package dev.firn.testkit;

import dev.firn.model.AdapterDescriptor;
import dev.firn.model.ApplicationDescriptor;
import dev.firn.model.ApplicationDiff;
import dev.firn.model.ApplicationEntry;
import dev.firn.model.ApplicationInfo;
import dev.firn.model.ApplicationUpdateDescriptor;
import dev.firn.model.CommunicatorDescriptor;
import dev.firn.model.DeployedServer;
import dev.firn.model.DescriptorException;
import dev.firn.model.ExpandedApplication;
import dev.firn.model.Expansion;
import dev.firn.model.LoadBalancingPolicy;
import dev.firn.model.NodeDescriptor;
import dev.firn.model.ObjectDescriptor;
import dev.firn.model.PropertyDescriptor;
import dev.firn.model.PropertySetDescriptor;
import dev.firn.model.RegistryTables;
import dev.firn.model.ReplicaGroupDescriptor;
import dev.firn.model.ServerDescriptor;
import dev.firn.model.SortedNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Applications that administrators deploy, of a few kinds. Some have ids that others, or servers
 * that register themselves, want as well. Expanded once: simulations make many.
 */
final class Applications {
  static final List<String> NAMES = List.of("app0", "app1", "app2", "app3");
  private static final int KINDS = 6;

  private record Kind(ApplicationDescriptor descriptor, ExpandedApplication expanded) {}

  private static final Map<String, List<Kind>> ALL = all();

  private Applications() {}

  private static Map<String, List<Kind>> all() {
    Map<String, List<Kind>> all = new TreeMap<>();
    for (String name : NAMES) {
      List<Kind> kinds = new ArrayList<>();
      for (int kind = 0; kind < KINDS; kind++) {
        ApplicationDescriptor descriptor = descriptor(name, kind);
        try {
          kinds.add(new Kind(descriptor, Expansion.expand(descriptor)));
        } catch (DescriptorException e) {
          throw new IllegalStateException(e);
        }
      }
      all.put(name, kinds);
    }
    return all;
  }

  /** 0 deploys nothing; the others one or two servers, 4 and 5 with ids that are scarce. */
  private static ApplicationDescriptor descriptor(String name, int kind) {
    String own = name + "-";
    List<ServerDescriptor> servers =
        switch (kind) {
          case 0 -> List.of();
          case 1 -> List.of(server(own + "s", own + "a", own + "g", own + "o"));
          case 2 ->
              List.of(
                  server(own + "s", own + "b", "", own + "o"),
                  server(own + "t", own + "a", own + "g", own + "p"));
          case 3 -> List.of(server(own + "t", own + "a", "", own + "p"));
          case 4 -> List.of(server("scarce", own + "a", "", "o1"));
          default -> List.of(server(own + "s", "a1", "", own + "o"));
        };
    List<ReplicaGroupDescriptor> groups =
        kind == 1 || kind == 2
            ? List.of(
                new ReplicaGroupDescriptor(
                    own + "g", LoadBalancingPolicy.DEFAULT, "", List.of(), "", ""))
            : List.of();
    NodeDescriptor node =
        new NodeDescriptor(SortedNames.empty(), List.of(), servers, "", "", SortedNames.empty());
    ApplicationDescriptor empty = ApplicationDescriptor.named(name);
    return new ApplicationDescriptor(
        name,
        SortedNames.copyOf(Map.of("kind", Integer.toString(kind))),
        groups,
        SortedNames.empty(),
        SortedNames.empty(),
        SortedNames.copyOf(kind == 0 ? Map.of() : Map.of("n" + kind % 2, node)),
        empty.distrib(),
        "",
        SortedNames.empty());
  }

  private static ServerDescriptor server(String id, String adapter, String group, String object) {
    var described =
        new AdapterDescriptor(
            "A",
            "",
            adapter,
            group,
            "",
            false,
            true,
            List.of(new ObjectDescriptor(Values.id(object), "::T", "")),
            List.of());
    return ServerDescriptor.builder(id, "exe")
        .communicator(
            new CommunicatorDescriptor(
                List.of(described),
                PropertySetDescriptor.of(List.of(new PropertyDescriptor("A.Endpoints", "tcp"))),
                List.of(),
                List.of(),
                ""))
        .build();
  }

  static ApplicationEntry entry(String name, String uuid, int revision, int kind) {
    Kind of = ALL.getOrDefault(name, List.of()).get(kind);
    var info = new ApplicationInfo(uuid, 1, "a", revision, "a", revision, of.descriptor);
    return ApplicationEntry.of(info, of.expanded);
  }

  /** Another kind of application with the next revision. */
  static ApplicationEntry changed(ApplicationEntry base, SplittableRandom random) {
    return next(base, random.nextInt(KINDS));
  }

  static ApplicationEntry added(String name, String uuid, SplittableRandom random) {
    return entry(name, uuid, 1, random.nextInt(KINDS));
  }

  /** As it was before an update that is taken back. */
  static ApplicationEntry takenBack(ApplicationEntry before, ApplicationEntry after) {
    return next(after, kindOf(before));
  }

  private static ApplicationEntry next(ApplicationEntry base, int kind) {
    return entry(base.name(), base.info().uuid(), base.info().revision() + 1, kind);
  }

  private static int kindOf(ApplicationEntry entry) {
    String kind = entry.info().descriptor().variables().get("kind");
    return kind == null ? 0 : Integer.parseInt(kind);
  }

  static ApplicationUpdateDescriptor difference(ApplicationEntry from, ApplicationEntry to) {
    try {
      return ApplicationDiff.between(from.info().descriptor(), to.info().descriptor());
    } catch (DescriptorException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Fails unless the look-ups answer what the applications say, and no id is used twice. */
  static void requireDeployed(RegistryTables tables, Object who) {
    int servers = 0;
    for (ApplicationEntry entry : tables.applications()) {
      for (var server : entry.servers().values()) {
        DeployedServer found = tables.deployment().findServer(server.id());
        Violation.unless(
            found != null
                && found.application().equals(entry.name())
                && found.revision() == entry.info().revision()
                && found.server().equals(server),
            "%s has %s, but answers %s for its server %s",
            who,
            entry,
            found,
            server.id());
        servers++;
        for (AdapterDescriptor adapter : server.adapters()) {
          Violation.unless(
              tables.deployment().findAdapter(adapter.id()) != null
                  && tables.findAdapter(adapter.id()) == null,
              "%s has the adapter %s of %s not once",
              who,
              adapter.id(),
              entry);
          for (ObjectDescriptor object : adapter.objects()) {
            Violation.unless(
                tables.deployment().findObject(object.id()) != null
                    && tables.findObject(object.id()) == null,
                "%s has the object %s of %s not once",
                who,
                object.id(),
                entry);
          }
        }
      }
    }
    Violation.unless(
        tables.deployment().servers().size() == servers,
        "%s answers servers that no application has: %s",
        who,
        tables.deployment().servers());
  }
}
