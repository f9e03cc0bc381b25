package dev.firn.registry;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Util;
import com.zeroc.IceGrid.ObjectInfo;
import dev.firn.model.ApplicationDescriptor;
import dev.firn.model.ApplicationEntry;
import dev.firn.model.ApplicationInfo;
import dev.firn.model.LoadBalancingPolicy;
import dev.firn.model.ObjectDescriptor;
import dev.firn.model.ObjectEntry;
import dev.firn.model.ObjectId;
import dev.firn.model.RegistryTables;
import dev.firn.model.ReplicaGroupDescriptor;
import dev.firn.model.RowChange;
import dev.firn.model.SortedNames;
import dev.firn.wire.Mapping;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdminObjectsTest {
  private final Communicator communicator = Util.initialize();
  private final AdminObjects objects = new AdminObjects(communicator, tables());

  @AfterEach
  void destroy() {
    communicator.destroy();
  }

  @Test
  void objectsOfApplicationsComeFirst() {
    assertThat(texts(objects.ofType("::T")))
        .containsExactly("c/a -o -e 1.1 @ G ::T", "c/b -t -e 1.0 @ G ::T", "c/x -t -e 1.1 @ A ::T");
    assertThat(texts(objects.all(any -> true))).hasSize(4);
    assertThat(texts(objects.all("c/b"::equals))).containsExactly("c/b -t -e 1.0 @ G ::T");
    assertThat(texts(objects.all("c/y"::equals))).containsExactly("c/y -t -e 1.1 @ A ::U");
    assertThat(objects.ofType("::None")).isEmpty();
  }

  @Test
  void anObjectIsFoundWhereverItIs() {
    assertThat(texts(requireNonNull(objects.find(new ObjectId("a", "c")))))
        .containsExactly("c/a -o -e 1.1 @ G ::T");
    assertThat(texts(requireNonNull(objects.find(new ObjectId("y", "c")))))
        .containsExactly("c/y -t -e 1.1 @ A ::U");
    assertThat(objects.find(new ObjectId("z", "c"))).isNull();
  }

  private static List<String> texts(ObjectInfo... infos) {
    return Stream.of(infos).map(info -> info.proxy + " " + info.type).toList();
  }

  /** A group with two objects, and two that were registered. */
  private RegistryTables tables() {
    ReplicaGroupDescriptor group =
        new ReplicaGroupDescriptor(
            "G",
            LoadBalancingPolicy.DEFAULT,
            "",
            List.of(
                new ObjectDescriptor(new ObjectId("a", "c"), "::T", "-o"),
                new ObjectDescriptor(new ObjectId("b", "c"), "::T", "-e 1.0")),
            "",
            "");
    ApplicationDescriptor empty = ApplicationDescriptor.named("App");
    ApplicationDescriptor application =
        new ApplicationDescriptor(
            "App",
            SortedNames.empty(),
            List.of(group),
            SortedNames.empty(),
            SortedNames.empty(),
            SortedNames.empty(),
            empty.distrib(),
            "",
            SortedNames.empty());
    return RegistryTables.EMPTY
        .with(
            new RowChange.PutApplication(
                ApplicationEntry.of(new ApplicationInfo("u", 1, "a", 1, "a", 1, application))))
        .with(new RowChange.PutObject(object("c/x @ A", "::T"), Optional.empty()))
        .with(new RowChange.PutObject(object("c/y @ A", "::U"), Optional.empty()));
  }

  private ObjectEntry object(String proxy, String type) {
    return ObjectEntry.of(Mapping.encode(communicator, communicator.stringToProxy(proxy)), type);
  }
}
