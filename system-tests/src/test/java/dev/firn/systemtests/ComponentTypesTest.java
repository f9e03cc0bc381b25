package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A component whose state are values of Slice types. */
@FirnOnly
class ComponentTypesTest {
  private final Lab lab = new Lab();
  private final ComponentGroup group = new ComponentGroup(lab);
  private final IceClient client = lab.client();

  @AfterEach
  void close() {
    lab.close();
  }

  private ComponentGroup.Instance member(int number) {
    return group.member(number).of(TypedComponent.class).start();
  }

  @Test
  void theNextInstanceReadsWhatTheOneBeforeWrote() {
    group.startLocator();
    group.startReplicator();
    ComponentGroup.Instance one = member(1);
    one.awaitState(client, "Standby");
    one.activate(client);
    assertThat(one.process().out()).contains("counted before: nobody");
    one.count(client, 1, 5);

    // One that joins late has it from a snapshot, and then from updates.
    ComponentGroup.Instance two = member(2);
    two.awaitState(client, "Standby");
    one.count(client, 6, 10);
    one.process().kill();
    two.activate(client);
    assertThat(two.process().out()).contains("counted before: group/counter-1");
    two.count(client, 11, 15);
  }
}
