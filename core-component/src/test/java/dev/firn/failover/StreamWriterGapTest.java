package dev.firn.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A writer whose stream lacks something. */
class StreamWriterGapTest {
  private final StreamWriter writer =
      new StreamWriter(WriterConfig.DEFAULTS, 5, 0, new TreeMap<>(), 0);
  private long now = 1_000;

  @Test
  void aStreamThatLacksWhatItAcknowledgedGetsTheWholeState() {
    step(new WriterInput.Start());
    WriterOutput.Publish first = publish("a");
    step(new WriterInput.Answered(first.call(), 5, 1));
    WriterOutput.Publish second = publish("b");
    assertThat(second.clientSeq()).isGreaterThan(first.clientSeq());

    // As if it had been restored from before the first.
    step(new WriterInput.Gap(second.call(), first.clientSeq()));
    WriterOutput.Publish again = (WriterOutput.Publish) sent(pass(5_000));
    assertThat(again.clientSeq()).as("one refusal may be overtaken").isEqualTo(second.clientSeq());
    List<WriterOutput> after = step(new WriterInput.Gap(again.call(), first.clientSeq()));
    after.addAll(pass(5_000));

    WriterOutput.Replace whole = (WriterOutput.Replace) sent(after);
    assertThat(whole.first()).isTrue();
    assertThat(whole.last()).isTrue();
    assertThat(whole.set()).extracting(StateItem::key).containsExactly("a", "b");
    assertThat(whole.clientSeq()).isGreaterThan(second.clientSeq());
    step(new WriterInput.Answered(whole.call(), 5, 2));
    assertThat(writer.acknowledgedSeq()).isEqualTo(2);
  }

  @Test
  void whatIsOnItsWayIsOnlySentAgain() {
    step(new WriterInput.Start());
    step(new WriterInput.Answered(publish("a").call(), 5, 1));
    WriterOutput.Publish second = publish("b");
    for (int i = 0; i < 3; i++) {
      step(new WriterInput.Gap(second.call(), second.clientSeq()));
      WriterOutput.Publish again = (WriterOutput.Publish) sent(pass(5_000));
      assertThat(again.clientSeq()).isEqualTo(second.clientSeq());
      second = again;
    }
  }

  @Test
  void updatesThatWereUnderWayTogetherAreOneRefusal() {
    step(new WriterInput.Start());
    WriterOutput.Publish first = publish("a");
    WriterOutput.Publish second = publish("b");
    WriterOutput.Publish third = publish("c");
    // Those behind it came first, and were refused; then it came, and its answer is heard first.
    step(new WriterInput.Answered(first.call(), 5, 1));
    List<WriterOutput> after = step(new WriterInput.Gap(second.call(), first.clientSeq()));
    after.addAll(step(new WriterInput.Gap(third.call(), first.clientSeq())));
    after.addAll(pass(5_000));
    assertThat(after).noneMatch(WriterOutput.Replace.class::isInstance);
    assertThat(after)
        .filteredOn(WriterOutput.Publish.class::isInstance)
        .extracting(one -> ((WriterOutput.Publish) one).clientSeq())
        .containsExactly(second.clientSeq(), third.clientSeq());
  }

  private WriterOutput.Publish publish(String key) {
    List<WriterOutput> all =
        step(
            new WriterInput.Change(
                List.of(new StateItem(key, "", 1, Bytes.of(new byte[1]))), List.of()));
    all.addAll(pass(100));
    return (WriterOutput.Publish) sent(all);
  }

  /** The last update or part that was sent. */
  private static WriterOutput sent(List<WriterOutput> outputs) {
    List<WriterOutput> sent =
        outputs.stream()
            .filter(
                one -> one instanceof WriterOutput.Publish || one instanceof WriterOutput.Replace)
            .toList();
    assertThat(sent).isNotEmpty();
    return sent.get(sent.size() - 1);
  }

  private List<WriterOutput> pass(long millis) {
    List<WriterOutput> all = new ArrayList<>();
    long until = now + millis;
    boolean sent = false;
    while (!sent && writer.wakeAtMillis() <= until) {
      now = Math.max(now + 1, writer.wakeAtMillis());
      List<WriterOutput> outputs = step(new WriterInput.Tick());
      all.addAll(outputs);
      sent =
          outputs.stream()
              .anyMatch(
                  one ->
                      one instanceof WriterOutput.Publish || one instanceof WriterOutput.Replace);
    }
    return all;
  }

  private List<WriterOutput> step(WriterInput input) {
    return new ArrayList<>(writer.step(now, input));
  }
}
