package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.EncodingVersion;
import com.zeroc.Ice.Util;
import dev.firn.model.EncodedProxy;
import dev.firn.model.RegistryTables;
import dev.firn.wire.Mapping;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeployedLocatorTest {
  private final TestNodeViews nodes = new TestNodeViews();
  private final LocateFilters filters = new LocateFilters();
  private RegistryTables tables = TestTables.of(TestTables.group("", "a"));
  private final DeployedLocator locator =
      new DeployedLocator(
          nodes.communicator,
          () -> tables,
          nodes,
          new AdapterCalls(nodes.communicator, nodes, 10_000, 100),
          filters,
          nodes.traces());

  @AfterEach
  void close() {
    nodes.close();
  }

  @Test
  void activeAdapterIsAnsweredWithoutAskingItsNode() {
    nodes.add("a").active();
    assertThat(text(locator.active("a", Util.Encoding_1_1)))
        .isEqualTo("dummy -t -e 1.1:" + TestNodeViews.endpoint("a"));
    assertThat(nodes.calls).isEmpty();
  }

  @Test
  void unknownIdIsNoneOfTheDeployed() {
    assertThat(locator.active("other", Util.Encoding_1_1)).isNull();
    assertThat(locator.locate("other", current())).isNull();
  }

  @Test
  void runningAdapterOfWhichNothingIsKnownIsAskedOnce() {
    nodes.add("a").running();
    assertThat(located("a")).isEqualTo("dummy -t -e 1.1:" + TestNodeViews.endpoint("a"));
    assertThat(nodes.calls).containsExactly("ask a");
    assertThat(locator.active("a", Util.Encoding_1_1)).as("learned").isNotNull();
  }

  @Test
  void inactiveAdapterIsStartedOnceForAllThatWant() {
    TestNodeViews.TestAdapter adapter = nodes.add("a");
    CompletableFuture<EncodedProxy> first = locate("a");
    awaitCall("start a");
    CompletableFuture<EncodedProxy> second = locate("a");
    assertThat(first).isNotDone();
    assertThat(second).isNotDone();
    adapter.starts();
    assertThat(text(get(first))).contains(TestNodeViews.endpoint("a"));
    assertThat(text(get(second))).contains(TestNodeViews.endpoint("a"));
    assertThat(nodes.calls).containsExactly("ask a", "start a");
  }

  @Test
  void adapterThatCannotBeStartedIsTheNullProxyAndATraceSaysWhy() {
    nodes.add("a").refusing();
    assertThat(get(locate("a"))).isEqualTo(EncodedProxy.NULL);
    assertThat(nodes.logger.lines())
        .containsExactly(
            "Locator: couldn't resolve adapter `a' endpoints:\n"
                + "::IceGrid::AdapterNotActiveException");
  }

  @Test
  void serverThatFailsToStartIsTheNullProxy() {
    nodes.add("a").doesNotStart();
    assertThat(get(locate("a"))).isEqualTo(EncodedProxy.NULL);
  }

  @Test
  void adapterOfAnUnreachableNodeIsTheNullProxy() {
    assertThat(get(locate("a"))).isEqualTo(EncodedProxy.NULL);
    assertThat(nodes.logger.lines().toString())
        .contains("couldn't resolve adapter `a' endpoints:\n::IceGrid::NodeUnreachableException");
  }

  @Test
  void adapterThatDoesNotUnderstandTheEncodingIsTheNullProxy() {
    nodes.add("a").encoding("1.0").active();
    assertThat(locator.active("a", Util.Encoding_1_1)).isNull();
    assertThat(get(locate("a"))).isEqualTo(EncodedProxy.NULL);
    assertThat(locator.active("a", Util.Encoding_1_0)).isNotNull();
  }

  @Test
  void answersHaveTheIdentityDummy() {
    nodes.learned(
        "a",
        0,
        Mapping.encode(
            nodes.communicator,
            nodes.communicator.stringToProxy("cat/own -f facet -o:tcp -h 127.0.0.1 -p 1")));
    assertThat(text(locator.active("a", Util.Encoding_1_1)))
        .isEqualTo("dummy -o -e 1.1:tcp -h 127.0.0.1 -p 1");
  }

  @Test
  void groupWithoutNumberAnswersWithAllMembers() {
    deploy("", "a", "b", "c");
    Stream.of("a", "b", "c").forEach(id -> nodes.add(id).active());
    assertThat(endpoints("g")).containsExactlyInAnyOrder(endpointsOf("a", "b", "c"));
    assertThat(located("g")).startsWith("dummy -t -e 1.1:");
    assertThat(nodes.calls).isEmpty();
  }

  @Test
  void orderedGroupAnswersInTheOrderOfPrioritiesWhateverAnswersFirst() {
    tables =
        TestTables.of(
            TestTables.group("type='ordered' n-replicas='2'")
                + TestTables.member("a", "priority='3'")
                + TestTables.member("b", "priority='2'")
                + TestTables.member("c", "priority='1'"));
    Stream.of("a", "b", "c").forEach(id -> nodes.add(id).running());
    assertThat(endpoints("g")).containsExactly(endpointsOf("c", "b"));
    assertThat(nodes.calls).containsExactlyInAnyOrder("ask c", "ask b");
  }

  @Test
  void roundRobinGroupTakesTurns() {
    deploy("type='round-robin' n-replicas='1'", "a", "b", "c");
    Stream.of("a", "b", "c").forEach(id -> nodes.add(id).active());
    assertThat(located(7, "g")).containsExactly(endpointsOf("a", "b", "c", "a", "b", "c", "a"));
  }

  @Test
  void roundRobinGroupStaysEvenAroundADisabledServerAndAnUnreachableNode() {
    deploy("type='round-robin' n-replicas='1'", "a", "b", "c", "d");
    nodes.add("a").active();
    nodes.add("b").refusing();
    nodes.add("d").active();
    assertThat(located(6, "g")).containsExactly(endpointsOf("a", "d", "a", "d", "a", "d"));
  }

  @Test
  void adaptiveGroupAnswersWithTheLeastLoaded() {
    deploy("type='adaptive' n-replicas='1'", "a", "b", "c");
    Stream.of("a", "b", "c").forEach(id -> nodes.add(id).active());
    nodes.load("node-a", 0.9, 1);
    nodes.load("node-b", 1.2, 4);
    nodes.load("node-c", 0.5, 1);
    assertThat(located(3, "g")).containsOnly(endpointsOf("b"));
  }

  @Test
  void idleGroupStartsOneServer() {
    deploy("type='ordered' n-replicas='1'", "a", "b", "c");
    Stream.of("a", "b", "c").forEach(nodes::add);
    CompletableFuture<EncodedProxy> located = locate("g");
    awaitCall("ask c");
    awaitCall("start a");
    nodes.adapter("a").starts();
    assertThat(text(get(located))).contains(TestNodeViews.endpoint("a"));
    assertThat(nodes.calls).doesNotContain("start b", "start c");
  }

  @Test
  void activeMemberAnswersWhileTheChosenOneStarts() {
    deploy("type='ordered' n-replicas='1'", "a", "b");
    nodes.add("a");
    nodes.add("b").active();
    assertThat(endpoints("g")).containsExactly(endpointsOf("b"));
    awaitCall("start a");
  }

  @Test
  void serverThatDoesNotStartIsReplacedByTheNext() {
    deploy("type='ordered' n-replicas='1'", "a", "b");
    nodes.add("a").doesNotStart();
    nodes.add("b").starts();
    assertThat(endpoints("g")).containsExactly(endpointsOf("b"));
  }

  @Test
  void silentNodeHoldsUpNobodyWhoHasAnother() {
    deploy("type='ordered' n-replicas='1'", "a", "b");
    nodes.add("a").silent();
    nodes.add("b").active();
    assertThat(endpoints("g")).containsExactly(endpointsOf("b"));
    CompletableFuture<EncodedProxy> next = locate("g");
    assertThat(next).as("now the node is known to be slow").isDone();
  }

  @Test
  void groupOfAllUnreachableIsTheNullProxyAndATraceSaysWhy() {
    deploy("type='ordered' n-replicas='1'", "a", "b");
    assertThat(get(locate("g"))).isEqualTo(EncodedProxy.NULL);
    assertThat(nodes.logger.lines().toString())
        .contains(
            "couldn't resolve replica group `g' endpoints:\n::IceGrid::NodeUnreachableException");
  }

  @Test
  void emptyGroupIsTheNullProxy() {
    deploy("");
    assertThat(get(locate("g"))).isEqualTo(EncodedProxy.NULL);
    assertThat(nodes.logger.lines())
        .containsExactly(
            "Locator: couldn't resolve replica group `g' endpoints:\nreplica group is empty");
  }

  @Test
  void synchronisingMemberIsSkippedIfThereIsAnother() {
    deploy("type='ordered' n-replicas='1'", "a", "b");
    nodes.add("a").running().synchronising();
    nodes.add("b").running();
    assertThat(endpoints("g")).containsExactly(endpointsOf("b"));
  }

  @Test
  void synchronisingMemberIsWaitedForIfTheOthersDoNotStart() {
    deploy("type='ordered' n-replicas='1'", "a", "b", "c");
    nodes.add("a").doesNotStart();
    nodes.add("b").refusing();
    nodes.add("c").synchronising().starts();
    CompletableFuture<EncodedProxy> located = locate("g");
    awaitCall("start a");
    assertThat(located).isNotDone();
    nodes.adapter("c").synchronised();
    assertThat(text(get(located))).contains(TestNodeViews.endpoint("c"));
    assertThat(nodes.calls).as("nobody is tried twice").containsOnlyOnce("start a");
  }

  @Test
  void groupWhoseMembersDoNotStartOrAreRefusedIsTheNullProxy() {
    deploy("type='ordered' n-replicas='1'", "a", "b");
    nodes.add("a").doesNotStart();
    nodes.add("b").synchronising();
    CompletableFuture<EncodedProxy> located = locate("g");
    awaitCall("start a");
    nodes.adapter("b").refused();
    assertThat(get(located)).isEqualTo(EncodedProxy.NULL);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void membersThatAllSynchroniseAreWaitedFor(boolean firstIsRefused) {
    deploy("type='ordered' n-replicas='0'", "a", "b");
    nodes.add("a").running().synchronising();
    nodes.add("b").running().synchronising();
    CompletableFuture<EncodedProxy> located = locate("g");
    assertThat(located).isNotDone();
    if (firstIsRefused) {
      nodes.adapter("a").refused();
    } else {
      nodes.adapter("a").synchronised();
    }
    nodes.adapter("b").synchronised();
    assertThat(text(get(located)).split(":tcp")).hasSize(firstIsRefused ? 2 : 3);
  }

  @Test
  void memberThatIsThereIsEnoughIfTheOthersSynchroniseForLong() {
    deploy("type='ordered' n-replicas='0'", "a", "b");
    nodes.add("a").running().synchronising();
    nodes.add("b").running().synchronising();
    CompletableFuture<EncodedProxy> located = locate("g");
    nodes.adapter("b").synchronised();
    assertThat(text(get(located))).contains(TestNodeViews.endpoint("b"));
  }

  @Test
  void groupThatVanishesWhileItsMembersSynchroniseIsNotFound() {
    deploy("type='ordered' n-replicas='1'", "a");
    nodes.add("a").synchronising();
    CompletableFuture<EncodedProxy> located = locate("g");
    tables = RegistryTables.EMPTY;
    nodes.adapter("a").synchronised();
    assertThat(located)
        .failsWithin(20, TimeUnit.SECONDS)
        .withThrowableThat()
        .withRootCauseInstanceOf(com.zeroc.Ice.AdapterNotFoundException.class);
  }

  @Test
  void filterHasTheLastWordOnMembersAndTheirOrder() {
    tables =
        TestTables.of(
            "<replica-group id='g' filter='mine'><load-balancing type='ordered'"
                + " n-replicas='0'/></replica-group>"
                + TestTables.member("a", "")
                + TestTables.member("b", "")
                + TestTables.member("c", ""));
    Stream.of("a", "b", "c").forEach(id -> nodes.add(id).active());
    assertThat(endpoints("g")).as("no such filter").containsExactly(endpointsOf("a", "b", "c"));
    filters.add(
        "mine",
        (group, members, connection, context) ->
            new String[] {"unknown", "c", context.getOrDefault("also", "c")});
    assertThat(endpoints("g")).containsExactly(endpointsOf("c"));
    Current current = current();
    current.ctx.put("also", "a");
    assertThat(text(get(Objects.requireNonNull(locator.locate("g", current)))).split(":tcp"))
        .hasSize(3);
  }

  @Test
  void turnsGoOnAfterAnUpdateOfTheGroup() {
    deploy("type='round-robin' n-replicas='1'", "a", "b", "c");
    Stream.of("a", "b", "c").forEach(id -> nodes.add(id).active());
    assertThat(located(2, "g")).containsExactly(endpointsOf("a", "b"));
    deploy("type='round-robin' n-replicas='1'", "a", "b", "c");
    assertThat(located(2, "g")).containsExactly(endpointsOf("c", "a"));
  }

  @Test
  void randomGroupChoosesAllMembersInTime() {
    deploy("type='random' n-replicas='1'", "a", "b", "c");
    Stream.of("a", "b", "c").forEach(id -> nodes.add(id).active());
    assertThat(new TreeSet<>(located(100, "g")))
        .containsExactlyInAnyOrder(endpointsOf("a", "b", "c"));
  }

  private void deploy(String policy, String... members) {
    tables = TestTables.of(TestTables.group(policy, members));
  }

  private static String[] endpointsOf(String... ids) {
    return Arrays.stream(ids).map(TestNodeViews::endpoint).toArray(String[]::new);
  }

  private List<String> located(int times, String id) {
    List<String> located = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      located.addAll(endpoints(id));
    }
    return located;
  }

  /** The endpoints without their options. */
  private List<String> endpoints(String id) {
    String text = located(id);
    return Arrays.stream(text.split(":"))
        .skip(1)
        .map(endpoint -> endpoint.replaceAll(" -t.*", ""))
        .toList();
  }

  private String located(String id) {
    return text(get(locate(id)));
  }

  private CompletableFuture<EncodedProxy> locate(String id) {
    CompletionStage<EncodedProxy> located = locator.locate(id, current());
    return Objects.requireNonNull(located).toCompletableFuture();
  }

  private static EncodedProxy get(CompletionStage<EncodedProxy> located) {
    try {
      return located.toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private void awaitCall(String call) {
    Eventually.await(call, () -> nodes.calls.contains(call));
  }

  private static Current current() {
    Current current = new Current();
    current.encoding = new EncodingVersion((byte) 1, (byte) 1);
    current.ctx = new java.util.HashMap<>();
    return current;
  }

  private String text(@Nullable EncodedProxy found) {
    EncodedProxy proxy = Objects.requireNonNull(found);
    return String.valueOf(Mapping.decode(nodes.communicator, proxy)).replace(" -t 60000", "");
  }
}
