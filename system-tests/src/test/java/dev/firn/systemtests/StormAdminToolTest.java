package dev.firn.systemtests;

import static dev.firn.systemtests.Json.proxyOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Both icestormadmins at both services. */
@EachStormPair
class StormAdminToolTest {
  private Storm storm;
  private StormAdminTool tool;
  private IceClient client;

  @Initializer
  void start(Lab lab, StormPair pair) {
    storm = Storm.persistent(lab, pair.service(), "IceStorm").start();
    tool = new StormAdminTool(pair.other(), lab);
    client = lab.client();
  }

  @AfterEach
  void noTopics() {
    client.ask("destroy_all", Map.of("target", storm.manager(client).target()));
  }

  private AdminTool.Result execute(String... commands) {
    return tool.execute(storm.manager(), commands);
  }

  private String succeeding(String... commands) {
    AdminTool.Result result = execute(commands);
    assertThat(result.exit()).as(result.all()).isZero();
    assertThat(result.err()).isEmpty();
    return result.out();
  }

  private void expectError(String command, String error) {
    AdminTool.Result result = execute(command);
    assertThat(result.exit()).as(command).isEqualTo(1);
    assertThat(result.err()).as(command).contains(error);
  }

  @Test
  void topicsAreCreatedListedLinkedAndDestroyed() {
    assertThat(succeeding("create b a c; topics")).isEqualTo("a\nb\nc\n");
    assertThat(succeeding("links")).isEmpty();
    assertThat(succeeding("link a b 10", "link a c", "links"))
        .isEqualTo("a to b with cost 10\na to c with cost 0\n");
    assertThat(succeeding("links IceStorm")).contains("a to b with cost 10");
    assertThat(succeeding("unlink a b; links")).isEqualTo("a to c with cost 0\n");
    assertThat(succeeding("current")).isEqualTo("IceStorm/TopicManager\n");
    assertThat(succeeding("destroy a b", "topics IceStorm")).isEqualTo("c\n");
  }

  @Test
  void subscribersAreListed() {
    Remote topic = storm.topic(client, "heard");
    topic.call("subscribeAndGetPublisher", Map.of(), proxyOf("s1:tcp -h 127.0.0.1 -p 1"));
    topic.call("subscribeAndGetPublisher", Map.of(), proxyOf("cat/s2:tcp -h 127.0.0.1 -p 1"));
    storm.topic(client, "unheard");
    assertThat(succeeding("subscribers heard unheard"))
        .isEqualTo("heard: subscribers:\n\ts1\n\tcat/s2\nunheard: subscribers:\n");
  }

  @Test
  void topicsMayBeNamedWithTheirInstanceAndInQuotes() {
    assertThat(succeeding("create IceStorm/one 'two words'", "topics"))
        .isEqualTo("one\ntwo words\n");
    succeeding("link IceStorm/one \"two words\" 3", "destroy IceStorm/one");
    assertThat(succeeding("topics")).isEqualTo("two words\n");
  }

  @Test
  void mistakesAreTold() {
    succeeding("create single other", "link single other");
    expectError("create single", "error: topic `single' exists");
    expectError("destroy nobody", "error: couldn't find topic `nobody'");
    expectError("link single nobody", "error: couldn't find topic `nobody'");
    expectError("link single other", "error: link `other' already exists");
    expectError("unlink other single", "error: couldn't find link `single'");
    expectError("subscribers nobody", "error: couldn't find topic `nobody'");
    expectError("topics Elsewhere", "error: couldn't find IceStorm service `Elsewhere'");
    expectError("create Elsewhere/x", "error: couldn't find IceStorm service `Elsewhere'");
    expectError("create", "`create' requires at least one argument");
    expectError("link single", "`link' requires two or three arguments");
    expectError("unlink single", "`unlink' requires exactly two arguments");
    expectError("topics a b", "`topics' requires at most one argument");
    expectError("frobnicate", "unknown command `frobnicate'");
    expectError("replica", "error: This topic is not replicated");
  }

  @Test
  void aWarningDoesNotStopTheRest() {
    AdminTool.Result created = execute("create one; create one two three", "topics");
    assertThat(created.exit()).isZero();
    assertThat(created.err()).contains("warning: topic `one' exists");
    assertThat(created.out()).isEqualTo("one\nthree\ntwo\n");
    AdminTool.Result destroyed = execute("destroy nobody two", "topics");
    assertThat(destroyed.exit()).isZero();
    assertThat(destroyed.err()).contains("warning: couldn't find topic `nobody'");
    assertThat(destroyed.out()).isEqualTo("one\nthree\n");
  }

  @Test
  void aSessionThroughAPipe() {
    AdminTool.Result result =
        tool.interactive(storm.manager(), "create piped", "topics", "create piped", "help", "exit");
    assertThat(result.out()).contains(">>> piped\n").contains("subscribers");
    assertThat(result.err()).contains("error: topic `piped' exists");
    assertThat(result.exit()).isEqualTo(1);
  }

  @Test
  void theManagerIsFoundByHostAndPort() {
    AdminTool.Result result =
        tool.bare(
            "--IceStormAdmin.Host=127.0.0.1",
            "--IceStormAdmin.Port=" + storm.first().managerPort(),
            "-e",
            "create found; topics");
    assertThat(result.exit()).as(result.all()).isZero();
    assertThat(result.out()).isEqualTo("found\n");
  }

  @Test
  void anAbsentServiceIsTold() {
    AdminTool.Result absent =
        tool.execute("IceStorm/TopicManager:tcp -h 127.0.0.1 -p " + Ports.free(), "topics");
    assertThat(absent.exit()).isEqualTo(1);
    assertThat(absent.err())
        .contains("error: couldn't reach IceStorm service:")
        .contains("ConnectionRefused");
    AdminTool.Result none = tool.bare("-e", "topics");
    assertThat(none.exit()).isEqualTo(1);
    assertThat(none.err()).isNotEmpty();
    AdminTool.Result malformed =
        tool.bare("--IceStormAdmin.TopicManager.Default=::", "-e", "topics");
    assertThat(malformed.exit()).isEqualTo(1);
    assertThat(malformed.err()).contains("malformed proxy: ::");
  }

  @Test
  void optionsAreChecked() {
    for (String option : List.of("-h", "--help")) {
      AdminTool.Result help = tool.bare(option);
      assertThat(help.exit()).isZero();
      assertThat(help.all()).contains("Usage:").contains("-e");
    }
    assertThat(tool.bare("--version").exit()).isZero();
    AdminTool.Result unknown = tool.bare("--frobnicate");
    assertThat(unknown.exit()).isEqualTo(1);
    assertThat(unknown.err()).contains("invalid option: `--frobnicate'");
  }
}
