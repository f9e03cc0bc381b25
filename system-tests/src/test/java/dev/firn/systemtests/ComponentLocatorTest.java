package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The service locator with a component of somebody else, in Python, with params of its own. */
@FirnOnly
class ComponentLocatorTest {
  private final ComponentFixture fixture = new ComponentFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void paramsThatItDoesNotKnowAreKeptForComparatorsAlsoOverARestart() throws Exception {
    ChildProcess locator = fixture.locator();
    ChildProcess media =
        fixture.lab.process(
            "media",
            List.of(
                Peers.PYTHON.toString(),
                Implementation.HOME
                    .resolve("system-tests/src/test/python/media_locator.py")
                    .toString(),
                Implementation.HOME.resolve("wire/src/main/slice").toString(),
                Implementation.HOME.resolve("system-tests/src/test/slice").toString(),
                fixture.locatorProxy(),
                fixture.managementProxy()));
    Await.until("it has registered", () -> media.out().contains("ready"));
    check(media, 1);

    locator.kill();
    locator.awaitExit(Await.LIMIT);
    ChildProcess again = fixture.locator();
    Await.until("both answer", () -> again.err().split("it answers", -1).length > 2);

    check(media, 2);
  }

  private static void check(ChildProcess media, int times) throws IOException {
    media.input().write("check\n".getBytes(StandardCharsets.UTF_8));
    media.input().flush();
    Await.until(
        "it has checked",
        () -> !media.isAlive() || media.out().split("checked", -1).length > times);
    assertThat(media.out()).doesNotContain("does not hold");
    assertThat(media.isAlive()).as(media.err()).isTrue();
  }
}
