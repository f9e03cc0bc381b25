package dev.firn.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.IceGrid.DeploymentException;
import dev.firn.model.InternalServerDescriptor;
import dev.firn.model.PropertyDescriptor;
import dev.firn.server.ServerRevision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDirectoriesTest {
  @TempDir Path data;

  private final List<String> warnings = new ArrayList<>();
  private FileDirectories directories;

  FileDirectoriesTest() {
    directories = directories("", List.of());
  }

  @BeforeEach
  void create() throws IOException {
    directories = directories("", List.of());
    directories.create();
  }

  private FileDirectories directories(String output, List<PropertyDescriptor> overrides) {
    Path root = data == null ? Path.of("/none") : data;
    return new FileDirectories(Nodes.settings(root, output, overrides), warnings::add);
  }

  @Test
  void writesTheFilesOfAServer() throws Exception {
    directories = directories("/out", List.of(new PropertyDescriptor("Ice.Trace.Network", " #1")));
    directories.write(
        Nodes.server("s", 3, List.of("svc"), List.of("env"), "Ice.ProgramName=s"),
        Optional.empty());
    assertThat(lines("s/config/config"))
        .first()
        .asString()
        .matches("# Configuration file \\(\\d\\d/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3}\\)");
    assertThat(lines("s/config/config").subList(1, 10))
        .containsExactly(
            "",
            "# Server configuration",
            "Ice.ProgramName=s",
            "Ice.StdErr=/out/s.err",
            "Ice.StdOut=/out/s.out",
            "Ice.Default.Locator=Grid/Locator:tcp -p 1",
            "# Node properties override",
            "Ice.Trace.Network=\\ \\#1",
            "");
    assertThat(lines("s/config/config_svc"))
        .endsWith(
            "p=v",
            "Ice.Default.Locator=Grid/Locator:tcp -p 1",
            "# Node properties override",
            "Ice.Trace.Network=\\ \\#1",
            "");
    assertThat(lines("s/dbs/env/DB_CONFIG")).containsExactly("set 1 2", "");
    assertThat(lines("s/revision"))
        .containsExactly(
            "#",
            "# This server belongs to the application `App'",
            "#",
            "uuid: uuid-1",
            "revision: 3",
            "");
    assertThat(directories.revision("s")).contains(new ServerRevision("uuid-1", 3));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(at("s/config/config"))))
        .isEqualTo("rw-------");
    assertThat(at("s/data")).isEmptyDirectory();
    assertThat(at("s/data_svc")).isEmptyDirectory();
    assertThat(at("s/distrib")).isEmptyDirectory();
    assertThat(
            directories.property(
                Nodes.server("s", 3, List.of(), List.of(), "a=\\ b"), "config", "a"))
        .isEqualTo(" b");
  }

  private List<String> lines(String file) throws IOException {
    return List.of(Files.readString(at(file), UTF_8).split("\n", -1));
  }

  private Path at(String path) {
    return data.resolve("servers").resolve(path);
  }

  @Test
  void whatIsNoLongerDeployedGoesUnlessItHoldsData() throws Exception {
    directories.write(Nodes.server("s", 1, List.of("a", "b"), List.of("e", "f")), Optional.empty());
    Files.createFile(at("s/data_b/precious"));
    Files.createFile(at("s/dbs/f/precious"));
    directories.write(Nodes.server("s", 2, List.of(), List.of()), Optional.empty());
    assertThat(at("s/config/config_a")).doesNotExist();
    assertThat(at("s/data_a")).doesNotExist();
    assertThat(at("s/dbs/e")).doesNotExist();
    assertThat(at("s/data_b/precious")).exists();
    assertThat(at("s/dbs/f/precious")).exists();
    assertThat(warnings).hasSize(2);
  }

  @Test
  void aFailureLeavesTheFilesOfBefore() throws Exception {
    directories.write(Nodes.server("s", 1, List.of(), List.of(), "a=1"), Optional.empty());
    Files.createFile(at("s/data_x")); // a file where a directory has to be
    assertThatThrownBy(
            () ->
                directories.write(
                    Nodes.server("s", 2, List.of("x"), List.of(), "a=2"), Optional.empty()))
        .isInstanceOf(DeploymentException.class);
    assertThat(lines("s/config/config")).contains("a=1");
    assertThat(directories.revision("s")).contains(new ServerRevision("uuid-1", 1));
    assertThat(FileTree.names(at("s/config"))).containsExactly("config");
  }

  @Test
  void aLinkInPlaceOfADirectoryIsNotFollowed(@TempDir Path elsewhere) throws Exception {
    directories.write(Nodes.server("s", 1, List.of(), List.of()), Optional.empty());
    FileTree.remove(at("s/config"));
    Files.createSymbolicLink(at("s/config"), elsewhere);
    assertThatThrownBy(
            () -> directories.write(Nodes.server("s", 2, List.of(), List.of()), Optional.empty()))
        .isInstanceOf(DeploymentException.class);
    assertThat(elsewhere).isEmptyDirectory();
    Path precious = Files.createFile(elsewhere.resolve("precious"));
    assertThat(directories.remove("s", true)).isTrue();
    assertThat(precious).exists();
  }

  @Test
  void namesThatLeadElsewhereAreRefused() {
    for (String id : new String[] {"../x", "a/b", "..", ""}) {
      refused(Nodes.server(id, 1, List.of(), List.of()));
    }
    refused(Nodes.server("s", 1, List.of("a/../../b"), List.of()));
    refused(Nodes.server("s", 1, List.of(), List.of("..")));
    refused(Nodes.server("s", 1, List.of(), List.of(), "a=1\nIce.Evil=1"));
    refused(Nodes.in("a\0b"));
    refused(Nodes.server("\ud800", 1, List.of(), List.of())); // in no locale
    assertThat(data.resolve("x")).doesNotExist();
  }

  /** As names look that were written in another locale. */
  @Test
  void whatCannotBeNamedIsNotThere() throws Exception {
    assertThat(directories.revision("\ud800")).isEmpty();
    assertThat(directories.exists("\ud800")).isFalse();
    assertThat(directories.remove("\ud800", false)).isTrue();
  }

  private void refused(InternalServerDescriptor server) {
    assertThatThrownBy(() -> directories.write(server, Optional.empty()))
        .isInstanceOf(DeploymentException.class);
  }

  @Test
  void aDirectoryWithUserDataStaysWhereNobodyAskedForIt() throws Exception {
    directories.write(Nodes.server("s", 1, List.of("svc"), List.of("e")), Optional.empty());
    Files.createFile(at("s/config/own"));
    assertThat(directories.remove("s", false)).isFalse();
    Files.delete(at("s/config/own"));
    Files.createFile(at("s/data/own"));
    assertThat(directories.remove("s", false)).isFalse();
    Files.delete(at("s/data/own"));
    assertThat(directories.remove("s", false)).isTrue();
    assertThat(at("s")).doesNotExist();
  }

  @Test
  void whatIsRememberedComesBack() {
    directories.remember("b", new byte[] {1, 2});
    directories.remember("a", new byte[] {3});
    assertThat(directories.remembered().keySet()).containsExactly("a", "b");
    assertThat(directories("", List.of()).remembered().get("b")).containsExactly(1, 2);
    directories.forget("b");
    assertThat(directories.remembered().keySet()).containsExactly("a");
  }
}
