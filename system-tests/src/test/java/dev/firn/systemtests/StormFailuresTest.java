package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What goes wrong with single replicas of Firn's, with the time-outs that are the default. */
@FirnOnly
@Tag("reference-defect")
class StormFailuresTest {
  private Lab lab;
  private Storm storm;
  private StormGroup group;
  private IceClient client;

  @BeforeEach
  void open() {
    lab = new Lab();
    StormMix three = StormMix.of(Implementation.FIRN, Implementation.FIRN, Implementation.FIRN);
    storm = Storm.replicated(lab, three);
    for (String timeout : List.of("Master", "Election", "Response")) {
      storm.replicas().forEach(replica -> replica.without("Election." + timeout + "Timeout"));
    }
    client = lab.client("Ice.RetryIntervals=-1");
    group = new StormGroup(storm, client);
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private Map<String, Object> subscriber(String name) {
    return Json.proxyOf(name + ":tcp -h 127.0.0.1 -p 1");
  }

  private void create(StormProcess replica, String name) {
    storm.manager(client, replica).call("create", name);
  }

  /** Asks for a topic until it is acknowledged or there already. */
  private void createPatiently(StormProcess replica, String name) {
    IceClient impatient = lab.client("Ice.Default.InvocationTimeout=5000");
    Await.until(
        name + " is created through " + replica,
        Storm.LONG,
        () -> {
          try {
            storm.manager(impatient, replica).call("create", name);
            return true;
          } catch (IceFailure failed) {
            return failed.type().equals("IceStorm.TopicExists");
          }
        });
    impatient.close();
  }

  @Test
  void twoReplicasBlockAtAColdStartUntilTheThirdComes() {
    storm.replicas().get(0).start();
    storm.replicas().get(1).start();
    IceClient patient = lab.client();
    Remote manager = storm.manager(patient, storm.first());
    CompletableFuture<Json> waiting = manager.begin("create", "waited");
    IceClient impatient = lab.client("Ice.Default.InvocationTimeout=3000");
    Remote other = storm.manager(impatient, storm.replicas().get(1));
    assertThat(other.failure("create", "hasty").type()).isEqualTo("Ice.InvocationTimeoutException");
    assertThat(other.failure("retrieveAll").type()).isEqualTo("Ice.InvocationTimeoutException");
    assertThat(waiting.isDone()).isFalse();
    storm.last().start();
    PythonClient.await(waiting);
    group.awaitAll();
    assertThat(storm.awaitSameContent(client).has("waited")).isTrue();
  }

  @Test
  void twoOfThreeStartWhereAMajorityIsEnough() {
    storm.replicas().forEach(replica -> replica.withGlobal("Firn.Storm.ColdStartMajority", "1"));
    storm.replicas().get(0).start();
    storm.replicas().get(1).start();
    createPatiently(storm.first(), "early");
    group.awaitAll();
    storm.last().start();
    group.awaitAll();
    assertThat(storm.awaitSameContent(client).has("early")).isTrue();
  }

  @Test
  void aMajorityGoesOnAndTheHighestReturnsWithoutRefusals() {
    storm.start();
    group.awaitAll();
    StormProcess highest = storm.last();
    highest.kill();
    createPatiently(storm.first(), "after");
    group.awaitAll();
    IceClient busy = lab.client("Ice.Default.InvocationTimeout=20000");
    List<String> created = new ArrayList<>();
    highest.begin();
    Await.until(
        "the highest is back",
        Storm.LONG,
        () -> {
          String name = "during" + created.size();
          storm.manager(busy, storm.first()).call("create", name);
          created.add(name);
          try {
            return group.view(highest).isNormal();
          } catch (IceFailure notYet) {
            return false;
          }
        });
    group.awaitAll();
    Json content = storm.awaitSameContent(client);
    assertThat(created).allMatch(content::has);
    assertThat(content.has("after")).isTrue();
  }

  @Test
  void aStoppedMemberIsLeftOutAndReturns() {
    storm.start();
    group.awaitAll();
    StormProcess stopped = storm.first();
    stopped.process().pause();
    createPatiently(storm.last(), "without");
    createPatiently(storm.replicas().get(1), "without2");
    stopped.process().signal("CONT");
    group.awaitAll();
    createPatiently(stopped, "with");
    assertThat(storm.awaitSameContent(client).fields()).containsKeys("without", "without2", "with");
  }

  @Test
  void aStoppedCoordinatorIsReplacedAndReturns() {
    storm.start();
    StormProcess stopped = group.awaitAll();
    create(stopped, "before");
    // On a busy machine another than the highest may have been first.
    List<StormProcess> others =
        storm.replicas().stream().filter(replica -> replica != stopped).toList();
    stopped.process().pause();
    createPatiently(others.get(0), "meanwhile");
    storm.topicAt(client, others.get(1), "before").call("destroy");
    stopped.process().signal("CONT");
    group.awaitAll();
    createPatiently(stopped, "afterwards");
    assertThat(storm.awaitSameContent(client).fields()).containsOnlyKeys("meanwhile", "afterwards");
  }

  @Test
  void aMemberThatCannotWriteIsLeftOutAndReturnsWhenItCan() {
    Peers.require("prlimit");
    storm.start();
    group.awaitAll();
    for (StormProcess broken : List.of(storm.first(), storm.last())) {
      StormProcess healthy = storm.replicas().get(1);
      String name = "broken" + broken.directory().getFileName();
      create(healthy, name);
      limitFiles(broken, "1");
      for (int i = 0; i < 5; i++) {
        createPatiently(healthy, name + i);
      }
      storm
          .topicAt(client, healthy, name)
          .call("subscribeAndGetPublisher", Map.of(), subscriber("meanwhile"));
      limitFiles(broken, "unlimited");
      group.awaitAll();
      Json content = storm.awaitSameContent(client);
      assertThat(content.fields()).containsKeys(name, name + 0, name + 4);
      assertThat(content.get(name).get("subscribers").texts()).containsExactly("meanwhile");
    }
  }

  /** No file of the process may grow beyond this: its database and its console. */
  private void limitFiles(StormProcess replica, String bytes) {
    lab.succeeding(
        Peers.find("prlimit").orElseThrow().toString(),
        "--pid=" + replica.process().pid(),
        "--fsize=" + bytes + ":unlimited");
  }

  @Test
  void allKilledAndOneStale() {
    storm.start();
    group.awaitAll();
    // The highest has old data when all return together, and must not impose it.
    create(storm.first(), "old");
    storm.last().kill();
    createPatiently(storm.first(), "new");
    storm.topicAt(client, storm.first(), "old").call("destroy");
    storm.replicas().get(0).kill();
    storm.replicas().get(1).kill();
    storm.start();
    group.awaitAll();
    assertThat(storm.awaitSameContent(client).fields()).containsOnlyKeys("new");
  }

  @Test
  void publishersGoOnDuringAnElection() {
    storm.start();
    group.awaitAll();
    EventSubscriber subscriber = lab.client().subscriber("steady");
    Remote topic = storm.topic(client, "steadily");
    topic.call("subscribeAndGetPublisher", Map.of(), subscriber.twoway());
    Remote publisher = storm.publisherAt(client, storm.first(), "steadily");
    // Neither of the others: a majority is lost, and with it only the updates.
    storm.replicas().get(1).kill();
    storm.last().kill();
    Await.until("no group", Storm.LONG, () -> !group.view(storm.first()).isNormal());
    client.publish(publisher, "event", 0, 100);
    subscriber.awaitAll(0, 100);
    storm.replicas().get(1).start();
    group.awaitAll();
    client.publish(publisher, "event", 100, 1);
    subscriber.awaitAll(0, 101);
  }
}
