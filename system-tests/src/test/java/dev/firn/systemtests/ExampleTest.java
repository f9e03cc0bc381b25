package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@code examples/} promises, with whose programs ever it is run. */
@EachImplementation
class ExampleTest {
  private static final Duration LIMIT = Duration.ofMinutes(4);

  private Lab lab;
  private Implementation implementation;

  @Initializer
  void start(Lab lab, Implementation implementation) {
    this.lab = lab;
    this.implementation = implementation;
  }

  @Test
  void theGreeterIsBuiltDeployedUpdatedAndCalled() {
    Peers.require("slice2java");
    String run = Implementation.HOME.resolve("examples/greeter/run").toString();
    ChildProcess example =
        lab.process(
            "example",
            List.of(run, implementation.name().toLowerCase(Locale.ROOT)),
            Map.of("PORT", Integer.toString(Ports.free())));
    int exit = example.awaitExit(LIMIT);
    assertThat(exit).as(example.out() + example.err()).isZero();
    assertThat(example.out())
        .containsSubsequence(
            "inactive (enabled)\ninactive (enabled)\n",
            "Hello, Java! (greeter-1)\n",
            "Hello, Java! (greeter-2)\n",
            "server `greeter-1': properties updated (no restart required)\n",
            "server `greeter-2': properties updated (no restart required)\n",
            "Ahoy, ",
            "20 Ahoy, ",
            "--- all of this held\n");
  }
}
