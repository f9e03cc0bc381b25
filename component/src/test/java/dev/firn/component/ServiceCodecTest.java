package dev.firn.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firn.failover.Bytes;
import dev.firn.failover.GroupEpoch;
import dev.firn.failover.ServiceCommand;
import dev.firn.failover.ServiceContent;
import dev.firn.failover.ServiceEntry;
import dev.firn.failover.ServiceParams;
import dev.firn.failover.ServiceTable;
import dev.firn.failover.ServiceTable.Outcome;
import dev.firn.failover.ServiceTable.Verdict;
import dev.firn.model.MalformedEncodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ServiceCodecTest {
  private static final ServiceCodec CODEC = new ServiceCodec();
  private static final Optional<GroupEpoch> EPOCH = Optional.of(new GroupEpoch("grüppe", 7));
  private static final ServiceEntry.Findable FINDABLE =
      new ServiceEntry.Findable(
          new ServiceParams(
              List.of("::Own", "::Base"), "category", "service", "id", Bytes.of(new byte[300])),
          "compare");
  private static final List<ServiceCommand> COMMANDS =
      List.of(
          new ServiceCommand.AddComparator("compare", "c:tcp -p 1"),
          new ServiceCommand.AddService("a", "a:tcp -p 1", EPOCH, true),
          new ServiceCommand.AddService("b", "b:tcp -p 1", Optional.empty()),
          new ServiceCommand.AddParams("a", FINDABLE, EPOCH),
          new ServiceCommand.Suspend("b", true, Optional.empty()),
          new ServiceCommand.RemoveService("c", EPOCH),
          new ServiceCommand.RemoveComparator("d"));

  @Test
  void everyCommandArrivesAsItWasSent() {
    assertThat(COMMANDS.stream().map(Object::getClass).distinct())
        .hasSize(ServiceCommand.class.getPermittedSubclasses().length);
    for (ServiceCommand command : COMMANDS) {
      assertThat(CODEC.command(CODEC.encode(command))).isEqualTo(command);
    }
  }

  @Test
  void aTableArrivesAsItIs() {
    ServiceTable table = ServiceTable.EMPTY;
    for (ServiceCommand command : COMMANDS) {
      table = table.with(table.apply(command).changes());
    }
    List<ServiceContent> arrived = new ArrayList<>();
    for (ServiceContent part : table.content()) {
      arrived.add(CODEC.content(CODEC.encode(part)));
    }

    assertThat(arrived).hasSize(4).isEqualTo(table.content());
    assertThat(ServiceTable.EMPTY.with(ServiceTable.EMPTY.changesTo(arrived)).hasSameRows(table))
        .isTrue();
  }

  @Test
  void everyVerdictArrivesAsItWasSent() {
    for (Outcome outcome : Outcome.values()) {
      Verdict verdict = new Verdict(outcome, 1L << 40);
      assertThat(CODEC.result(CODEC.encode(verdict))).isEqualTo(verdict);
    }
    assertThatThrownBy(() -> CODEC.result(new byte[] {1, 'X', 0, 0, 0, 0, 0, 0, 0, 0}))
        .isInstanceOf(MalformedEncodingException.class);
  }

  @Test
  void whatIsCutShortIsRefused() {
    for (ServiceCommand command : COMMANDS) {
      byte[] bytes = CODEC.encode(command);
      for (int length = 0; length < bytes.length; length++) {
        byte[] part = Arrays.copyOf(bytes, length);
        assertThatThrownBy(() -> CODEC.command(part))
            .isInstanceOf(MalformedEncodingException.class);
      }
    }
    assertThatThrownBy(() -> CODEC.command(new byte[] {77, 1, 'a'}))
        .isInstanceOf(MalformedEncodingException.class)
        .hasMessageContaining("77");
  }
}
