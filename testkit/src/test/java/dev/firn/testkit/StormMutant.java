package dev.firn.testkit;

import dev.firn.election.Answer;
import dev.firn.election.ElectionConfig;
import dev.firn.election.ElectionTiming;
import dev.firn.election.Input;
import dev.firn.election.LogPosition;
import dev.firn.election.Message;
import dev.firn.election.NodeState;
import dev.firn.election.Output;
import dev.firn.election.ReplicaId;
import dev.firn.election.ReplicatedState;
import dev.firn.election.RequestId;
import dev.firn.election.StateChange;
import dev.firn.election.SubscriberRecord;
import dev.firn.election.Topic;
import dev.firn.election.TopicChange;
import dev.firn.election.TopicContent;
import dev.firn.election.TopicTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The defects that the storm must not have, planted one by one into every replica. */
enum StormMutant implements StormCore.Alteration {
  POSITION_FORGOTTEN_AT_START("the stored position is overwritten at each start (#5845)") {
    @Override
    public ReplicatedState loaded(ReplicatedState tables) {
      return tables.with(List.of(new StateChange.SetPosition(LogPosition.ZERO)));
    }
  },

  PROMISE_FORGOTTEN_AT_START("a promise does not survive a restart") {
    @Override
    public ReplicatedState loaded(ReplicatedState tables) {
      return tables.with(List.of(new StateChange.SetPromise(0)));
    }
  },

  OWN_POSITION_DOES_NOT_COUNT("the new generation need not exceed the coordinator's own (#5846)") {
    @Override
    public StormCore core(StormCore core, ElectionConfig config) {
      return new BrokenCore(core) {
        @Override
        void outputs(long nowMillis, Input input, List<Output> outputs) {
          long own = core.state().position().generation();
          if (isOwn() && is(NodeState.REORGANIZATION) && own > 0) {
            replaceChanges(
                outputs,
                change ->
                    change instanceof StateChange.SetPosition set && set.position().iteration() == 0
                        ? Stream.of(new StateChange.SetPosition(new LogPosition(own, 0)))
                        : Stream.of(change));
          }
        }
      };
    }
  },

  PROPOSAL_IS_THE_POSITION("what is proposed counts as what one has, before anybody confirmed it") {
    @Override
    public StormCore core(StormCore core, ElectionConfig config) {
      return new BrokenCore(core) {
        @Override
        void outputs(long nowMillis, Input input, List<Output> outputs) {
          replaceChanges(
              outputs,
              change ->
                  change instanceof StateChange.SetPromise set
                      ? Stream.of(
                          set, new StateChange.SetPosition(new LogPosition(set.generation(), 0)))
                      : Stream.of(change));
        }
      };
    }
  },

  INVITED_DO_NOT_PROMISE("who accepts an invitation does not store the promise") {
    @Override
    public StormCore core(StormCore core, ElectionConfig config) {
      return new BrokenCore(core) {
        @Override
        void outputs(long nowMillis, Input input, List<Output> outputs) {
          if (input instanceof Input.Told) {
            replaceChanges(
                outputs,
                change ->
                    change instanceof StateChange.SetPromise ? Stream.of() : Stream.of(change));
          }
        }
      };
    }
  },

  NEWEST_TOPICS_ARE_NOT_FETCHED("the coordinator imposes its own topics") {
    @Override
    public StormCore core(StormCore core, ElectionConfig config) {
      return new BrokenCore(core) {
        @Override
        Optional<Input> input(Input input) {
          return Optional.of(
              input instanceof Input.Told told && told.message() instanceof Message.Accept accept
                  ? new Input.Told(
                      new Message.Accept(
                          accept.from(),
                          accept.group(),
                          accept.forwarded(),
                          accept.observer(),
                          LogPosition.ZERO,
                          accept.max()))
                  : input);
        }
      };
    }
  },

  STUCK_IN_REORGANIZATION("nothing ends the wait for the inviter (#5848)") {
    @Override
    public StormCore core(StormCore core, ElectionConfig config) {
      return new BrokenCore(core) {
        private boolean waits() {
          return is(NodeState.REORGANIZATION) && !isOwn();
        }

        @Override
        Optional<Input> input(Input input) {
          boolean timer = input instanceof Input.Tick || input instanceof Input.CallFailed;
          return timer && waits() ? Optional.empty() : Optional.of(input);
        }

        @Override
        public long wakeAtMillis() {
          return waits() ? Long.MAX_VALUE : super.wakeAtMillis();
        }
      };
    }
  },

  ONE_THAT_FAILS_FAILS_ALL("a group needs everybody who was invited (#5849)") {
    @Override
    public StormCore core(StormCore core, ElectionConfig config) {
      return new BrokenCore(core) {
        private final Set<ReplicaId> missing = new TreeSet<>();
        private final List<Input> kept = new ArrayList<>();

        @Override
        Optional<Input> input(Input input) {
          if (input instanceof Input.Told told && told.message() instanceof Message.Accept accept) {
            missing.remove(accept.from());
            if (!missing.isEmpty()) {
              kept.add(input);
              return Optional.empty();
            }
          }
          return Optional.of(input);
        }

        @Override
        void outputs(long nowMillis, Input input, List<Output> outputs) {
          if (missing.isEmpty()) {
            kept.forEach(accept -> outputs.addAll(core.step(nowMillis, accept)));
            kept.clear();
          }
          List<ReplicaId> invited =
              outputs.stream()
                  .flatMap(o -> o instanceof Output.Tell tell ? Stream.of(tell) : Stream.of())
                  .filter(tell -> tell.message() instanceof Message.Invitation)
                  .map(Output.Tell::to)
                  .toList();
          if (!invited.isEmpty()) {
            kept.clear();
            missing.clear();
            missing.addAll(invited);
          }
        }
      };
    }
  },

  NO_BACK_OFF("who failed as a member is invited again and again (#6012)") {
    @Override
    public ElectionConfig config(ElectionConfig config) {
      ElectionTiming t = config.timing();
      ElectionTiming hasty =
          new ElectionTiming(
              t.heartbeatMillis(),
              t.heartbeatTimeoutMillis(),
              t.checkMillis(),
              t.inactiveCheckMillis(),
              t.priorityDelayMillis(),
              t.invitationMillis(),
              t.stateLimitMillis(),
              t.updateTimeoutMillis(),
              t.forwardTimeoutMillis(),
              1,
              1);
      return new ElectionConfig(
          config.self(),
          config.nodes(),
          config.coldStartMajority(),
          config.publishWhileElecting(),
          config.updatesPerCallMax(),
          config.waitingMax(),
          config.waitingMillisMax(),
          hasty);
    }
  },

  SUBSCRIBERS_COMPARED_BY_IDENTITY("who is there keeps its old proxy, QoS and cost (#5852)") {
    @Override
    public StormCore core(StormCore core, ElectionConfig config) {
      return onInit(core, (tables, content) -> content.stream().map(t -> kept(tables, t)).toList());
    }
  },

  DESTROYED_TOPICS_RETURN("topics that are not in the group's content stay (#5808, #5814)") {
    @Override
    public StormCore core(StormCore core, ElectionConfig config) {
      return onInit(
          core,
          (tables, content) ->
              Stream.concat(
                      content.stream(),
                      StormTables.contentOf(tables).stream()
                          .filter(own -> content.stream().noneMatch(t -> t.id().equals(own.id()))))
                  .toList());
    }
  },

  INIT_LACKS_A_SUBSCRIBER("the coordinator does not send what it cannot reach") {
    @Override
    public StormCore core(StormCore core, ElectionConfig config) {
      return new BrokenCore(core) {
        @Override
        void outputs(long nowMillis, Input input, List<Output> outputs) {
          outputs.replaceAll(
              output ->
                  output instanceof Output.AskObserver ask
                          && ask.message() instanceof Message.Init i
                      ? new Output.AskObserver(
                          ask.call(),
                          ask.to(),
                          ask.observer(),
                          new Message.Init(i.position(), shortened(TopicContent.all(i.content()))),
                          ask.timeoutMillis())
                      : output);
        }
      };
    }
  },

  DESTROYED_BEFORE_THE_COMMIT("readers see a topic gone that is not yet gone (#5851)") {
    @Override
    public StormCore core(StormCore core, ElectionConfig config) {
      return new BrokenCore(core) {
        @Override
        void outputs(long nowMillis, Input input, List<Output> outputs) {
          int last = outputs.size() - 1;
          if (last >= 0
              && outputs.get(last) instanceof Output.Persist persist
              && persist.changes().stream().anyMatch(TopicChange.DeleteTopic.class::isInstance)) {
            outputs.add(last, new Output.Publish(core.state().with(persist.changes())));
          }
        }
      };
    }
  },

  FAILED_UPDATE_IS_NOT_ANSWERED(
      "who forwarded to a coordinator that lost its group waits (#5656)") {
    @Override
    public StormCore core(StormCore core, ElectionConfig config) {
      return new BrokenCore(core) {
        @Override
        void outputs(long nowMillis, Input input, List<Output> outputs) {
          outputs.removeIf(
              output ->
                  output instanceof Output.Reply reply
                      && reply.answer() instanceof Answer.UnknownOutcome);
        }
      };
    }
  },

  REFUSAL_OF_A_MEMBER_IGNORED("a member that refused an update counts as up to date") {
    @Override
    public StormCore core(StormCore core, ElectionConfig config) {
      return new BrokenCore(core) {
        private final CallsOf updates = new CallsOf(Message.Update.class);

        @Override
        Optional<Input> input(Input input) {
          boolean refused =
              input instanceof Input.CallAnswered answered
                  && updates.has(answered.call())
                  && answered.answer() instanceof Answer.Inconsistent;
          return Optional.of(refused ? done(((Input.CallAnswered) input)) : input);
        }

        @Override
        void outputs(long nowMillis, Input input, List<Output> outputs) {
          updates.remember(outputs);
        }
      };
    }
  },

  DEAD_MEMBER_COUNTS("a member that does not answer counts as if it had") {
    @Override
    public StormCore core(StormCore core, ElectionConfig config) {
      return new BrokenCore(core) {
        private final CallsOf updates = new CallsOf(Message.Update.class);

        @Override
        Optional<Input> input(Input input) {
          return Optional.of(
              input instanceof Input.CallFailed failed && updates.has(failed.call())
                  ? new Input.CallAnswered(failed.call(), new Answer.Done())
                  : input);
        }

        @Override
        void outputs(long nowMillis, Input input, List<Output> outputs) {
          updates.remember(outputs);
        }
      };
    }
  },

  MEMBERS_ARE_NOT_AWAITED("an update is acknowledged when it is sent") {
    @Override
    public StormCore core(StormCore core, ElectionConfig config) {
      return new BrokenCore(core) {
        @Override
        void outputs(long nowMillis, Input input, List<Output> outputs) {
          for (Output output : List.copyOf(outputs)) {
            if (output instanceof Output.AskObserver ask
                && ask.message() instanceof Message.Update
                && !(outputs.get(outputs.size() - 1) instanceof Output.Persist)) {
              Input done = new Input.CallAnswered(ask.call(), new Answer.Done());
              outputs.addAll(core.step(nowMillis, done));
            }
          }
        }
      };
    }
  },

  MEMBER_CONFIRMS_BEFORE_THE_DISK("a member confirms an update before it is durable") {
    @Override
    public StormCore core(StormCore core, ElectionConfig config) {
      return new BrokenCore(core) {
        private final Set<RequestId> confirmed = new TreeSet<>();

        @Override
        void outputs(long nowMillis, Input input, List<Output> outputs) {
          outputs.removeIf(
              output ->
                  output instanceof Output.Reply reply && confirmed.contains(reply.request()));
          if (input instanceof Input.Asked asked
              && asked.message() instanceof Message.Update
              && !outputs.isEmpty()
              && outputs.get(outputs.size() - 1) instanceof Output.Persist) {
            confirmed.add(asked.request());
            outputs.add(0, new Output.Reply(asked.request(), new Answer.Done()));
          }
        }
      };
    }
  },

  ANY_UPDATE_IS_TAKEN("a member takes updates of other groups, and with gaps") {
    @Override
    public StormCore core(StormCore core, ElectionConfig config) {
      return new BrokenCore(core) {
        @Override
        Optional<Input> input(Input input) {
          return Optional.of(
              input instanceof Input.Asked asked && asked.message() instanceof Message.Update update
                  ? new Input.Asked(
                      asked.request(),
                      new Message.Update(core.state().position().next(), update.command()))
                  : input);
        }
      };
    }
  },

  MINORITY_SERVES("a few replicas believe that they are all") {
    @Override
    public ElectionConfig config(ElectionConfig config) {
      List<ReplicaId> few =
          config.nodes().stream()
              .filter(id -> id.compareTo(config.nodes().get(2)) <= 0 || id.equals(config.self()))
              .toList();
      return new ElectionConfig(
          config.self(),
          few,
          config.coldStartMajority(),
          config.publishWhileElecting(),
          config.updatesPerCallMax(),
          config.waitingMax(),
          config.waitingMillisMax(),
          config.timing());
    }
  },

  READS_WITHOUT_A_GROUP("reads are answered while there is no group") {
    @Override
    public StormCore core(StormCore core, ElectionConfig config) {
      return new BrokenCore(core) {
        @Override
        void outputs(long nowMillis, Input input, List<Output> outputs) {
          outputs.replaceAll(
              output ->
                  output instanceof Output.SetGates gates
                      ? new Output.SetGates(true, gates.publishOpen())
                      : output);
        }
      };
    }
  },

  COORDINATOR_IS_NOT_MISSED("a slave waits for ever for a coordinator that does not answer") {
    @Override
    public StormCore core(StormCore core, ElectionConfig config) {
      return new BrokenCore(core) {
        private final CallsOf heartbeats = new CallsOf(Message.AreYouThere.class);

        @Override
        Optional<Input> input(Input input) {
          return input instanceof Input.CallFailed failed && heartbeats.has(failed.call())
              ? Optional.empty()
              : Optional.of(input);
        }

        @Override
        void outputs(long nowMillis, Input input, List<Output> outputs) {
          heartbeats.remember(outputs);
        }
      };
    }
  };

  private final String defect;

  StormMutant(String defect) {
    this.defect = defect;
  }

  /** What is wrong with it, in words. */
  String defect() {
    return defect;
  }

  private interface Rewriting {
    Stream<StateChange> of(StateChange change);
  }

  private interface ContentRewriting {
    List<TopicContent> of(TopicTables own, List<TopicContent> content);
  }

  private static Input done(Input.CallAnswered answered) {
    return new Input.CallAnswered(answered.call(), new Answer.Done());
  }

  private static void replaceChanges(List<Output> outputs, Rewriting rewriting) {
    outputs.replaceAll(
        output ->
            output instanceof Output.Persist persist
                ? new Output.Persist(
                    persist.changes().stream().<StateChange>flatMap(rewriting::of).toList())
                : output);
  }

  private static StormCore onInit(StormCore core, ContentRewriting rewriting) {
    return new BrokenCore(core) {
      @Override
      Optional<Input> input(Input input) {
        return Optional.of(
            input instanceof Input.Asked asked && asked.message() instanceof Message.Init init
                ? new Input.Asked(
                    asked.request(),
                    new Message.Init(
                        init.position(),
                        rewriting.of((TopicTables) core.state(), TopicContent.all(init.content()))))
                : input);
      }
    };
  }

  private static TopicContent kept(TopicTables tables, TopicContent content) {
    Topic own = tables.find(Topic.nameOf(content.id()));
    if (own == null) {
      return content;
    }
    List<SubscriberRecord> records = new ArrayList<>();
    for (SubscriberRecord record : content.records()) {
      SubscriberRecord old = own.findSubscriber(record.id());
      records.add(old == null ? record : old);
    }
    return new TopicContent(content.id(), records);
  }

  private static List<TopicContent> shortened(List<TopicContent> content) {
    List<TopicContent> result = new ArrayList<>(content);
    result.replaceAll(
        topic ->
            topic.records().isEmpty()
                ? topic
                : new TopicContent(topic.id(), topic.records().subList(1, topic.records().size())));
    return result;
  }
}
