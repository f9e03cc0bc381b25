package dev.firn.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.Properties;
import com.zeroc.Ice.Util;
import com.zeroc.IceGrid.DeploymentException;
import dev.firn.model.DistributionDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DistributionFetchTest {
  private static final String LARGE = noise(300_000);

  @TempDir Path work;
  private final TestFileServer server = new TestFileServer();
  private Communicator communicator;
  private String proxy;
  private NodeTraces traces;

  @BeforeEach
  void serve() {
    Properties properties = Util.createProperties();
    properties.setProperty("Ice.MessageSizeMax", "64");
    InitializationData initialization = new InitializationData();
    initialization.properties = properties;
    initialization.logger = new TestContext.SilentLogger();
    communicator = Util.initialize(initialization);
    traces = new NodeTraces(properties, communicator.getLogger());
    ObjectAdapter adapter =
        communicator.createObjectAdapterWithEndpoints("Files", "tcp -h 127.0.0.1 -p 0");
    ObjectPrx added = adapter.add(server, Util.stringToIdentity("Files/server"));
    adapter.activate();
    proxy = communicator.proxyToString(added);
  }

  @AfterEach
  void destroy() {
    communicator.destroy();
  }

  private static String noise(int length) {
    Random random = new Random(1);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) ('!' + random.nextInt(90)));
    }
    return text.toString();
  }

  private Path root() {
    return work.resolve("distrib");
  }

  private void fetch(String... directories) throws DeploymentException {
    DistributionFetch.fetch(
        communicator,
        traces,
        new DistributionDescriptor(proxy, List.of(directories)),
        root(),
        "distrib/app");
  }

  /** Contents by path, as they are; directories have none. */
  private SortedMap<String, String> tree() throws IOException {
    SortedMap<String, String> found = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root())) {
      for (Path path : all.filter(each -> !each.equals(root())).toList()) {
        String name = root().relativize(path).toString();
        if (!name.startsWith("IcePatch2.")) {
          found.put(name, Files.isDirectory(path) ? "/" : Files.readString(path));
        }
      }
    }
    return found;
  }

  @Test
  void theTreeIsAsTheServerHasIt() throws Exception {
    server
        .directory("bin")
        .directory("etc")
        .directory("etc/empty")
        .file("bin/run", "#!/bin/sh\n", true)
        .file("bin/large", LARGE, false)
        .file("etc/none", "", false)
        .file("etc/\u00e4 tab\tx", "x", false);
    fetch();
    assertThat(tree())
        .containsOnlyKeys(
            "bin", "bin/run", "bin/large", "etc", "etc/empty", "etc/none", "etc/\u00e4 tab\tx")
        .containsEntry("bin/large", LARGE)
        .containsEntry("etc/none", "");
    assertThat(Files.isExecutable(root().resolve("bin/run"))).isTrue();
    assertThat(Files.isExecutable(root().resolve("bin/large"))).isFalse();
    assertThat(server.chunks.get()).as("pieces that fit a message").isGreaterThan(4);
    assertThat(Files.readAllLines(root().resolve("IcePatch2.sum")))
        .contains(
            ".\t3a52ce780950d4d969792a2559cd519d7ee8c727\t-1\t0",
            "bin\t9a5d56716d566997fa290054d161af96305aff9a\t-1\t0",
            "etc/\\303\\244 tab\\tx\t"
                + server.info("etc/\u00e4 tab\tx").checksum()
                + "\t"
                + server.content("etc/\u00e4 tab\tx").length
                + "\t0");
  }

  @Test
  void theDirectoryItselfMayBeElsewhere(@TempDir Path disk) throws Exception {
    Files.createSymbolicLink(root(), disk);
    server.directory("bin").file("bin/run", "one", false);
    fetch();
    server.file("bin/run", "two", false);
    fetch();
    assertThat(disk.resolve("bin/run")).hasContent("two");
    assertThat(root()).isSymbolicLink();
  }

  @Test
  void onlyWhatHasChangedIsFetched() throws Exception {
    server
        .directory("bin")
        .directory("old")
        .file("bin/run", "one", false)
        .file("bin/same", "same", false)
        .file("old/file", "old", false)
        .file("kind", "file", false);
    fetch();
    Files.writeString(root().resolve("old/log"), "of the server");
    server.file("bin/run", "two", false).file("bin/same", "same", true).directory("kind");
    server.file("kind/inner", "now a directory", false);
    server.remove("old/file");
    server.remove("old");
    server.chunks.set(0);
    fetch();
    assertThat(server.chunks.get()).isEqualTo(2);
    assertThat(tree())
        .containsOnlyKeys("bin", "bin/run", "bin/same", "kind", "kind/inner", "old", "old/log")
        .containsEntry("bin/run", "two");
    assertThat(Files.isExecutable(root().resolve("bin/same"))).isTrue();
    fetch();
    assertThat(server.chunks.get()).isEqualTo(2);
  }

  @Test
  void aFetchGoesOnWhereTheLastOneEnded() throws Exception {
    server.file("a", "a", false).file("b", "b", false).file("c", "c", false);
    server.chunksMax = 2;
    assertThatThrownBy(this::fetch)
        .isInstanceOfSatisfying(
            DeploymentException.class, e -> assertThat(e.reason).contains("out of order"));
    server.chunksMax = Integer.MAX_VALUE;
    server.chunks.set(0);
    fetch();
    assertThat(server.chunks.get()).isEqualTo(1);
    assertThat(tree()).containsOnlyKeys("a", "b", "c");
  }

  @Test
  void filesThatWereThereBeforeTheFirstFetchAreComparedToo() throws Exception {
    Files.createDirectories(root().resolve("bin"));
    Files.writeString(root().resolve("bin/same"), "same");
    Files.writeString(root().resolve("stray"), "stray");
    server.directory("bin").file("bin/same", "same", false).file("bin/new", "new", false);
    fetch();
    assertThat(server.chunks.get()).isEqualTo(1);
    assertThat(tree()).containsOnlyKeys("bin", "bin/same", "bin/new");
  }

  @Test
  void directoriesLimitWhatIsTouched() throws Exception {
    server.directory("a").directory("b").file("a/file", "a", false).file("b/file", "b", false);
    fetch("b");
    assertThat(tree()).containsOnlyKeys("b", "b/file");
    server.file("a/file", "later", false).file("b/file", "later", false);
    fetch("a");
    assertThat(tree()).containsEntry("a/file", "later").containsEntry("b/file", "b");
  }

  @Test
  void pathsThatLeadOutAreRefused() throws Exception {
    for (String path : List.of("../out", "/out", "a/../../out", "a//b", "IcePatch2.sum", "")) {
      server.files.clear();
      server.directory(DistributionFile.ROOT).file(path, "evil", true);
      assertThatThrownBy(this::fetch)
          .isInstanceOfSatisfying(
              DeploymentException.class,
              e -> assertThat(e.reason).contains("cannot be in a distribution"));
    }
    assertThat(tree()).isEmpty();
    assertThat(work.resolve("out")).doesNotExist();
  }

  @Test
  void linksAreNotWrittenThrough() throws Exception {
    Path outside = Files.createDirectory(work.resolve("outside"));
    server.directory("bin").file("bin/file", "one", false);
    fetch();
    Files.delete(root().resolve("bin/file"));
    Files.delete(root().resolve("bin"));
    Files.createSymbolicLink(root().resolve("bin"), outside);
    server.file("bin/file", "two", false);
    assertThatThrownBy(this::fetch).isInstanceOf(DeploymentException.class);
    assertThat(outside.resolve("file")).doesNotExist();
    assertThat(root().resolve("bin")).isSymbolicLink();
    assertThat(Files.isDirectory(root(), LinkOption.NOFOLLOW_LINKS)).isTrue();
  }

  @Test
  void contentThatIsNotWhatItsChecksumSaysIsRefused() throws Exception {
    server.file("file", "one", false);
    fetch();
    server.file("other", "changed after the checksum was made", false);
    byte[] changed = server.content("other");
    server.remove("other");
    server.file("file", "two", false);
    server.compressed.put("file", changed);
    server.files.put(
        "file",
        new DistributionFile("file", server.info("file").checksum(), changed.length, false));
    assertThatThrownBy(this::fetch)
        .isInstanceOfSatisfying(
            DeploymentException.class, e -> assertThat(e.reason).contains("icepatch2calc"));
    assertThat(tree()).containsEntry("file", "one").containsOnlyKeys("file");
  }

  @Test
  void aServerThatKnowsOnlySmallFilesServes() throws Exception {
    server.old = true;
    server.directory("bin").file("bin/large", LARGE, false);
    fetch();
    assertThat(tree()).containsEntry("bin/large", LARGE);
  }

  @Test
  void anObjectOfAnotherKindIsNoFileServer() {
    ObjectAdapter adapter =
        communicator.createObjectAdapterWithEndpoints("Other", "tcp -h 127.0.0.1 -p 0");
    ObjectPrx other =
        adapter.add((com.zeroc.Ice.Process) new NoProcess(), Util.stringToIdentity("Other/object"));
    adapter.activate();
    proxy = communicator.proxyToString(other);
    assertThatThrownBy(this::fetch)
        .isInstanceOfSatisfying(
            DeploymentException.class,
            e -> assertThat(e.reason).isEqualTo("proxy `" + proxy + "' is not a file server."));
  }

  /** Is only asked what it is; its operations are never called. */
  private static final class NoProcess implements com.zeroc.Ice.Process {
    @Override
    public void shutdown(com.zeroc.Ice.Current current) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void writeMessage(String message, int fd, com.zeroc.Ice.Current current) {
      throw new UnsupportedOperationException();
    }
  }
}
