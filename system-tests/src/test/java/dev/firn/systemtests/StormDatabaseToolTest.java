package dev.firn.systemtests;

import static dev.firn.systemtests.Json.proxyOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A service's database is exported by its own tool and imported by that of the other. */
@EachStormPair
class StormDatabaseToolTest {
  private Lab lab;
  private StormPair pair;
  private Path source;
  private Path exported;
  private Json content;

  @Initializer
  void start(Lab lab, StormPair pair) {
    this.lab = lab;
    this.pair = pair;
    Storm storm = Storm.persistent(lab, pair.service(), "Source").start();
    source = storm.first().database();
    IceClient client = lab.client();
    Remote one = storm.topic(client, "one");
    Remote two = storm.topic(client, "a-topic-with-a-much-longer-name");
    storm.topic(client, "");
    one.call(
        "subscribeAndGetPublisher",
        Map.of("reliability", "ordered", "retryCount", "3"),
        proxyOf("z -s -e 1.0 -f facet:tcp -h 127.0.0.1 -p 1"));
    one.call(
        "subscribeAndGetPublisher", Map.of(), proxyOf("category/long-identity -D @ Somewhere"));
    one.call("link", proxyOf(two.proxy(), "IceStorm.Topic"), 42);
    content = storm.content(client, storm.first());
    storm.first().terminate();
    exported = export(pair.service(), source, "first");
  }

  private Path export(Implementation tool, Path database, String name) {
    Path file = lab.subdirectory("exports-" + name).resolve("database.ixp");
    String out =
        lab.succeeding(
            tool.stormDatabase(), "--export", file.toString(), "--dbpath", database.toString());
    assertThat(out).contains("Exporting database from directory " + database + " to file " + file);
    return file;
  }

  private String imported(Implementation tool, Path database) {
    return lab.succeeding(
        tool.stormDatabase(), "--import", exported.toString(), "--dbhome", database.toString());
  }

  /** A file without the version of the tool that wrote it, which follows the type `IceStorm'. */
  private static String bytes(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, 9, 13, (byte) 0);
    return HexFormat.of().formatHex(bytes);
  }

  @Test
  void anExportIsTheSameAfterAnImport() throws IOException {
    assertThat(bytes(export(pair.service(), source, "again"))).isEqualTo(bytes(exported));
    Storm target = Storm.persistent(lab, pair.other(), "Target");
    assertThat(imported(pair.other(), target.first().database()))
        .contains(
            "Importing database to directory "
                + target.first().database()
                + " from file "
                + exported);
    assertThat(bytes(export(pair.other(), target.first().database(), "other")))
        .isEqualTo(bytes(exported));

    target.start();
    IceClient client = lab.client();
    assertThat(target.content(client, target.first())).isEqualTo(content);
    target.first().terminate();
    if (pair.other() == Implementation.FIRN) {
      // The reference forgets the last update's mark with every start.
      assertThat(bytes(export(pair.other(), target.first().database(), "served")))
          .isEqualTo(bytes(exported));
    }
  }

  @Test
  void whatWasImportedCanBeChanged() {
    Storm target = Storm.persistent(lab, pair.other(), "Changed");
    imported(pair.other(), target.first().database());
    target.start();
    IceClient client = lab.client();
    target.topicAt(client, target.first(), "one").call("unsubscribe", proxyOf("z:tcp -p 1"));
    target.topic(client, "new");
    Json changed = target.content(client, target.first());
    assertThat(changed.get("one").get("subscribers").texts()).doesNotContain("z");
    target.first().terminate();
    target.start();
    if (pair.other() == Implementation.FIRN) {
      // The reference imports without its own order of keys and may not find what it removes.
      assertThat(target.content(client, target.first())).isEqualTo(changed);
    }
    target.first().terminate();
  }

  @Test
  void theKeysAreToldOnDemand() {
    Path file = lab.subdirectory("debug").resolve("database.ixp");
    String out =
        lab.succeeding(
            pair.service().stormDatabase(),
            "--debug",
            "--export",
            file.toString(),
            "--dbpath",
            source.toString());
    assertThat(out).contains("KEY = TOPIC(").contains("ID(z)").contains("KEY = _manager");
  }

  @Test
  void mistakesAreTold() throws IOException {
    Path full = lab.subdirectory("full");
    Files.writeString(full.resolve("file"), "");
    Path empty = lab.subdirectory("empty");
    Path nothing = lab.write("nothing", "");
    Path foreign = lab.write("foreign", "\u0007IceGrid\0\0\0\0");
    Map<List<String>, String> mistakes = new LinkedHashMap<>();
    mistakes.put(List.of(), "either --import or --export must be set");
    mistakes.put(
        List.of("--import", "x", "--export", "y"), "either --import or --export must be set");
    mistakes.put(
        List.of("--export", "x"),
        "set the database environment directory with either --dbhome or --dbpath");
    mistakes.put(importing(exported, full.toString()), "output directory is not empty: ");
    mistakes.put(importing(exported, full + "-absent"), "output directory does not exist: ");
    mistakes.put(importing(Path.of("/absent"), empty.toString()), "could not open input file: ");
    mistakes.put(importing(nothing, empty.toString()), "empty input file");
    mistakes.put(importing(foreign, empty.toString()), "incorrect input file type: IceGrid");
    mistakes.put(List.of("--frobnicate"), "invalid option: `--frobnicate'");
    mistakes.put(
        List.of("--export", lab.directory() + "/x", "--dbpath", lab.directory() + "/none"), "");
    mistakes.forEach(
        (arguments, message) -> {
          List<String> command = new ArrayList<>(List.of(pair.other().stormDatabase()));
          command.addAll(arguments);
          ChildProcess tool = lab.process("icestormdb", command);
          assertThat(tool.awaitExit(Await.LIMIT)).as(arguments.toString()).isEqualTo(1);
          assertThat(tool.err()).as(arguments.toString()).contains(message).isNotBlank();
        });
  }

  private static List<String> importing(Path file, String directory) {
    return List.of("--import", file.toString(), "--dbpath", directory);
  }
}
