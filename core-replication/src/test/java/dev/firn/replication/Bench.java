package dev.firn.replication;

import dev.firn.model.Command;
import dev.firn.model.RegistryTables;
import java.util.ArrayList;
import java.util.List;

/** Drives a core: gives inputs, advances the time, hands out what it wants done. */
final class Bench {
  static final ReplicationConfig CONFIG = new ReplicationConfig(15_000, 10_000, 4, 2_000, 60_000);

  private final Replica replica;
  private long nowMillis = 1_000;

  private Bench(Replica replica) {
    this.replica = replica;
  }

  static Bench master() {
    return master(RegistryTables.EMPTY);
  }

  static Bench master(RegistryTables tables) {
    return new Bench(new Master(CONFIG, tables, false));
  }

  static Bench readOnlyMaster(RegistryTables tables) {
    return new Bench(new Master(CONFIG, tables, true));
  }

  static Bench slave() {
    return slave(RegistryTables.EMPTY);
  }

  static Bench slave(RegistryTables tables) {
    return new Bench(new Slave(CONFIG, tables));
  }

  Bench after(long millis) {
    nowMillis += millis;
    return this;
  }

  /** One input, all outputs. */
  List<Output> give(Input input) {
    return replica.step(nowMillis, input);
  }

  /** Inputs, the outputs of all without traces. */
  List<Output> work(Input... inputs) {
    List<Output> outputs = new ArrayList<>();
    for (Input input : inputs) {
      outputs.addAll(give(input));
    }
    outputs.removeIf(Bench::isTrace);
    return outputs;
  }

  List<Output> tick() {
    return work(new Input.Tick());
  }

  /** Submits a command whose rows are written. */
  List<Output> write(long request, Command command) {
    return work(new Input.Submit(new RequestId(request), command), new Input.Persisted());
  }

  RegistryTables tables() {
    return replica.tables();
  }

  private static boolean isTrace(Output output) {
    return output instanceof Output.Report report
        && report.severity() != Output.Severity.ERROR
        && report.severity() != Output.Severity.WARNING;
  }

  /** Tables with these commands done, whatever they say. */
  static RegistryTables tablesAfter(RegistryTables start, Command... commands) {
    RegistryTables tables = start;
    for (Command command : commands) {
      if (command.applyTo(tables) instanceof dev.firn.model.CommandResult.Applied applied) {
        tables = applied.tables();
      } else {
        throw new IllegalArgumentException("rejected: " + command);
      }
    }
    return tables;
  }
}
