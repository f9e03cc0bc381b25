package dev.firn.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.zeroc.IceGrid.DeploymentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories of servers that an administrator has moved to another disk. */
class LinkedDirectoriesTest {
  private static final UserAccount NOBODY = new UserAccount("nobody", 65_534, 65_534);

  @TempDir Path data;
  @TempDir Path disk;

  private final List<String> warnings = new ArrayList<>();
  private FileDirectories directories;

  LinkedDirectoriesTest() {
    directories = directories(Path.of("/none"));
  }

  @BeforeEach
  void create() throws IOException {
    directories = directories(data);
    directories.create();
  }

  private FileDirectories directories(Path root) {
    return new FileDirectories(Nodes.settings(root, "", List.of()), warnings::add);
  }

  private Path at(String path) {
    return data.resolve("servers").resolve(path);
  }

  /** Puts a link to a new directory of the disk, with a file in it. */
  private Path link(String path) throws IOException {
    Path target = Files.createDirectory(disk.resolve(path.replace('/', '-')));
    Files.createFile(target.resolve("precious"));
    Files.createDirectories(at(path).getParent());
    Files.createSymbolicLink(at(path), target);
    return target;
  }

  private void write(int revision, List<String> services, List<String> environments)
      throws DeploymentException {
    directories.write(Nodes.server("s", revision, services, environments), Optional.empty());
  }

  @Test
  void aServerLoadsWithItsDirectoriesElsewhere() throws Exception {
    for (String path : new String[] {"s/data", "s/data_svc", "s/distrib", "s/dbs/e"}) {
      link(path);
    }
    write(1, List.of("svc"), List.of("e", "f"));
    assertThat(disk.resolve("s-dbs-e/DB_CONFIG")).exists();
    assertThat(at("s/dbs/f/DB_CONFIG")).exists();
    assertThat(at("s/data")).isSymbolicLink();
  }

  @Test
  void allEnvironmentsMayBeElsewhere() throws Exception {
    Path environments = link("s/dbs");
    write(1, List.of(), List.of("e"));
    assertThat(environments.resolve("e/DB_CONFIG")).exists();
    Files.createDirectory(environments.resolve("lost+found"));
    write(2, List.of(), List.of("f"));
    assertThat(environments.resolve("lost+found")).exists();
    assertThat(environments.resolve("f/DB_CONFIG")).exists();
  }

  @Test
  void aLinkThatLeadsNowhereIsToldOf() throws Exception {
    Files.createDirectories(at("s"));
    Files.createSymbolicLink(at("s/data"), disk.resolve("not-mounted"));
    assertThatThrownBy(() -> write(1, List.of(), List.of()))
        .isInstanceOfSatisfying(
            DeploymentException.class,
            e ->
                assertThat(e.reason)
                    .contains("s/data':\n")
                    .contains("is a link that leads to no directory"));
  }

  @Test
  void aWholeServerMayBeElsewhere() throws Exception {
    Path server = link("s");
    write(1, List.of("svc"), List.of("e"));
    assertThat(server.resolve("config/config")).exists();
    assertThat(directories.revision("s")).isPresent();
    assertThat(directories.remove("s", false)).as("nobody asked for it").isFalse();
    assertThat(directories.remove("s", true)).isTrue();
    assertThat(at("s")).doesNotExist();
    assertThat(server.resolve("precious")).exists();
    assertThat(warnings).containsExactly(stays("s", server));
  }

  private String stays(String link, Path target) {
    return "`" + at(link) + "' was a link: `" + target + "' stays as it is";
  }

  @Test
  void whatIsElsewhereOutlivesItsServer() throws Exception {
    Path dataOfServer = link("s/data");
    Path environment = link("s/dbs/e");
    Path distribution = link("s/distrib");
    Files.delete(distribution.resolve("precious"));
    write(1, List.of(), List.of("e"));
    assertThat(directories.remove("s", false)).isFalse();
    assertThat(directories.remove("s", true)).isTrue();
    assertThat(at("s")).doesNotExist();
    assertThat(dataOfServer.resolve("precious")).exists();
    assertThat(environment.resolve("precious")).exists();
    assertThat(distribution).exists();
    assertThat(warnings)
        .containsExactlyInAnyOrder(
            stays("s/data", dataOfServer),
            stays("s/dbs/e", environment),
            stays("s/distrib", distribution));
  }

  @Test
  void whatIsElsewhereOutlivesItsService() throws Exception {
    Path service = link("s/data_svc");
    Path environment = link("s/dbs/e");
    write(1, List.of("svc"), List.of("e"));
    write(2, List.of(), List.of());
    assertThat(service.resolve("precious")).exists();
    assertThat(environment.resolve("precious")).exists();
    assertThat(at("s/data_svc")).isSymbolicLink();
    assertThat(warnings).hasSize(2).allMatch(warning -> warning.contains("it was not removed"));
  }

  @Test
  void aLinkOfAServerLeadsTheNodeOnlyWhereTheServerMayWrite() throws Exception {
    Path link = disk.resolve("link");
    Files.createSymbolicLink(link, Files.createDirectory(disk.resolve("target")));
    int own = LinkedDirectories.owner(disk);
    assertThat(LinkedDirectories.isWritable(link, own)).as("made by the node's account").isTrue();
    assertThat(LinkedDirectories.isWritable(link, own + 1)).as("to the server's own").isTrue();
    Files.delete(link);
    Path foreign = own == 0 ? given(disk.resolve("target"), NOBODY) : Path.of("/");
    Files.createSymbolicLink(link, foreign);
    assertThat(LinkedDirectories.isWritable(link, own)).as("made by the node's account").isTrue();
    assertThat(LinkedDirectories.isWritable(link, own + 1)).as("to somebody else's").isFalse();
  }

  private static Path given(Path path, UserAccount owner) throws IOException {
    FileTree.give(path, owner);
    return path;
  }

  @Test
  void theNodeOfRootGivesNothingAwayThatALinkLeadsTo() throws Exception {
    assumeTrue(SystemAccounts.ownUid() == 0, "only root can give files away");
    Path dataOfServer = link("s/data");
    Path environments = link("s/dbs");
    directories.write(Nodes.server("s", 1, List.of(), List.of("e")), Optional.of(NOBODY));
    assertThat(LinkedDirectories.owner(at("s/config/config"))).isEqualTo(NOBODY.uid());
    assertThat(LinkedDirectories.owner(environments.resolve("e"))).isEqualTo(NOBODY.uid());
    assertThat(LinkedDirectories.owner(environments)).isZero();
    assertThat(LinkedDirectories.owner(dataOfServer)).isZero();
    assertThat(LinkedDirectories.owner(dataOfServer.resolve("precious"))).isZero();
    assertThat(warnings)
        .hasSize(2)
        .allMatch(w -> w.contains("does not belong to account `nobody'"));
  }

  @Test
  void theNodeOfRootWritesNowhereWhereALinkOfAServerLeads() throws Exception {
    assumeTrue(SystemAccounts.ownUid() == 0, "only root can give files away");
    directories.write(Nodes.server("s", 1, List.of(), List.of()), Optional.of(NOBODY));
    Files.delete(at("s/dbs"));
    Path environments = link("s/dbs");
    assertThatThrownBy(
            () ->
                directories.write(
                    Nodes.server("s", 3, List.of(), List.of("e")), Optional.of(NOBODY)))
        .isInstanceOfSatisfying(
            DeploymentException.class,
            e -> assertThat(e.reason).contains("has to belong to the owner of `" + at("s")));
    assertThat(environments.resolve("e")).doesNotExist();
    given(environments, NOBODY);
    directories.write(Nodes.server("s", 3, List.of(), List.of("e")), Optional.of(NOBODY));
    assertThat(LinkedDirectories.owner(environments.resolve("e"))).isEqualTo(NOBODY.uid());
  }

  @Test
  void theNodeOfRootGivesAWholeServerThatIsElsewhere() throws Exception {
    assumeTrue(SystemAccounts.ownUid() == 0, "only root can give files away");
    Path server = link("s");
    directories.write(Nodes.server("s", 1, List.of(), List.of()), Optional.of(NOBODY));
    assertThat(LinkedDirectories.owner(server.resolve("config/config"))).isEqualTo(NOBODY.uid());
  }
}
