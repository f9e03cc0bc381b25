package dev.firn.systemtests;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A state replicator as a process, and a Python client that has Slice of its own. */
@FirnOnly
class ReplicatorTest {
  private static final String STREAM = "Failover.V1.StateStream";
  private final Lab lab = new Lab();
  private final int port = Ports.free();
  private final String data = lab.subdirectory("replicator").toString();
  private IceClient client;
  private @Nullable ChildProcess replicator;

  @BeforeEach
  void connect() {
    client = lab.client().with("Streams.ice");
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private void start(String ack) {
    ChildProcess started =
        lab.firn(
            "component",
            "replicator",
            "--Firn.Replicator.Endpoints=tcp -h 127.0.0.1 -p " + port,
            "--Firn.Replicator.Data=" + data,
            "--Firn.Replicator.Register=0",
            "--Replicator.Ack=" + ack);
    replicator = started;
    Await.until(
        "the replicator is ready",
        () -> {
          assertThat(started.isAlive()).as(started.err()).isTrue();
          return started.out().contains("StateReplicator ready");
        });
  }

  private void kill() {
    requireNonNull(replicator, "never started").kill();
  }

  private String endpoint() {
    return ":tcp -h 127.0.0.1 -p " + port;
  }

  private Remote stream(String name) {
    Remote all = client.at("Failover.V1.StateReplicator", "StateReplicator" + endpoint());
    return client.at(STREAM, all.call("stream", name));
  }

  private Remote configuration() {
    return client.at(
        "AsteriskSCF.System.Configuration.V1.ConfigurationService",
        "group.Configuration" + endpoint());
  }

  private static Map<String, Object> item(String key, String payload) {
    return Map.of(
        "$struct",
        "Failover.V1.Item",
        "key",
        key,
        "typeId",
        "text",
        "version",
        1,
        "payload",
        Map.of("$bytes", payload));
  }

  private static Map<String, Object> group(String name, Map<String, Object> settings) {
    return Map.of(
        "$struct", "OwnConfiguration.Group", "name", name, "configurationItems", settings);
  }

  private static Map<String, Object> setting(int serial, String value) {
    return Map.of("$struct", "OwnConfiguration.Setting", "serialNumber", serial, "value", value);
  }

  @Test
  void aClientWithItsOwnSliceReadsAndWrites() {
    start("memory");
    Remote stream = stream("phones");
    assertThat(stream.call("claim", "python", 0).number()).isEqualTo(1);
    List<Object> one = List.of(item("a", "01"), item("b", "02"));
    assertThat(stream.call("publish", 1, 1, one, List.of()).number()).isEqualTo(1);
    assertThat(stream.call("publish", 1, 2, List.of(item("c", "03")), List.of("a")).number())
        .isEqualTo(2);
    // A repeated update is answered as the first time, and changes nothing.
    assertThat(stream.call("publish", 1, 1, one, List.of()).number()).isEqualTo(1);
    assertThat(stream.failure("publish", 1, 4, one, List.of()).type())
        .isEqualTo("Failover.V1.UnknownStream");
    assertThat(stream.call("getAll").toString()).contains("\"b\"", "\"c\"").doesNotContain("\"a\"");
    assertThat(stream.call("get", List.of("c", "nothing")).toString()).contains("03");
    Json info = stream.call("info");
    assertThat(info.get("writer").text()).isEqualTo("python");
    assertThat(info.get("items").number()).isEqualTo(2);

    assertThat(stream.call("claim", "other", 0).number()).isEqualTo(2);
    IceFailure stale = stream.failure("publish", 1, 3, one, List.of());
    assertThat(stale.type()).isEqualTo("Failover.V1.StaleWriter");
    assertThat(stale.field("epoch").number()).isEqualTo(2);
    assertThat(stream.failure("claim", "python", 2).type()).isEqualTo("Failover.V1.StaleWriter");
    String large = "00".repeat((1 << 20) + 1);
    assertThat(stream.failure("publish", 2, 1, List.of(item("large", large)), List.of()).type())
        .isEqualTo("Failover.V1.TooLarge");
  }

  @Test
  void whatWasAcknowledgedSurvivesAKill() {
    start("quorum");
    Remote stream = stream("phones");
    assertThat(stream.call("claim", "python", 0).number()).isEqualTo(1);
    for (int i = 1; i <= 20; i++) {
      stream.call("publish", 1, i, List.of(item("key" + i % 7, "0" + i % 10)), List.of());
    }
    Json before = stream.call("getAll");
    kill();
    start("quorum");
    assertThat(stream.call("getAll")).isEqualTo(before);
    // The writer knows nothing of it and goes on; what it repeats is not done twice.
    assertThat(stream.call("publish", 1, 20, List.of(item("key6", "ff")), List.of()).number())
        .isEqualTo(20);
    assertThat(stream.call("getAll")).isEqualTo(before);
    assertThat(stream.call("publish", 1, 21, List.of(), List.of("key6")).number()).isEqualTo(21);
  }

  @Test
  void whereStateIsForgottenEpochsAreNot() {
    start("memory");
    Remote stream = stream("phones");
    stream.call("claim", "old", 0);
    assertThat(stream.call("claim", "new", 7).number()).isEqualTo(7);
    stream.call("publish", 7, 1, List.of(item("a", "01")), List.of());
    kill();
    start("memory");
    IceFailure old = stream.failure("publish", 1, 1, List.of(item("a", "ee")), List.of());
    assertThat(old.type()).isEqualTo("Failover.V1.StaleWriter");
    assertThat(old.field("epoch").number()).isEqualTo(7);
    // No newer epoch than its own tells the writer that its state has been forgotten.
    IceFailure forgotten = stream.failure("publish", 7, 2, List.of(item("b", "02")), List.of());
    assertThat(forgotten.type()).isEqualTo("Failover.V1.StaleWriter");
    assertThat(forgotten.field("epoch").number()).isEqualTo(7);
    long seq =
        stream
            .call("replace", 7, 2, true, true, List.of(item("a", "01"), item("b", "02")))
            .number();
    assertThat(seq).isGreaterThan(1L << 40);
    assertThat(stream.call("publish", 7, 3, List.of(), List.of("a")).number()).isEqualTo(seq + 1);
  }

  /** All that a writer of old knows: claim and publish. */
  @Test
  void whereStateIsForgottenWhoClaimsAgainGoesOn() {
    start("memory");
    Remote stream = stream("phones");
    assertThat(stream.call("claim", "python", 5).number()).isEqualTo(5);
    assertThat(stream.call("publish", 5, 1, List.of(item("a", "01")), List.of()).number())
        .isEqualTo(1);
    kill();
    start("memory");
    assertThat(stream.failure("publish", 5, 2, List.of(), List.of("a")).type())
        .isEqualTo("Failover.V1.StaleWriter");
    assertThat(stream.call("claim", "python", 0).number()).isEqualTo(6);
    long seq = stream.call("publish", 6, 1, List.of(item("a", "02")), List.of()).number();
    assertThat(seq).isGreaterThan(1);
    assertThat(stream.call("publish", 6, 2, List.of(item("b", "03")), List.of()).number())
        .isEqualTo(seq + 1);
    assertThat(stream.call("getAll").toString()).contains("\"a\"", "\"b\"");
  }

  @Test
  void configurationOfClassesThatTheReplicatorDoesNotKnowSurvivesAKill() {
    start("memory");
    Remote service = configuration();
    service.call(
        "setConfiguration",
        List.of(
            group("one", Map.of("x", setting(5, "five"), "y", setting(1, "uno"))),
            group("two", Map.of("x", setting(2, "zwei")))));
    kill();
    start("memory");
    List<Object> one = List.of(group("one", Map.of()));
    assertThat(service.call("getConfigurationAll", one).toString())
        .contains("five", "uno", "OwnConfiguration")
        .doesNotContain("zwei");
    assertThat(service.call("getConfigurationGroups").toString())
        .contains("one", "two")
        .doesNotContain("five");

    // All of a call or nothing.
    IceFailure conflict =
        service.failure(
            "setConfiguration",
            List.of(
                group("two", Map.of("x", setting(3, "drei"))),
                group("one", Map.of("x", setting(4, "four")))));
    assertThat(conflict.type()).isEqualTo("AsteriskSCF.System.Configuration.V1.SerialConflict");
    assertThat(service.call("getConfigurationAll", List.of(group("two", Map.of()))).toString())
        .contains("zwei");

    service.call("removeConfigurationItems", List.of(group("one", Map.of("x", setting(5, "")))));
    service.call("removeConfigurationGroups", List.of(group("two", Map.of())));
    assertThat(service.call("getConfigurationAll", one).toString())
        .contains("uno")
        .doesNotContain("five");
    assertThat(service.call("getConfigurationGroups").toString()).doesNotContain("two");
  }

  @Test
  void aDirectoryIsNotOptionalAndLevelsAreChecked() {
    ChildProcess none = lab.firn("component", "replicator", "--Firn.Replicator.Register=0");
    assertThat(none.awaitExit(Await.LIMIT)).isEqualTo(1);
    assertThat(none.err()).contains("Firn.Replicator.Data is not set");
    ChildProcess level =
        lab.firn(
            "component", "replicator", "--Firn.Replicator.Data=" + data, "--Replicator.Ack=twice");
    assertThat(level.awaitExit(Await.LIMIT)).isEqualTo(1);
    assertThat(level.err()).contains("Replicator.Ack is memory, quorum or standby, not twice");
  }

  /** Asks one replicator after the other, as a client does, until one serves. */
  private Json patiently(List<Integer> ports, String operation, Object... args) {
    List<Json> answer = new ArrayList<>();
    Await.until(
        operation + " is answered by a replicator",
        () -> {
          for (int each : ports) {
            try {
              Remote stream =
                  client.at(STREAM, "stream/phones:tcp -h 127.0.0.1 -p " + each + " -t 2000");
              answer.add(stream.call(operation, args));
              return true;
            } catch (IceFailure failure) {
              if (failure.type().equals("Failover.V1.StaleWriter")) {
                throw failure;
              }
            }
          }
          return false;
        });
    return answer.get(0);
  }

  @Test
  void ofThreeReplicatorsEachMayBeKilledAndNothingAcknowledgedIsLost() {
    ReplicatorTrio trio = new ReplicatorTrio(lab, List.of("--Firn.Replicator.Register=0"));
    List<Integer> ports = trio.ports();
    long epoch = patiently(ports, "claim", "python", 0).number();
    int number = 0;
    for (int i = 0; i < ReplicatorTrio.COUNT; i++) {
      for (int k = 0; k < 10; k++) {
        number++;
        List<Object> set = List.of(item("key" + number, "01"));
        assertThat(patiently(ports, "publish", epoch, number, set, List.of()).number())
            .isEqualTo(number);
      }
      trio.node(i).kill();
      Json info = patiently(ports, "info");
      assertThat(info.get("epoch").number()).isEqualTo(epoch);
      assertThat(info.get("seq").number()).isEqualTo(number);
      assertThat(info.get("items").number()).isEqualTo(number);
      // A repeat of the last update is known to whoever serves now.
      List<Object> again = List.of(item("key" + number, "02"));
      assertThat(patiently(ports, "publish", epoch, number, again, List.of()).number())
          .isEqualTo(number);
      trio.start(i);
    }
  }
}
