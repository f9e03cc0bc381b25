package dev.firn.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.election.StateChange;
import dev.firn.failover.ServiceTable.Match;
import dev.firn.failover.ServiceTable.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The table against a second, naive one: lists, and rules written down once more. */
class ServiceTableProperties {
  private static final List<List<String>> CHAINS =
      List.of(List.of("Base"), List.of("Mid", "Base"), List.of("Leaf", "Mid", "Base"));

  @Property(seed = "20261122", tries = 300)
  void answersAreThoseOfANaiveTable(@ForAll long seed) {
    Random random = new Random(seed);
    ServiceTable table = ServiceTable.EMPTY;
    List<ServiceChange> stored = new ArrayList<>();
    Naive naive = new Naive();
    for (int i = 0; i < 120; i++) {
      ServiceCommand command = command(random);
      ServiceTable.Result result = table.apply(command);
      assertThat(result.outcome()).as(command.toString()).isEqualTo(naive.apply(command));
      table = table.with(result.changes());
      stored.addAll(result.changes());
      if (random.nextInt(20) == 0) {
        table = ServiceTable.of(stored);
      }
      ServiceParams request = params(random);
      assertThat(table.match(request)).as(request.toString()).isEqualTo(naive.match(request));
    }
  }

  /**
   * Whatever a locator had, with the content of another one it has the same and goes on the same.
   */
  @Property(seed = "20261123", tries = 300)
  void aTableTakesOverTheContentOfAnyOther(@ForAll long seed) {
    Random random = new Random(seed);
    ServiceTable coordinator = some(random);
    ServiceTable member = some(random).with(List.of(new StateChange.SetPromise(7)));

    List<StateChange> changes = member.changesTo(coordinator.content());
    member = member.with(changes);

    assertThat(member.hasSameRows(coordinator)).as(member + " and " + coordinator).isTrue();
    assertThat(member.promise()).isEqualTo(7);
    assertThat(member.changesTo(coordinator.content())).isEmpty();
    for (int i = 0; i < 20; i++) {
      ServiceCommand command = command(random);
      ServiceTable.Result decided = coordinator.apply(command);
      ServiceTable.Result followed = member.follow(command);
      assertThat(followed).isEqualTo(decided);
      coordinator = coordinator.with(decided.changes());
      member = member.with(followed.changes());
    }
    assertThat(member.hasSameRows(coordinator)).isTrue();
  }

  private static ServiceTable some(Random random) {
    ServiceTable table = ServiceTable.EMPTY;
    for (int i = random.nextInt(40); i > 0; i--) {
      table = table.with(table.apply(command(random)).changes());
    }
    return table;
  }

  private static ServiceCommand command(Random random) {
    String guid = "s" + random.nextInt(5);
    String compare = "c" + random.nextInt(2);
    return switch (random.nextInt(9)) {
      case 0, 1, 2 ->
          new ServiceCommand.AddService(
              guid, "p" + random.nextInt(9), epoch(random), random.nextBoolean());
      case 3, 4 ->
          new ServiceCommand.AddParams(
              guid,
              new ServiceEntry.Findable(params(random), random.nextBoolean() ? "" : compare),
              epoch(random));
      case 5 -> new ServiceCommand.Suspend(guid, random.nextBoolean(), epoch(random));
      case 6 -> new ServiceCommand.RemoveService(guid, epoch(random));
      case 7 -> new ServiceCommand.AddComparator(compare, "q" + random.nextInt(3));
      default -> new ServiceCommand.RemoveComparator(compare);
    };
  }

  private static Optional<GroupEpoch> epoch(Random random) {
    return random.nextBoolean()
        ? Optional.empty()
        : Optional.of(new GroupEpoch("g" + random.nextInt(2), 1 + random.nextInt(4)));
  }

  private static ServiceParams params(Random random) {
    return new ServiceParams(
        CHAINS.get(random.nextInt(CHAINS.size())),
        random.nextBoolean() ? "" : "k" + random.nextInt(2),
        random.nextBoolean() ? "" : "n" + random.nextInt(2),
        random.nextBoolean() ? "" : "i" + random.nextInt(2),
        Bytes.EMPTY);
  }

  /** A service in the naive table. */
  private static final class Service {
    private String proxy = "";
    private boolean suspended;
    private Optional<GroupEpoch> epoch = Optional.empty();
    private final Map<ServiceParams, String> params = new LinkedHashMap<>();
  }

  private static final class Naive {
    private final Map<String, Service> services = new LinkedHashMap<>();
    private final Map<String, String> comparators = new TreeMap<>();
    private final Map<String, Long> newest = new TreeMap<>();

    Outcome apply(ServiceCommand command) {
      if (command instanceof ServiceCommand.AddService add) {
        if (old(add.epoch())) {
          return Outcome.STALE;
        }
        see(add.epoch());
        Service service = services.computeIfAbsent(add.guid(), guid -> new Service());
        service.proxy = add.proxy();
        service.suspended = false;
        service.epoch = add.epoch();
        return Outcome.DONE;
      } else if (command instanceof ServiceCommand.AddParams add) {
        Outcome outcome = check(add.guid(), add.epoch());
        String compare = add.findable().compareGuid();
        if (outcome != Outcome.DONE) {
          return outcome;
        } else if (!compare.isEmpty() && !comparators.containsKey(compare)) {
          return Outcome.NO_COMPARATOR;
        }
        see(add.epoch());
        service(add.guid()).params.put(add.findable().params(), compare);
        return Outcome.DONE;
      } else if (command instanceof ServiceCommand.Suspend suspend) {
        Outcome outcome = check(suspend.guid(), suspend.epoch());
        if (outcome == Outcome.DONE) {
          see(suspend.epoch());
          service(suspend.guid()).suspended = suspend.suspended();
        }
        return outcome;
      } else if (command instanceof ServiceCommand.RemoveService remove) {
        Outcome outcome = check(remove.guid(), remove.epoch());
        if (outcome == Outcome.DONE) {
          see(remove.epoch());
          services.remove(remove.guid());
        }
        return outcome;
      } else if (command instanceof ServiceCommand.AddComparator add) {
        return comparators.putIfAbsent(add.guid(), add.proxy()) == null
            ? Outcome.DONE
            : Outcome.DUPLICATE_COMPARATOR;
      } else if (command instanceof ServiceCommand.RemoveComparator remove) {
        return comparators.remove(remove.guid()) == null ? Outcome.NO_COMPARATOR : Outcome.DONE;
      }
      throw new IllegalStateException(command.toString());
    }

    List<Match> match(ServiceParams request) {
      List<Match> matches = new ArrayList<>();
      services.forEach(
          (guid, service) -> {
            if (service.suspended || old(service.epoch)) {
              return;
            }
            List<String> asked = new ArrayList<>();
            boolean certain = false;
            for (Map.Entry<ServiceParams, String> one : service.params.entrySet()) {
              if (!fits(one.getKey(), request)) {
                continue;
              }
              certain |= one.getValue().isEmpty();
              String comparator = comparators.get(one.getValue());
              if (comparator != null && !asked.contains(comparator)) {
                asked.add(comparator);
              }
            }
            if (certain || !asked.isEmpty()) {
              matches.add(new Match(guid, service.proxy, certain ? List.of() : asked));
            }
          });
      return matches;
    }

    private static boolean fits(ServiceParams has, ServiceParams wants) {
      return has.types().contains(wants.types().get(0))
          && (wants.category().isEmpty() || wants.category().equals(has.category()))
          && (wants.service().isEmpty() || wants.service().equals(has.service()))
          && (wants.id().isEmpty() || wants.id().equals(has.id()));
    }

    private Outcome check(String guid, Optional<GroupEpoch> epoch) {
      if (old(epoch)) {
        return Outcome.STALE;
      }
      return services.containsKey(guid) ? Outcome.DONE : Outcome.NO_SERVICE;
    }

    private boolean old(Optional<GroupEpoch> epoch) {
      return epoch.isPresent()
          && newest.getOrDefault(epoch.get().group(), 0L) > epoch.get().epoch();
    }

    private void see(Optional<GroupEpoch> epoch) {
      epoch.ifPresent(e -> newest.merge(e.group(), e.epoch(), Math::max));
    }

    private Service service(String guid) {
      Service service = services.get(guid);
      if (service == null) {
        throw new IllegalStateException(guid);
      }
      return service;
    }
  }
}
