package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nodes fetch the distributions of applications and servers from ZeroC's IcePatch2 server. */
@EachGrid
class NodePatchTest {
  private static final String FILES = "app.IcePatch2/server";

  private Grid grid;
  private Path served;

  @Initializer
  void start(Lab lab, GridMix mix) {
    Peers.require("icepatch2server");
    grid = Grid.of(lab, mix, 1, "node").start();
  }

  @BeforeEach
  void serve() throws IOException {
    served = Files.createTempDirectory(grid.lab().directory(), "served");
    write("common/run", "#!/bin/sh\n");
    Files.setPosixFilePermissions(
        served.resolve("common/run"), PosixFilePermissions.fromString("rwxr-xr-x"));
    byte[] noise = new byte[300_000];
    new Random(1).nextBytes(noise);
    Files.write(served.resolve("common/noise"), noise);
    write("own/file", "one");
    write("own/empty", "");
    write("other/file", "nobody wants this");
    calculate();
    grid.add(application());
  }

  @AfterEach
  void restore() {
    grid.restore();
  }

  private void write(String path, String content) throws IOException {
    Path file = served.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private void calculate() {
    grid.lab().succeeding("icepatch2calc", served.toString());
  }

  /** Server "one" needs what the application has; "two" has a distribution of its own. */
  private GridApplication application() {
    GridServer files =
        GridServer.exe("files", "icepatch2server")
            .activation("on-demand")
            .adapter("IcePatch2", FILES)
            .with("IcePatch2.InstanceName", "app.IcePatch2")
            .with("IcePatch2.Directory", served.toString());
    return GridApplication.of(
            "app",
            files,
            GridServer.python("one").set("applicationDistrib", true),
            GridServer.python("two").set("distrib", GridServer.distribution(FILES, "own")))
        .distribution(FILES, "common");
  }

  private Path common(String path) {
    return grid.node("node").data().resolve("distrib/app").resolve(path);
  }

  private Path own(String path) {
    return grid.node("node").data().resolve("servers/two/distrib").resolve(path);
  }

  private String refusal(String operation, Object... arguments) {
    IceFailure failure = grid.admin().failure(operation, arguments);
    assertThat(failure.type()).isEqualTo("IceGrid.PatchException");
    return String.join("\n", failure.field("reasons").texts());
  }

  @Test
  void serversGetWhatTheyAreMadeFor() throws IOException {
    grid.start("one");
    assertThat(refusal("patchApplication", "app", false))
        .isEqualTo("patch on node `node' failed:\nserver `one' is active");
    grid.admin().call("patchApplication", "app", true);
    assertThat(common("common/run")).isExecutable();
    assertThat(common("common/noise")).hasSameBinaryContentAs(served.resolve("common/noise"));
    assertThat(common("other")).doesNotExist();
    assertThat(own("own/file")).hasContent("one");
    assertThat(own("own/empty")).isEmptyFile();
    assertThat(own("common")).doesNotExist();
    assertThat(grid.state("one")).isEqualTo("Inactive");
    assertThat(grid.ask("one", "pid")).isNotEmpty();
  }

  @Test
  void onlyWhatHasChangedIsTouched() throws IOException {
    grid.admin().call("patchApplication", "app", true);
    Object before = Files.getLastModifiedTime(common("common/noise"));
    write("common/new", "new");
    write("own/file", "two");
    Files.delete(served.resolve("common/run"));
    calculate();
    grid.stop("files");
    grid.admin().call("patchServer", "two", true);
    assertThat(own("own/file")).hasContent("two");
    assertThat(common("common/run")).as("the application's").exists();
    grid.admin().call("patchApplication", "app", true);
    assertThat(common("common/new")).hasContent("new");
    assertThat(common("common/run")).doesNotExist();
    assertThat(Files.getLastModifiedTime(common("common/noise"))).isEqualTo(before);
  }

  @Test
  void aPatchThatFailsLeavesServersAsTheyWere() throws IOException {
    grid.enable("files", false);
    assertThat(refusal("patchApplication", "app", true))
        .startsWith("patch on node `node' failed:\n");
    assertThat(grid.ask("one", "pid")).isNotEmpty();
    grid.enable("files", true);
    grid.admin().call("patchApplication", "app", true);
    assertThat(own("own/file")).hasContent("one");
  }
}
