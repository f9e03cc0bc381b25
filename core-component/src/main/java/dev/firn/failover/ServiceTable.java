package dev.firn.failover;

import static java.util.Objects.requireNonNull;

import dev.firn.election.LogPosition;
import dev.firn.election.ReplicatedState;
import dev.firn.election.StateChange;
import dev.firn.election.StateCommand;
import dev.firn.election.StateContent;
import dev.firn.election.StateResult;
import dev.firn.failover.ServiceCommand.AddComparator;
import dev.firn.failover.ServiceCommand.AddParams;
import dev.firn.failover.ServiceCommand.AddService;
import dev.firn.failover.ServiceCommand.RemoveComparator;
import dev.firn.failover.ServiceCommand.RemoveService;
import dev.firn.failover.ServiceCommand.Suspend;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.pcollections.PMap;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/**
 * Which services there are and by what they are found: the whole of the service locator's memory,
 * as a value. Commands make a new table; look-ups read one.
 *
 * <p>Epochs: the table remembers the newest epoch of each group that any command carried. What
 * comes with an older one changes nothing, and services that an older one has registered are not
 * found. So a group's services are replaced all at once, by the first thing that its new active
 * instance says.
 */
public final class ServiceTable implements ReplicatedState {
  /** The table of a locator that has never been told anything. */
  public static final ServiceTable EMPTY =
      new ServiceTable(
          TreePMap.empty(),
          TreePMap.empty(),
          TreePMap.empty(),
          TreePMap.empty(),
          LogPosition.ZERO,
          0);

  /** What a command has come to. */
  public enum Outcome {
    /** Done, or there was nothing to do. */
    DONE,
    /** A newer epoch is known: {@link Result#current}. */
    STALE,
    /** There is no service with this guid. */
    NO_SERVICE,
    /** There is no comparator with this guid. */
    NO_COMPARATOR,
    /** There is a comparator with this guid. */
    DUPLICATE_COMPARATOR
  }

  /**
   * For who asked; also what another locator says that has decided.
   *
   * @param current the newest epoch, where the outcome is STALE; otherwise 0
   */
  public record Verdict(Outcome outcome, long current) implements StateResult {
    public Verdict {
      requireNonNull(outcome, "outcome");
    }

    @Override
    public List<ServiceChange> changes() {
      return List.of();
    }

    @Override
    public Optional<String> refusal() {
      return outcome == Outcome.DONE ? Optional.empty() : Optional.of(outcome.toString());
    }
  }

  /**
   * What a command has come to.
   *
   * @param verdict for who asked
   * @param changes what makes the table what it is then; empty: nothing has changed
   * @param events what to tell once that is stored
   */
  public record Result(Verdict verdict, List<ServiceChange> changes, List<ServiceEvent> events)
      implements StateResult {
    public Result {
      requireNonNull(verdict, "verdict");
      changes = List.copyOf(changes);
      events = List.copyOf(events);
    }

    public Outcome outcome() {
      return verdict.outcome();
    }

    /** The newest epoch, where the outcome is STALE; otherwise 0. */
    public long current() {
      return verdict.current();
    }

    @Override
    public Optional<String> refusal() {
      return verdict.refusal();
    }
  }

  /**
   * A service that can be the answer.
   *
   * @param comparators proxies of comparators of which one must agree; empty: it is an answer
   *     without them
   */
  public record Match(String guid, String proxy, List<String> comparators) {
    public Match {
      requireNonNull(guid, "guid");
      requireNonNull(proxy, "proxy");
      comparators = List.copyOf(comparators);
    }
  }

  private record Comparator(long order, String proxy) {}

  /** With the group's name before it: the guid under which a replica claims an epoch. */
  public static final String EPOCH = ".Epoch";

  private final PSortedMap<Long, ServiceEntry> services;
  private final PMap<String, Long> orders;
  private final PMap<String, Comparator> comparators;
  private final PSortedMap<String, Long> newest;
  private final LogPosition position;
  private final long promise;

  private ServiceTable(
      PSortedMap<Long, ServiceEntry> services,
      PMap<String, Long> orders,
      PMap<String, Comparator> comparators,
      PSortedMap<String, Long> newest,
      LogPosition position,
      long promise) {
    this.services = services;
    this.orders = orders;
    this.comparators = comparators;
    this.newest = newest;
    this.position = position;
    this.promise = promise;
  }

  /** A table from stored rows; what a later one says of a row counts. */
  public static ServiceTable of(Collection<? extends StateChange> rows) {
    return EMPTY.with(List.copyOf(rows));
  }

  /** Of several locators; {@link LogPosition#ZERO} where there is one. */
  @Override
  public LogPosition position() {
    return position;
  }

  @Override
  public long promise() {
    return promise;
  }

  /** All services in the order of their registration, also those that are not found. */
  public Collection<ServiceEntry> services() {
    return services.values();
  }

  /** One service. */
  public Optional<ServiceEntry> service(String guid) {
    return Optional.ofNullable(orders.get(guid)).map(services::get);
  }

  /** The newest epoch of a group, 0 if none is known. */
  public long newestEpoch(String group) {
    return newest.getOrDefault(group, 0L);
  }

  /** The proxy of a comparator. */
  public Optional<String> comparator(String guid) {
    return Optional.ofNullable(comparators.get(guid)).map(Comparator::proxy);
  }

  /**
   * The services that answer a request, as far as the table can tell, in the order of registration.
   * Left out: suspended ones, those of older epochs, and those that only a comparator that does not
   * exist could agree to.
   */
  public List<Match> match(ServiceParams request) {
    List<Match> matches = new ArrayList<>();
    for (ServiceEntry entry : services.values()) {
      if (!entry.suspended() && !isOld(entry.epoch())) {
        match(entry, request).ifPresent(matches::add);
      }
    }
    return matches;
  }

  private Optional<Match> match(ServiceEntry entry, ServiceParams request) {
    List<String> asked = new ArrayList<>();
    for (ServiceEntry.Findable findable : entry.findable()) {
      if (findable.params().answers(request)) {
        if (findable.compareGuid().isEmpty()) {
          return Optional.of(new Match(entry.guid(), entry.proxy(), List.of()));
        }
        comparator(findable.compareGuid()).filter(p -> !asked.contains(p)).ifPresent(asked::add);
      }
    }
    return asked.isEmpty()
        ? Optional.empty()
        : Optional.of(new Match(entry.guid(), entry.proxy(), asked));
  }

  /** What becomes of this table with a {@link ServiceCommand}. */
  @Override
  public Result apply(StateCommand command) {
    return ((ServiceCommand) command).apply(this);
  }

  @Override
  public Result follow(StateCommand command) {
    return apply(command);
  }

  @Override
  public List<ServiceContent> content() {
    return rows().stream().map(ServiceContent::new).toList();
  }

  private List<ServiceChange> rows() {
    List<ServiceChange> rows = new ArrayList<>();
    services
        .values()
        .forEach(entry -> rows.add(new ServiceChange.Service(entry.order(), Optional.of(entry))));
    comparators.forEach(
        (guid, row) ->
            rows.add(new ServiceChange.Comparator(row.order(), guid, Optional.of(row.proxy()))));
    newest.forEach((group, epoch) -> rows.add(new ServiceChange.Newest(group, epoch)));
    return rows;
  }

  @Override
  public List<StateChange> changesTo(List<? extends StateContent> content) {
    return ServiceRows.changes(
        rows(), content.stream().map(part -> ((ServiceContent) part).row()).toList());
  }

  /** Whether both have the same rows, whatever their positions. */
  public boolean hasSameRows(ServiceTable other) {
    return services.equals(other.services)
        && comparators.equals(other.comparators)
        && newest.equals(other.newest);
  }

  @Override
  public String toString() {
    return position + " promise " + promise + " " + rows();
  }

  /**
   * Where the next row goes. A matter of the rows that are there alone, so that every locator that
   * has them says the same.
   */
  private long nextOrder() {
    long last = services.isEmpty() ? 0 : services.lastKey();
    for (Comparator comparator : comparators.values()) {
      last = Math.max(last, comparator.order());
    }
    return last + 1;
  }

  Result add(AddService command) {
    Optional<ServiceEntry> known = service(command.guid());
    if (isOld(command.epoch()) || isTaken(command, known)) {
      return stale(command.epoch());
    }
    ServiceEntry entry =
        known
            .map(old -> old.replaced(command))
            .orElseGet(
                () ->
                    new ServiceEntry(
                        command.guid(),
                        nextOrder(),
                        command.proxy(),
                        List.of(),
                        false,
                        command.kept(),
                        command.epoch()));
    List<ServiceEvent> events =
        known.isPresent() && !known.get().suspended()
            ? List.of()
            : List.of(
                event(
                    known.isPresent()
                        ? ServiceEvent.Kind.SERVICE_UNSUSPENDED
                        : ServiceEvent.Kind.SERVICE_REGISTERED,
                    command.guid()));
    return changed(known, entry, command.epoch(), events);
  }

  Result addParams(AddParams command) {
    Optional<ServiceEntry> known = service(command.guid());
    Optional<Result> refused = refused(known, command.epoch());
    if (refused.isPresent()) {
      return refused.get();
    }
    String compareGuid = command.findable().compareGuid();
    if (!compareGuid.isEmpty() && comparator(compareGuid).isEmpty()) {
      return unchanged(Outcome.NO_COMPARATOR, 0);
    }
    ServiceEntry entry = known.orElseThrow().with(command.findable());
    return changed(known, entry, command.epoch(), List.of());
  }

  Result suspend(Suspend command) {
    Optional<ServiceEntry> known = service(command.guid());
    Optional<Result> refused = refused(known, command.epoch());
    if (refused.isPresent()) {
      return refused.get();
    }
    ServiceEntry entry = known.orElseThrow().suspended(command.suspended());
    ServiceEvent.Kind kind =
        command.suspended()
            ? ServiceEvent.Kind.SERVICE_SUSPENDED
            : ServiceEvent.Kind.SERVICE_UNSUSPENDED;
    return changed(
        known,
        entry,
        command.epoch(),
        entry.equals(known.get()) ? List.of() : List.of(event(kind, command.guid())));
  }

  Result remove(RemoveService command) {
    Optional<ServiceEntry> known = service(command.guid());
    Optional<Result> refused = refused(known, command.epoch());
    if (refused.isPresent()) {
      return refused.get();
    }
    List<ServiceChange> changes = new ArrayList<>();
    changes.add(new ServiceChange.Service(known.orElseThrow().order(), Optional.empty()));
    newest(command.epoch()).ifPresent(changes::add);
    return result(changes, List.of(event(ServiceEvent.Kind.SERVICE_UNREGISTERED, command.guid())));
  }

  Result addComparator(AddComparator command) {
    if (comparators.containsKey(command.guid())) {
      return unchanged(Outcome.DUPLICATE_COMPARATOR, 0);
    }
    return result(
        List.of(
            new ServiceChange.Comparator(
                nextOrder(), command.guid(), Optional.of(command.proxy()))),
        List.of(event(ServiceEvent.Kind.COMPARISON_REGISTERED, command.guid())));
  }

  Result removeComparator(RemoveComparator command) {
    Comparator known = comparators.get(command.guid());
    if (known == null) {
      return unchanged(Outcome.NO_COMPARATOR, 0);
    }
    return result(
        List.of(new ServiceChange.Comparator(known.order(), command.guid(), Optional.empty())),
        List.of(event(ServiceEvent.Kind.COMPARISON_UNREGISTERED, command.guid())));
  }

  /** Why somebody may not touch a service. */
  private Optional<Result> refused(Optional<ServiceEntry> known, Optional<GroupEpoch> epoch) {
    if (isOld(epoch)) {
      return Optional.of(stale(epoch));
    } else if (known.isEmpty()) {
      return Optional.of(unchanged(Outcome.NO_SERVICE, 0));
    }
    return Optional.empty();
  }

  /** Who says nothing of epochs is trusted: operators and clients that know nothing of them. */
  private boolean isOld(Optional<GroupEpoch> epoch) {
    return epoch.isPresent() && epoch.get().epoch() < newestEpoch(epoch.get().group());
  }

  /**
   * Whether another replica has the epoch. Where no stream gives epochs, who registers {@code
   * GROUP.Epoch} first has it.
   */
  private static boolean isTaken(AddService command, Optional<ServiceEntry> known) {
    return command.epoch().filter(e -> command.guid().equals(e.group() + EPOCH)).isPresent()
        && known.isPresent()
        && known.get().epoch().equals(command.epoch())
        && !known.get().proxy().equals(command.proxy());
  }

  private Result changed(
      Optional<ServiceEntry> known,
      ServiceEntry entry,
      Optional<GroupEpoch> epoch,
      List<ServiceEvent> events) {
    List<ServiceChange> changes = new ArrayList<>();
    if (known.isEmpty() || !known.get().equals(entry)) {
      changes.add(new ServiceChange.Service(entry.order(), Optional.of(entry)));
    }
    newest(epoch).ifPresent(changes::add);
    return result(changes, events);
  }

  private Optional<ServiceChange> newest(Optional<GroupEpoch> epoch) {
    return epoch.filter(e -> e.epoch() > newestEpoch(e.group())).map(ServiceChange.Newest::of);
  }

  private static Result result(List<ServiceChange> changes, List<ServiceEvent> events) {
    return new Result(new Verdict(Outcome.DONE, 0), changes, events);
  }

  private static Result unchanged(Outcome outcome, long current) {
    return new Result(new Verdict(outcome, current), List.of(), List.of());
  }

  private Result stale(Optional<GroupEpoch> epoch) {
    return unchanged(Outcome.STALE, newestEpoch(epoch.orElseThrow().group()));
  }

  private static ServiceEvent event(ServiceEvent.Kind kind, String guid) {
    return new ServiceEvent(kind, guid);
  }

  @Override
  public ServiceTable with(List<? extends StateChange> changes) {
    ServiceTable table = this;
    for (StateChange change : changes) {
      table = table.with(change);
    }
    return table;
  }

  private ServiceTable with(StateChange change) {
    if (change instanceof ServiceChange.Service row) {
      return withService(row);
    } else if (change instanceof ServiceChange.Comparator row) {
      return new ServiceTable(
          services,
          orders,
          row.proxy().isPresent()
              ? comparators.plus(row.guid(), new Comparator(row.order(), row.proxy().get()))
              : comparators.minus(row.guid()),
          newest,
          position,
          promise);
    } else if (change instanceof ServiceChange.Newest row) {
      return new ServiceTable(
          services,
          orders,
          comparators,
          row.epoch() == 0 ? newest.minus(row.group()) : newest.plus(row.group(), row.epoch()),
          position,
          promise);
    } else if (change instanceof StateChange.SetPosition set) {
      return new ServiceTable(services, orders, comparators, newest, set.position(), promise);
    } else if (change instanceof StateChange.SetPromise set) {
      return new ServiceTable(services, orders, comparators, newest, position, set.generation());
    }
    throw new IllegalArgumentException("unknown change " + change);
  }

  private ServiceTable withService(ServiceChange.Service row) {
    ServiceEntry old = services.get(row.order());
    PMap<String, Long> others = old == null ? orders : orders.minus(old.guid());
    return row.entry().isPresent()
        ? new ServiceTable(
            services.plus(row.order(), row.entry().get()),
            others.plus(row.entry().get().guid(), row.order()),
            comparators,
            newest,
            position,
            promise)
        : new ServiceTable(
            services.minus(row.order()), others, comparators, newest, position, promise);
  }
}
