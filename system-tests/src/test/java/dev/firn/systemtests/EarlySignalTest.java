package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A signal that comes before the registry serves; the reference drops it. */
@FirnOnly
class EarlySignalTest {

  @Test
  void aSignalDuringTheStartIsHonoured() {
    try (Lab lab = new Lab()) {
      // Nobody answers at the locator, so the start takes as long as it waits for a master.
      RegistryProcess silent = lab.registry(Implementation.FIRN).start();
      silent.process().pause();
      RegistryProcess slave =
          lab.registry(Implementation.FIRN, "Early")
              .with("Ice.Default.Locator", silent.locatorProxy())
              .begin();
      slave.awaitConsole("IceGrid.Registry.Internal ready");
      slave.terminate();
      assertThat(slave.process().out()).doesNotContain("IceGrid.Registry.Client ready");
      silent.process().signal("CONT");
      slave.start().terminate();
      silent.terminate();
    }
  }
}
