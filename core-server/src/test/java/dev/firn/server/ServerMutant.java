package dev.firn.server;

import dev.firn.server.ServerOutput.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A defect that is put into every machine of a simulation, at its inputs or outputs. */
@SuppressWarnings("ImmutableEnumChecker") // the functions have no state
enum ServerMutant {
  NONE,
  FORGETS_WHO_STOPS(
      outputs(output -> answers(output, ServerAnswer.Done.class) ? none() : one(output))),
  FORGETS_WHO_FAILS_TO_START(
      outputs(output -> answers(output, ServerAnswer.StartRefused.class) ? none() : one(output))),
  ANSWERS_TWICE(
      outputs(
          output ->
              answers(output, ServerAnswer.Loaded.class) ? List.of(output, output) : one(output))),
  NEVER_KILLS(outputs(output -> output instanceof ServerOutput.Kill ? none() : one(output))),
  LAUNCHES_TWICE(
      outputs(
          output -> output instanceof ServerOutput.Launch ? List.of(output, output) : one(output))),
  REMEMBERS_NOTHING(
      outputs(output -> output instanceof ServerOutput.Remember ? none() : one(output))),
  REMEMBERS_LAST(new Outputs(ServerMutant::rememberedLast)),
  TELLS_NOBODY_OF_SERVERS(
      outputs(output -> output instanceof ServerOutput.ServerChanged ? none() : one(output))),
  TELLS_NOBODY_OF_ADAPTERS(
      outputs(output -> output instanceof ServerOutput.AdapterChanged ? none() : one(output))),
  MISSES_EXITS(inputs(input -> input instanceof ServerInput.Exited ? none() : one(input))),
  MISSES_LAUNCHES_THAT_FAIL(
      inputs(input -> input instanceof ServerInput.LaunchFailed ? none() : one(input))),
  MISSES_WRITES(inputs(input -> input instanceof ServerInput.Written ? none() : one(input))),
  MISSES_TIME(inputs(input -> input instanceof ServerInput.Tick ? none() : one(input))),
  TAKES_FAILED_WRITES_FOR_DONE(
      inputs(
          input ->
              input instanceof ServerInput.Written
                  ? one(new ServerInput.Written(java.util.Optional.empty()))
                  : one(input))),
  TAKES_TIMED_OUT_FOR_GONE(
      inputs(
          input ->
              input instanceof ServerInput.ShutdownFailed failed
                  ? one(new ServerInput.Exited(failed.run(), ProcessExit.code(0)))
                  : one(input))),
  REFUSES_WHAT_IS_EARLY(
      inputs(
          input ->
              input instanceof ServerInput.Load load && load.replica().equals("Replica")
                  ? one(
                      new ServerInput.Load(
                          load.caller(), Servers.server("manual", 0), "Replica", false))
                  : one(input))),
  NEVER_ADOPTS(inputs(input -> input instanceof ServerInput.Adopted ? none() : one(input)));

  private final UnaryOperator<List<ServerInput>> inputs;
  private final UnaryOperator<List<ServerOutput>> outputs;

  ServerMutant() {
    this(inputs(ServerMutant::one), outputs(ServerMutant::one));
  }

  ServerMutant(Inputs inputs) {
    this(inputs, outputs(ServerMutant::one));
  }

  ServerMutant(Outputs outputs) {
    this(inputs(ServerMutant::one), outputs);
  }

  ServerMutant(Inputs inputs, Outputs outputs) {
    this.inputs = inputs.change();
    this.outputs = outputs.change();
  }

  List<ServerOutput> step(ServerMachine machine, long nowMillis, ServerInput input) {
    List<ServerOutput> performed = new ArrayList<>();
    for (ServerInput changed : inputs.apply(List.of(input))) {
      performed.addAll(outputs.apply(machine.step(nowMillis, changed)));
    }
    return performed;
  }

  private record Inputs(UnaryOperator<List<ServerInput>> change) {}

  private record Outputs(UnaryOperator<List<ServerOutput>> change) {}

  private static Inputs inputs(Function<ServerInput, List<ServerInput>> change) {
    return new Inputs(list -> list.stream().flatMap(each -> change.apply(each).stream()).toList());
  }

  private static Outputs outputs(Function<ServerOutput, List<ServerOutput>> change) {
    return new Outputs(list -> list.stream().flatMap(each -> change.apply(each).stream()).toList());
  }

  private static List<ServerOutput> rememberedLast(List<ServerOutput> outputs) {
    List<ServerOutput> last = new ArrayList<>(outputs);
    last.removeIf(ServerOutput.Remember.class::isInstance);
    outputs.stream().filter(ServerOutput.Remember.class::isInstance).forEach(last::add);
    return last;
  }

  private static boolean answers(ServerOutput output, Class<? extends ServerAnswer> kind) {
    return output instanceof Answer answer && kind.isInstance(answer.answer());
  }

  private static <T> List<T> one(T only) {
    return List.of(only);
  }

  private static <T> List<T> none() {
    return List.of();
  }
}
