package dev.firn.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is decided about a stream. */
class StreamCommandTest {
  private static final long FIRST_SEQ = 7L << 50;
  private static final List<StateItem> ITEM = List.of(new StateItem("k", "", 1, Bytes.EMPTY));

  private StreamTables tables = StreamTables.EMPTY;

  private StreamCommand.Result decide(StreamCommand command) {
    StreamCommand.Result result = tables.apply(command);
    tables = tables.with(result.changes());
    return result;
  }

  private long done(StreamCommand command) {
    assertThat(tables.apply(command)).isInstanceOf(StreamCommand.Applied.class);
    return ((StreamCommand.Applied) decide(command)).seq();
  }

  private void refused(StreamCommand command, StreamCommand.Reason reason) {
    assertThat(decide(command)).isEqualTo(new StreamCommand.Rejected(reason));
  }

  private static StreamCommand claim(long epoch) {
    return new StreamCommand.Claim("s", "i", epoch, FIRST_SEQ, true);
  }

  /** As who knows nothing but epochs and updates does it. */
  private static StreamCommand plainClaim(long epoch) {
    return new StreamCommand.Claim("s", "i", epoch, FIRST_SEQ, false);
  }

  private static StreamCommand publish(long epoch, long number) {
    return new StreamCommand.Publish("s", epoch, number, ITEM, List.of());
  }

  private static StreamCommand part(long epoch, long number, boolean first, boolean last) {
    return new StreamCommand.Replace("s", epoch, number, first, last, ITEM);
  }

  @Test
  void anEpochOfAStreamThatNobodyKnowsMeansThatItWasForgotten() {
    assertThat(done(claim(5))).isZero();
    refused(publish(5, 1), new StreamCommand.Forgotten(5));
    refused(publish(7, 1), new StreamCommand.Forgotten(5));
    assertThat(done(claim(5))).isZero();
    assertThat(done(part(5, 1, true, true))).isEqualTo(FIRST_SEQ + 1);
    assertThat(done(publish(5, 2))).isEqualTo(FIRST_SEQ + 2);
    assertThat(tables.stream("s").whole()).isTrue();
  }

  @Test
  void theNextEpochOfAStreamThatNobodyKnowsIsTheFirst() {
    assertThat(done(claim(0))).isZero();
    assertThat(done(publish(1, 1))).isEqualTo(1);
  }

  @Test
  void whoCannotReplaceBeginsWithNothing() {
    assertThat(done(plainClaim(5))).isZero();
    assertThat(done(publish(5, 1))).isEqualTo(1);
  }

  @Test
  void whoCannotReplaceTakesAForgottenStreamAsItIs() {
    done(claim(0));
    done(publish(1, 1));
    tables = tables.with(tables.forgetting("s"));
    refused(publish(1, 2), new StreamCommand.Forgotten(1));
    refused(publish(1, 1), new StreamCommand.Forgotten(1));
    long seq = done(plainClaim(1));
    assertThat(seq).isGreaterThan(1);
    assertThat(done(publish(1, 1))).isEqualTo(seq + 1);
    tables = tables.with(tables.forgetting("s"));
    assertThat(done(plainClaim(0))).isGreaterThan(seq);
    done(publish(2, 1));
  }

  @Test
  void partsTakeTheirSeqWithTheLast() {
    done(claim(0));
    done(publish(1, 1));
    assertThat(done(part(1, 2, true, false))).isEqualTo(2);
    assertThat(done(part(1, 3, false, false))).isEqualTo(3);
    assertThat(tables.stream("s").seq()).isEqualTo(1);
    refused(publish(1, 4), new StreamCommand.Gap(4));
    refused(part(1, 5, false, true), new StreamCommand.Gap(4));
    assertThat(done(part(1, 2, true, false))).isEqualTo(2);
    assertThat(done(part(1, 4, false, true))).isEqualTo(4);
    assertThat(tables.stream("s").seq()).isEqualTo(4);
    assertThat(done(part(1, 3, false, false))).isEqualTo(3);
    assertThat(done(publish(1, 5))).isEqualTo(5);
  }

  @Test
  void whoClaimsHasTheItemsAndNotTheLastWritersParts() {
    done(claim(0));
    done(publish(1, 1));
    done(part(1, 2, true, false));
    assertThat(done(claim(0))).isEqualTo(1);
    assertThat(tables.stream("s").items()).hasSize(1);
    assertThat(tables.stream("s").parts()).isEmpty();
    assertThat(done(publish(2, 1))).isEqualTo(2);
    refused(part(2, 2, false, true), new StreamCommand.Gap(2));
  }

  @Test
  void aWholeStateThatIsBegunAnewHasNothingOfTheLast() {
    done(claim(0));
    done(
        new StreamCommand.Replace(
            "s", 1, 1, true, false, List.of(new StateItem("old", "", 1, Bytes.EMPTY))));
    done(part(1, 2, true, false));
    done(part(1, 3, false, true));
    assertThat(tables.stream("s").items().keySet()).containsExactly("k");
  }
}
