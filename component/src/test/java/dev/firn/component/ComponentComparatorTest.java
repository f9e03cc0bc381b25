package dev.firn.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Communicator;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.CompareNotFound;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.DuplicateCompare;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParams;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParamsComparePrx;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceNotFound;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Comparators that components bring along, at a real service locator. */
class ComponentComparatorTest {
  @TempDir Path data;
  private LocatorFixture locator;
  private final List<ComponentInstance> instances = new ArrayList<>();

  @BeforeEach
  void open() {
    locator = new LocatorFixture(data).start();
  }

  @AfterEach
  void close() throws Exception {
    instances.forEach(ComponentInstance::close);
    locator.close();
  }

  /** Its service is there for even ids only, which its comparator says. */
  private ComponentInstance start(String name) {
    ReplicatedComponent component =
        ReplicatedComponent.compose()
            .compare("even", (params, current) -> Integer.parseInt(params.id) % 2 == 0)
            .service(
                "Media",
                "",
                new com.zeroc.Ice.Object() {},
                "even",
                new ServiceLocatorParams("Media", "", "2"),
                new ServiceLocatorParams("Media", "", "3"))
            .build();
    Communicator communicator =
        locator.communicator(
            List.of(
                name + ".Endpoints=tcp -h 127.0.0.1 -p " + TestPorts.free(),
                name + ".Backplane.Endpoints=tcp -h 127.0.0.1",
                "ServiceLocatorManagementProxy=" + locator.management()));
    ComponentInstance started = ComponentInstance.start(communicator, name, component);
    instances.add(started);
    return started;
  }

  private boolean isFound(String id) {
    try {
      locator.locator().locate(new ServiceLocatorParams("Media", "", id));
      return true;
    } catch (ServiceNotFound e) {
      return false;
    }
  }

  private boolean isKnown(String guid) throws Exception {
    try {
      locator
          .management()
          .addCompare(
              guid,
              ServiceLocatorParamsComparePrx.uncheckedCast(
                  locator.client.stringToProxy("probe:tcp -h 127.0.0.1 -p 1")));
      locator.management().removeCompare(guid);
      return false;
    } catch (DuplicateCompare e) {
      return true;
    }
  }

  @Test
  void eachInstanceHasItsOwnInEveryRole() throws Exception {
    ComponentInstance one = start("media-1");
    ComponentInstance two = start("media-2");
    LocatorFixture.await("standbys have theirs", () -> isKnown("media-1.even"));
    LocatorFixture.await("standbys have theirs", () -> isKnown("media-2.even"));
    assertThat(isFound("2")).isFalse();
    assertThat(one.replica().activate()).isTrue();
    LocatorFixture.await("even ones are found", () -> isFound("2"));
    assertThat(isFound("3")).isFalse();

    // What the first said of itself goes with it, and the next has what it needs.
    one.close();
    assertThatThrownBy(() -> locator.management().removeCompare("media-1.even"))
        .isInstanceOf(CompareNotFound.class);
    assertThat(isFound("2")).isFalse();
    assertThat(two.replica().activate()).isTrue();
    LocatorFixture.await("even ones are found", () -> isFound("2"));
    assertThat(isFound("3")).isFalse();
  }

  @Test
  void oneOfAnEarlierProcessIsReplacedAndAForgottenOneComesBack() throws Exception {
    locator
        .management()
        .addCompare(
            "media-1.even",
            ServiceLocatorParamsComparePrx.uncheckedCast(
                locator.client.stringToProxy("dead:tcp -h 127.0.0.1 -p 1")));
    ComponentInstance one = start("media-1");
    assertThat(one.replica().activate()).isTrue();
    LocatorFixture.await("even ones are found", () -> isFound("2"));
    locator.management().removeCompare("media-1.even");
    assertThat(isFound("2")).isFalse();
    LocatorFixture.await("even ones are found again", () -> isFound("2"));
  }

  @Test
  void eachNeedsANameOfItsOwn() {
    Services services = new TestComponent().services();
    services.compare("a", (params, current) -> true);
    assertThatThrownBy(() -> services.compare("a", (params, current) -> true))
        .hasMessage("a comparator needs a name of its own, not \"a\"");
    assertThatThrownBy(() -> services.compare("", (params, current) -> true))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
