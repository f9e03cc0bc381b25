package dev.firn.testkit;

import dev.firn.model.RegistryEvent;
import dev.firn.model.RegistryTables;
import dev.firn.model.RowChange;
import dev.firn.model.Topic;
import dev.firn.replication.Answer;
import dev.firn.replication.Input;
import dev.firn.replication.Output;
import dev.firn.replication.PushedUpdate;
import dev.firn.replication.RequestId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Cores that do one thing wrong, by changing what a right one takes and gives. */
enum Mutant {
  MASTER_ANSWERS_BEFORE_THE_WRITE("told a client") {
    @Override
    Core master(Core core) {
      return new Broken(core) {
        private final Set<Long> answered = new TreeSet<>();

        @Override
        public List<Output> step(long nowMillis, Input input) {
          List<Output> outputs = without(give(nowMillis, input), answered);
          if (input instanceof Input.Submit submit && endsWithPersist(outputs)) {
            answered.add(submit.request().value());
            outputs.add(0, new Output.Reply(submit.request(), new Answer.Done()));
          }
          return outputs;
        }
      };
    }
  },

  MASTER_DOES_NOT_WAIT_FOR_SLAVES("told a client") {
    @Override
    Core master(Core core) {
      return new Broken(core) {
        private final Set<Long> answered = new TreeSet<>();
        private final List<RequestId> submitted = new ArrayList<>();

        @Override
        public List<Output> step(long nowMillis, Input input) {
          if (input instanceof Input.Submit submit) {
            submitted.add(submit.request());
          }
          List<Output> outputs = without(give(nowMillis, input), answered);
          for (Output output : List.copyOf(outputs)) {
            if (output instanceof Output.Reply reply) {
              submitted.remove(reply.request());
            }
          }
          if (input instanceof Input.Persisted && !submitted.isEmpty()) {
            RequestId request = submitted.remove(0);
            answered.add(request.value());
            outputs.add(1, new Output.Reply(request, new Answer.Done()));
          }
          return outputs;
        }
      };
    }
  },

  MASTER_FORGETS_WHO_WAITS_WHEN_A_SESSION_ENDS("a client waits") {
    @Override
    Core master(Core core) {
      return new Broken(core) {
        @Override
        public List<Output> step(long nowMillis, Input input) {
          List<Output> outputs = give(nowMillis, input);
          if (outputs.stream().anyMatch(Output.ReplicaDown.class::isInstance)) {
            outputs.removeIf(
                output ->
                    output instanceof Output.Reply reply && reply.answer() instanceof Answer.Done);
          }
          return outputs;
        }
      };
    }
  },

  MASTER_BEARS_WITH_SILENT_SLAVES("a client waits") {
    @Override
    Core master(Core core) {
      return new Broken(core) {
        @Override
        public List<Output> step(long nowMillis, Input input) {
          return input instanceof Input.Tick ? List.of() : give(nowMillis, input);
        }
      };
    }
  },

  MASTER_TAKES_ANY_DATABASE("went back") {
    @Override
    Core master(Core core) {
      return new Broken(core) {
        @Override
        public List<Output> step(long nowMillis, Input input) {
          return give(
              nowMillis,
              input instanceof Input.Subscribe subscribe
                  ? new Input.Subscribe(
                      subscribe.request(), subscribe.session(), Optional.empty(), Optional.empty())
                  : input);
        }
      };
    }
  },

  MASTER_DOES_NOT_WAIT_FOR_THE_DELIVERY("two pushes") {
    @Override
    Core master(Core core) {
      return new Broken(core) {
        @Override
        public List<Output> step(long nowMillis, Input input) {
          if (input instanceof Input.PushDelivered) {
            return List.of();
          }
          List<Output> outputs = give(nowMillis, input);
          if (!endsWithPersist(outputs)) {
            for (Output output : List.copyOf(outputs)) {
              if (output instanceof Output.Push push) {
                outputs.addAll(give(nowMillis, new Input.PushDelivered(push.session())));
              }
            }
          }
          return outputs;
        }
      };
    }
  },

  SLAVE_PUBLISHES_BEFORE_THE_WRITE("not on its disk") {
    @Override
    Core slave(Core core) {
      return new Broken(core) {
        @Override
        public List<Output> step(long nowMillis, Input input) {
          List<Output> outputs = give(nowMillis, input);
          if (endsWithPersist(outputs)) {
            RegistryTables tables = tables();
            for (RowChange row : ((Output.Persist) outputs.get(outputs.size() - 1)).rows()) {
              tables = tables.with(row);
            }
            outputs.add(outputs.size() - 1, new Output.Publish(tables, List.of()));
          }
          return outputs;
        }
      };
    }
  },

  EVERYBODY_IGNORES_FAILED_WRITES("not on its disk") {
    @Override
    Core slave(Core core) {
      return new Broken(core) {
        @Override
        public List<Output> step(long nowMillis, Input input) {
          return give(
              nowMillis, input instanceof Input.PersistFailed ? new Input.Persisted() : input);
        }
      };
    }

    @Override
    Core master(Core core) {
      return slave(core);
    }
  },

  SLAVE_ACKNOWLEDGES_BEFORE_THE_WRITE("which is not on its disk") {
    @Override
    Core slave(Core core) {
      return new Broken(core) {
        @Override
        public List<Output> step(long nowMillis, Input input) {
          List<Output> outputs = give(nowMillis, input);
          outputs.removeIf(Output.Acknowledge.class::isInstance);
          if (input instanceof Input.UpdateReceived received && endsWithPersist(outputs)) {
            PushedUpdate update = received.update();
            outputs.add(
                0,
                new Output.Acknowledge(
                    received.attempt(), update.event().topic(), update.serial(), ""));
          }
          return outputs;
        }
      };
    }
  },

  SLAVE_APPLIES_SNAPSHOTS_ONE_BY_ONE("tables of different moments") {
    @Override
    Core slave(Core core) {
      return new Broken(core) {
        private long completed;

        @Override
        public List<Output> step(long nowMillis, Input input) {
          List<Output> outputs = new ArrayList<>();
          if (input instanceof Input.UpdateReceived received && received.attempt() > completed) {
            // The first table is completed with the own, old ones; the others come later.
            completed = received.attempt();
            for (RegistryEvent own : whole(tables())) {
              if (own.topic() != received.update().event().topic()) {
                long serial = tables().serials().of(own.topic());
                outputs.addAll(
                    give(
                        nowMillis,
                        new Input.UpdateReceived(
                            received.attempt(),
                            new PushedUpdate(
                                own, -1, Optional.of(serial), received.update().epochNumber()))));
              }
            }
          }
          outputs.addAll(give(nowMillis, input));
          return outputs;
        }
      };
    }

    private List<RegistryEvent> whole(RegistryTables tables) {
      return List.of(
          new RegistryEvent.ApplicationsReplaced(List.copyOf(tables.applications())),
          new RegistryEvent.AdaptersReplaced(List.copyOf(tables.adapters())),
          new RegistryEvent.ObjectsReplaced(List.copyOf(tables.objects())));
    }
  },

  SLAVE_IGNORES_GAPS_AND_MASTER_FAILED_PUSHES("shows") {
    @Override
    Core master(Core core) {
      return new Broken(core) {
        @Override
        public List<Output> step(long nowMillis, Input input) {
          return give(
              nowMillis,
              input instanceof Input.PushFailed failed
                  ? new Input.PushDelivered(failed.session())
                  : input);
        }
      };
    }

    @Override
    Core slave(Core core) {
      return new Renumbering(core, false);
    }
  },

  SLAVE_BELIEVES_ITS_FORMER_MASTER_AND_IGNORES_GAPS("shows|went back") {
    @Override
    Core slave(Core core) {
      return new Renumbering(core, true);
    }
  };

  private final String symptom;

  Mutant(String symptom) {
    this.symptom = symptom;
  }

  /** What the simulator says about it, a regular expression. */
  String symptom() {
    return symptom;
  }

  Core master(Core core) {
    return core;
  }

  Core slave(Core core) {
    return core;
  }

  Core wrap(Core core, boolean master) {
    return master ? master(core) : slave(core);
  }

  /** A core around a right one. */
  private abstract static class Broken implements Core {
    private final Core core;

    Broken(Core core) {
      this.core = core;
    }

    final List<Output> give(long nowMillis, Input input) {
      return new ArrayList<>(core.step(nowMillis, input));
    }

    @Override
    public RegistryTables tables() {
      return core.tables();
    }

    static boolean endsWithPersist(List<Output> outputs) {
      return !outputs.isEmpty() && outputs.get(outputs.size() - 1) instanceof Output.Persist;
    }

    static List<Output> without(List<Output> outputs, Set<Long> answered) {
      outputs.removeIf(
          output ->
              output instanceof Output.Reply reply && answered.contains(reply.request().value()));
      return outputs;
    }
  }

  /** Numbers updates as they come, so that none seems to be missing. */
  private static final class Renumbering extends Broken {
    private final boolean believesAll;
    private final Map<Topic, Integer> last = new EnumMap<>(Topic.class);
    private final Map<Topic, Map<Integer, Integer>> real = new EnumMap<>(Topic.class);
    private long attempt;

    /**
     * @param believesAll whether updates of attempts that were given up count as well
     */
    Renumbering(Core core, boolean believesAll) {
      super(core);
      this.believesAll = believesAll;
    }

    @Override
    public List<Output> step(long nowMillis, Input input) {
      List<Output> outputs =
          give(
              nowMillis,
              input instanceof Input.UpdateReceived received ? renumbered(received) : input);
      for (Output output : outputs) {
        if (output instanceof Output.Connect connect) {
          attempt = connect.attempt();
        }
      }
      outputs.replaceAll(
          output -> output instanceof Output.Acknowledge acknowledge ? real(acknowledge) : output);
      return outputs;
    }

    private Input renumbered(Input.UpdateReceived received) {
      PushedUpdate update = received.update();
      Topic topic = update.event().topic();
      int serial = last.merge(topic, 1, Integer::sum);
      serialsOf(topic).put(serial, update.serial());
      return new Input.UpdateReceived(
          believesAll ? attempt : received.attempt(),
          new PushedUpdate(update.event(), serial, update.dbSerial(), update.epochNumber()));
    }

    private Output real(Output.Acknowledge acknowledge) {
      int serial =
          serialsOf(acknowledge.topic()).getOrDefault(acknowledge.serial(), acknowledge.serial());
      return new Output.Acknowledge(
          acknowledge.attempt(), acknowledge.topic(), serial, acknowledge.failure());
    }

    private Map<Integer, Integer> serialsOf(Topic topic) {
      return real.computeIfAbsent(topic, unused -> new TreeMap<>());
    }
  }
}
