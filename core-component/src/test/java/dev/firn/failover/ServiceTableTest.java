package dev.firn.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.failover.ServiceCommand.AddComparator;
import dev.firn.failover.ServiceCommand.AddParams;
import dev.firn.failover.ServiceCommand.AddService;
import dev.firn.failover.ServiceCommand.RemoveComparator;
import dev.firn.failover.ServiceCommand.RemoveService;
import dev.firn.failover.ServiceCommand.Suspend;
import dev.firn.failover.ServiceTable.Match;
import dev.firn.failover.ServiceTable.Outcome;
import dev.firn.failover.ServiceTable.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServiceTableTest {
  private static final String BASE = "::Params";
  private static final String MEDIA = "::Media";

  private ServiceTable table = ServiceTable.EMPTY;
  private final List<ServiceChange> stored = new ArrayList<>();
  private final List<ServiceEvent> told = new ArrayList<>();

  @Test
  void anEmptyCategoryServiceOrIdOfTheRequestStandsForAny() {
    add("r1.Counter", "p1", params("Counter", "main", "r1"));

    assertThat(found("Counter", "main", "r1")).containsExactly("p1");
    assertThat(found("", "", "")).containsExactly("p1");
    assertThat(found("Counter", "", "")).containsExactly("p1");
    assertThat(found("Counter", "other", "")).isEmpty();
    assertThat(found("Other", "main", "r1")).isEmpty();
  }

  @Test
  void anEmptyIdOfTheServiceMatchesOnlyRequestsThatLeaveItEmpty() {
    add("g.Counter", "p1", params("Counter", "main", ""));

    assertThat(found("Counter", "main", "")).containsExactly("p1");
    assertThat(found("Counter", "main", "r1")).isEmpty();
  }

  @Test
  void aDerivedServiceAnswersRequestsOfItsBasesButNotTheOtherWayRound() {
    add("base", "p1", params("Media", "", ""));
    add("derived", "p2", new ServiceParams(List.of(MEDIA, BASE), "Media", "", "", Bytes.EMPTY));

    assertThat(found("Media", "", "")).containsExactly("p1", "p2");
    assertThat(
            proxies(
                table.match(new ServiceParams(List.of(MEDIA, BASE), "Media", "", "", Bytes.EMPTY))))
        .containsExactly("p2");
  }

  @Test
  void servicesAreFoundInTheOrderOfTheirFirstRegistration() {
    add("b", "p1", params("X", "", ""));
    add("a", "p2", params("X", "", ""));
    apply(new AddService("b", "p3", Optional.empty()));

    assertThat(found("X", "", "")).containsExactly("p3", "p2");
  }

  @Test
  void aSuspendedServiceIsNotFoundUntilItIsUnsuspendedOrReplaced() {
    add("a", "p1", params("X", "", ""));
    apply(new Suspend("a", true, Optional.empty()));
    assertThat(found("X", "", "")).isEmpty();

    apply(new Suspend("a", false, Optional.empty()));
    assertThat(found("X", "", "")).containsExactly("p1");

    apply(new Suspend("a", true, Optional.empty()));
    apply(new AddService("a", "p2", Optional.empty()));
    assertThat(found("X", "", "")).containsExactly("p2");
  }

  @Test
  void whatAnOlderEpochBringsIsRefusedAndChangesNothing() {
    apply(new AddService("g.C", "new", epoch(2)));
    stored.clear();

    assertThat(apply(new AddService("g.C", "old", epoch(1))))
        .extracting(Result::outcome, Result::current)
        .containsExactly(Outcome.STALE, 2L);
    assertThat(apply(new AddService("r1.D", "old", epoch(1))).outcome()).isEqualTo(Outcome.STALE);
    assertThat(apply(new AddParams("g.C", findable("X", ""), epoch(1))).outcome())
        .isEqualTo(Outcome.STALE);
    assertThat(apply(new Suspend("g.C", true, epoch(1))).outcome()).isEqualTo(Outcome.STALE);
    assertThat(apply(new RemoveService("g.C", epoch(1))).outcome()).isEqualTo(Outcome.STALE);
    assertThat(stored).isEmpty();
    assertThat(table.service("g.C").orElseThrow().proxy()).isEqualTo("new");
  }

  @Test
  void anEpochBelongsToTheReplicaThatClaimedItFirst() {
    assertThat(apply(new AddService("g.Epoch", "r1", epoch(1))).outcome()).isEqualTo(Outcome.DONE);

    assertThat(apply(new AddService("g.Epoch", "r2", epoch(1))))
        .extracting(Result::outcome, Result::current)
        .containsExactly(Outcome.STALE, 1L);
    assertThat(apply(new AddService("g.Epoch", "r1", epoch(1))).outcome()).isEqualTo(Outcome.DONE);
    assertThat(apply(new AddService("g.Epoch", "r2", epoch(2))).outcome()).isEqualTo(Outcome.DONE);
    assertThat(apply(new AddService("g.Epoch", "r1", epoch(1))).outcome()).isEqualTo(Outcome.STALE);
  }

  @Test
  void theFirstWordOfANewEpochHidesAllServicesOfTheOlderOnes() {
    add("r1.C", "p1", epoch(1), params("X", "", ""));
    add("r1.D", "p2", epoch(1), params("X", "", ""));
    add("other", "p3", params("X", "", ""));
    assertThat(found("X", "", "")).containsExactly("p1", "p2", "p3");

    apply(new AddService("r2.C", "p4", epoch(2)));

    assertThat(found("X", "", "")).containsExactly("p3");
  }

  @Test
  void theEpochsOfOtherGroupsDoNotMatter() {
    apply(new AddService("g.C", "p1", epoch(7)));

    assertThat(apply(new AddService("h.C", "p2", Optional.of(new GroupEpoch("h", 1)))).outcome())
        .isEqualTo(Outcome.DONE);
  }

  @Test
  void aForgottenServiceLeavesItsGroupsEpochBehind() {
    apply(new AddService("g.C", "p1", epoch(2)));
    apply(new RemoveService("g.C", epoch(2)));
    table = ServiceTable.of(stored);

    assertThat(apply(new AddService("g.C", "p0", epoch(1))).outcome()).isEqualTo(Outcome.STALE);
    assertThat(table.newestEpoch("g")).isEqualTo(2);
  }

  @Test
  void aServiceIsFoundWithoutComparatorIfOneOfItsParamsNeedsNone() {
    apply(new AddComparator("cmp", "c1"));
    apply(new AddService("a", "p1", Optional.empty()));
    apply(new AddParams("a", findable("X", "cmp"), Optional.empty()));
    assertThat(table.match(params("X", "", "")))
        .containsExactly(new Match("a", "p1", List.of("c1")));

    apply(
        new AddParams(
            "a", new ServiceEntry.Findable(params("X", "any", ""), ""), Optional.empty()));
    assertThat(table.match(params("X", "", ""))).containsExactly(new Match("a", "p1", List.of()));
  }

  @Test
  void aServiceWhoseComparatorIsGoneIsNotFound() {
    assertThat(apply(new RemoveComparator("cmp")).outcome()).isEqualTo(Outcome.NO_COMPARATOR);
    apply(new AddComparator("cmp", "c1"));
    assertThat(apply(new AddComparator("cmp", "c2")).outcome())
        .isEqualTo(Outcome.DUPLICATE_COMPARATOR);
    apply(new AddService("a", "p1", Optional.empty()));
    assertThat(apply(new AddParams("a", findable("X", "none"), Optional.empty())).outcome())
        .isEqualTo(Outcome.NO_COMPARATOR);
    apply(new AddParams("a", findable("X", "cmp"), Optional.empty()));

    apply(new RemoveComparator("cmp"));

    assertThat(table.match(params("X", "", ""))).isEmpty();
  }

  @Test
  void whatIsThereAlreadyIsNotStoredAgain() {
    add("a", "p1", epoch(1), params("X", "", ""));
    stored.clear();

    apply(new AddService("a", "p1", epoch(1)));
    apply(new AddParams("a", findable("X", ""), epoch(1)));
    apply(new Suspend("a", false, epoch(1)));

    assertThat(stored).isEmpty();
  }

  @Test
  void observersAreToldOfWhatChanges() {
    add("a", "p1", params("X", "", ""));
    apply(new AddService("a", "p2", Optional.empty()));
    apply(new Suspend("a", true, Optional.empty()));
    apply(new Suspend("a", true, Optional.empty()));
    apply(new AddService("a", "p2", Optional.empty()));
    apply(new RemoveService("a", Optional.empty()));
    apply(new AddComparator("c", "p"));
    apply(new RemoveComparator("c"));

    assertThat(told.stream().map(event -> event.kind() + " " + event.guid()))
        .containsExactly(
            "SERVICE_REGISTERED a",
            "SERVICE_SUSPENDED a",
            "SERVICE_UNSUSPENDED a",
            "SERVICE_UNREGISTERED a",
            "COMPARISON_REGISTERED c",
            "COMPARISON_UNREGISTERED c");
  }

  @Test
  void aTableIsWhatItsStoredRowsSay() {
    add("a", "p1", epoch(3), params("X", "", ""));
    add("b", "p2", params("X", "", ""));
    apply(new RemoveService("a", Optional.empty()));
    apply(new AddComparator("c", "p"));

    ServiceTable loaded = ServiceTable.of(stored);

    assertThat(loaded.services()).containsExactlyElementsOf(table.services());
    assertThat(loaded.comparator("c")).contains("p");
    assertThat(loaded.newestEpoch("g")).isEqualTo(3);
  }

  private void add(String guid, String proxy, ServiceParams params) {
    add(guid, proxy, Optional.empty(), params);
  }

  private void add(String guid, String proxy, Optional<GroupEpoch> epoch, ServiceParams params) {
    apply(new AddService(guid, proxy, epoch));
    apply(new AddParams(guid, new ServiceEntry.Findable(params, ""), epoch));
  }

  private Result apply(ServiceCommand command) {
    Result result = table.apply(command);
    table = table.with(result.changes());
    stored.addAll(result.changes());
    told.addAll(result.events());
    return result;
  }

  private List<String> found(String category, String service, String id) {
    return proxies(table.match(params(category, service, id)));
  }

  private static List<String> proxies(List<Match> matches) {
    return matches.stream().map(Match::proxy).toList();
  }

  private static ServiceEntry.Findable findable(String category, String compareGuid) {
    return new ServiceEntry.Findable(params(category, "", ""), compareGuid);
  }

  private static ServiceParams params(String category, String service, String id) {
    return new ServiceParams(List.of(BASE), category, service, id, Bytes.EMPTY);
  }

  private static Optional<GroupEpoch> epoch(long epoch) {
    return Optional.of(new GroupEpoch("g", epoch));
  }
}
