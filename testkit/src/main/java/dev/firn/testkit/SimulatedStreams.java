package dev.firn.testkit;

import dev.firn.election.Answer;
import dev.firn.election.ElectionConfig;
import dev.firn.election.Input;
import dev.firn.election.Replica;
import dev.firn.election.ReplicatedState;
import dev.firn.election.RequestId;
import dev.firn.election.StateCommand;
import dev.firn.election.StateResult;
import dev.firn.failover.Bytes;
import dev.firn.failover.StateItem;
import dev.firn.failover.StreamCommand;
import dev.firn.failover.StreamState;
import dev.firn.failover.StreamTables;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Replicators: instances claim epochs of a few streams and publish in them, and publish again, with
 * the same number, what nobody knows the outcome of.
 */
final class SimulatedStreams implements SimulatedService {
  private static final int STREAMS = 2;
  private static final int INSTANCES = 3;
  private static final int KEYS = 4;

  /** By stream and instance. */
  private final TreeMap<String, Writer> writers = new TreeMap<>();

  /** What was acknowledged: by stream, epoch and number of the writer. */
  private final TreeMap<String, Long> acknowledged = new TreeMap<>();

  private long values;

  /** An instance with an epoch. */
  private static final class Writer {
    private final long epoch;
    private long lastClientSeq;
    private StreamCommand.@Nullable Publish pending;

    Writer(long epoch) {
      this.epoch = epoch;
    }
  }

  @Override
  public ReplicatedState empty() {
    return StreamTables.EMPTY;
  }

  @Override
  public Replica replica(ElectionConfig config, ReplicatedState state, RandomGenerator random) {
    return Replica.of(config, state, random);
  }

  @Override
  public boolean isSame(ReplicatedState one, ReplicatedState other) {
    return ((StreamTables) one).sameStreams((StreamTables) other);
  }

  @Override
  public Input submit(RequestId request, StateCommand command) {
    return new Input.SubmitHere(request, command);
  }

  @Override
  public Input forwarded(RequestId request, StateCommand command) {
    throw new Violation("a replicator forwards " + command);
  }

  @Override
  public Optional<StateResult> onTheWire(StateResult result) {
    return Optional.of(result);
  }

  @Override
  public boolean isForwarding() {
    return false;
  }

  @Override
  public StateCommand certain(String name) {
    return new StreamCommand.Claim(name, "last", 0, 0, true);
  }

  @Override
  public void act(StormSimulation simulation, StormProcess process) {
    SplittableRandom random = simulation.random();
    String stream = "s" + random.nextInt(STREAMS);
    String instance = "i" + random.nextInt(INSTANCES);
    Writer writer = writers.get(stream + instance);
    if (writer == null || random.nextInt(12) == 0) {
      simulation.clients().submit(process, new StreamCommand.Claim(stream, instance, 0, 0, true));
      return;
    }
    // One that was not answered is asked again, anywhere; now and then one that was.
    if (writer.pending == null) {
      writer.lastClientSeq++;
      writer.pending = update(random, stream, writer);
    }
    simulation.clients().submit(process, writer.pending);
  }

  private StreamCommand.Publish update(SplittableRandom random, String stream, Writer writer) {
    List<StateItem> set = new ArrayList<>();
    List<String> removed = new ArrayList<>();
    for (int key = 0; key < KEYS; key++) {
      int kind = random.nextInt(4);
      if (kind == 0) {
        removed.add("k" + key);
      } else if (kind == 1) {
        values++;
        byte[] value = Long.toString(values).getBytes(StandardCharsets.UTF_8);
        set.add(new StateItem("k" + key, "", 0, Bytes.of(value)));
      }
    }
    return new StreamCommand.Publish(stream, writer.epoch, writer.lastClientSeq, set, removed);
  }

  @Override
  public void heard(StateCommand command, Answer answer) {
    if (!(answer instanceof Answer.Outcome outcome)) {
      return;
    }
    if (command instanceof StreamCommand.Claim claim) {
      if (outcome.result() instanceof StreamCommand.Applied applied) {
        String key = claim.stream() + " epoch " + applied.epoch();
        Violation.unless(acknowledged.put(key, applied.seq()) == null, "%s was given twice", key);
        writers.put(claim.stream() + claim.instance(), new Writer(applied.epoch()));
      }
    } else if (command instanceof StreamCommand.Publish publish) {
      heard(publish, (StreamCommand.Result) outcome.result());
    }
  }

  private void heard(StreamCommand.Publish publish, StreamCommand.Result result) {
    if (result instanceof StreamCommand.Applied applied) {
      String key = publish.stream() + " " + publish.epoch() + " " + publish.clientSeq();
      Long before = acknowledged.put(key, applied.seq());
      Violation.unless(
          before == null || before == applied.seq(),
          "%s was done as %s and as %s",
          key,
          before,
          applied.seq());
    }
    for (String key : List.copyOf(writers.keySet())) {
      Writer writer = writers.get(key);
      if (writer != null && publish.equals(writer.pending)) {
        if (result instanceof StreamCommand.Applied) {
          writer.pending = null;
        } else if (result instanceof StreamCommand.Rejected rejected) {
          Violation.unless(
              rejected.reason() instanceof StreamCommand.StaleWriter,
              "%s was refused: %s",
              publish,
              rejected);
          writers.remove(key);
        }
      }
    }
  }

  /** Epochs and positions only grow, and each update takes the next place. */
  @Override
  public void succeeded(ReplicatedState before, ReplicatedState after) {
    StreamTables old = (StreamTables) before;
    for (StreamState stream : ((StreamTables) after).streams()) {
      StreamState was = old.stream(stream.name());
      Violation.unless(
          stream.epoch() >= was.epoch()
              && (stream.seq() == was.seq() || stream.seq() == was.seq() + 1),
          "%s came out of %s",
          stream,
          was);
    }
  }
}
