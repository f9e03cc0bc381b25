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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Export and import of databases, with the tools of both implementations and across them. */
@EachImplementation
class DatabaseToolTest {
  private Lab lab;
  private Implementation implementation;
  private Path exported;

  @Initializer
  void start(Lab lab, Implementation implementation) {
    this.lab = lab;
    this.implementation = implementation;
    RegistryProcess source = lab.registry(implementation, "Source").named("Master").start();
    IceClient client = lab.client();
    AdminSession session = client.adminSession(source);
    session.addObject("db/one -f facet -o -e 1.0:tcp -h 127.0.0.1 -p 1", "::Db");
    session.addObject("db/a-longer-name @ Somewhere", "::Db");
    session.addObject("zz", "::Other");
    Remote adapters = client.locatorRegistry(source);
    adapters.call("setReplicatedAdapterDirectProxy", "A2", "G", proxyOf("d:tcp -h 127.0.0.1 -p 2"));
    adapters.call("setReplicatedAdapterDirectProxy", "A1", "G", proxyOf("d:tcp -h 127.0.0.1 -p 1"));
    source.terminate();
    exported = export(implementation, source.database());
  }

  private Path export(Implementation tool, Path database) {
    Path file = lab.subdirectory("export").resolve("database.ixp");
    String out =
        lab.succeeding(
            tool.database(), "--export", file.toString(), "--dbpath", database.toString());
    assertThat(out)
        .contains("Exporting database from directory `" + database + "' to file `" + file + "'");
    return file;
  }

  /** A file without the version of the tool that wrote it, which follows the type `IceGrid'. */
  private static String content(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, 8, 12, (byte) 0);
    return HexFormat.of().formatHex(bytes);
  }

  @Test
  void anExportIsImportedByEveryImplementation() throws IOException {
    for (Implementation target : Implementation.tested().toList()) {
      RegistryProcess registry = lab.registry(target, "Target").named("Master");
      String out =
          lab.succeeding(
              target.database(),
              "--import",
              exported.toString(),
              "--dbpath",
              registry.database().toString());
      assertThat(out)
          .contains(
              "Importing database to directory `"
                  + registry.database()
                  + "' from file `"
                  + exported
                  + "'");
      Path again = export(target, registry.database());
      assertThat(content(again)).as("exported again by " + target).isEqualTo(content(exported));

      registry.start();
      IceClient client = lab.client();
      Cluster.Content content = Cluster.content(client, registry);
      assertThat(content.objects()).containsOnlyKeys("db/one", "db/a-longer-name", "zz");
      assertThat(content.objects().get("db/one"))
          .startsWith("db/one -f facet -o -e 1.0:tcp -h 127.0.0.1 -p 1");
      assertThat(content.adapters()).containsOnlyKeys("A1", "A2");
      assertThat(content.objectSerial()).isEqualTo(4);
      assertThat(content.adapterSerial()).isEqualTo(3);
      registry.terminate();
    }
  }

  @Test
  @Tag("reference-defect")
  void importedObjectsAreFoundByTypeToo() {
    RegistryProcess registry = lab.registry(implementation, "Indexed").named("Master");
    lab.succeeding(
        implementation.database(),
        "--import",
        exported.toString(),
        "--dbpath",
        registry.database().toString());
    registry.start();
    IceClient client = lab.client();
    Json found = client.query(registry).call("findAllObjectsByType", "::Db");
    // The reference's import does not fill its index tables.
    assertThat(found.items()).hasSize(registry.isFirn() ? 2 : 0);
    if (registry.isFirn()) {
      assertThat(client.locator(registry).call("findAdapterById", "G").isNull()).isFalse();
    }
    registry.terminate();
  }

  @Test
  void mistakesAreTold() throws IOException {
    Path full = lab.subdirectory("full");
    Files.writeString(full.resolve("file"), "");
    Path empty = lab.subdirectory("empty");
    Path nonsense = lab.write("nonsense", "nonsense");
    Path nothing = lab.write("nothing", "");
    Map<List<String>, String> mistakes = new LinkedHashMap<>();
    mistakes.put(List.of(), "either --import or --export must be set");
    mistakes.put(
        List.of("--import", "x", "--export", "y"), "either --import or --export must be set");
    mistakes.put(
        List.of("--export", "x"),
        "set the database environment directory with either --dbhome or --dbpath");
    mistakes.put(
        List.of("--import", exported.toString(), "--dbpath", full.toString()),
        "output directory is not empty: ");
    mistakes.put(
        List.of("--import", exported.toString(), "--dbpath", full + "-absent"),
        "output directory does not exist: ");
    mistakes.put(
        List.of("--import", "/absent", "--dbpath", empty.toString()),
        "could not open input file: ");
    mistakes.put(
        List.of("--import", nothing.toString(), "--dbpath", empty.toString()), "empty input file");
    mistakes.put(List.of("--import", nonsense.toString(), "--dbpath", empty.toString()), "");
    mistakes.put(List.of("--frobnicate"), "invalid option: `--frobnicate'");
    mistakes.put(List.of("--export", "x", "--dbpath", "y", "z"), "too many arguments");
    mistakes.forEach(
        (arguments, message) -> {
          List<String> command = new ArrayList<>(List.of(implementation.database()));
          command.addAll(arguments);
          ChildProcess tool = lab.process("icegriddb", command);
          assertThat(tool.awaitExit(Await.LIMIT)).as(arguments.toString()).isEqualTo(1);
          assertThat(tool.err()).contains(message).isNotBlank();
        });
  }
}
