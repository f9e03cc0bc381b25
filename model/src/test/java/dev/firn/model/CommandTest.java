package dev.firn.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firn.model.CommandResult.Applied;
import dev.firn.model.CommandResult.Rejected;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Commands against a naive registry, and what a store and a slave make of their results. */
final class CommandTest {
  @Provide
  Arbitrary<List<Command>> commands() {
    Arbitrary<String> names = Arbitraries.of("a", "b", "c", "d");
    Arbitrary<String> groups = Arbitraries.of("", "g", "h");
    Arbitrary<String> adapters = Arbitraries.of("p", "q", "r", "g");
    Arbitrary<ObjectEntry> objects =
        Combinators.combine(names, Arbitraries.of("1", "2"), Arbitraries.of("", "::T", "::U"))
            .as(Rows::object);
    Arbitrary<Command> commands =
        Arbitraries.oneOf(
            objects.map(Command.AddObject::new),
            objects.map(entry -> new Command.UpdateObject(entry.id(), entry.proxy())),
            names.map(name -> new Command.RemoveObject(Rows.id(name))),
            Combinators.combine(adapters, Arbitraries.of("1", "2"), groups)
                .as((id, value, group) -> new Command.SetAdapter(Rows.adapter(id, value, group))),
            adapters.map(Command.ClearAdapter::new),
            Arbitraries.oneOf(adapters, Arbitraries.of("g", "h")).map(Command.RemoveAdapter::new),
            objects.list().ofMaxSize(3).map(Command.PublishWellKnown::new),
            names.map(Rows::id).list().ofMaxSize(3).map(Command.WithdrawWellKnown::new),
            objects.map(Command.SaveNode::new),
            names.map(name -> new Command.ForgetNode(Rows.id(name))));
    return commands.list().ofMaxSize(40);
  }

  @Property(seed = "20261122")
  void commandsDoWhatTheNaiveRegistryDoes(@ForAll("commands") List<Command> commands) {
    NaiveRegistry naive = new NaiveRegistry();
    RegistryTables tables = RegistryTables.EMPTY;
    for (Command command : commands) {
      RegistryTables before = tables;
      CommandResult result = command.applyTo(tables);
      Optional<Rejection.Reason> rejection = naive.execute(command);
      if (result instanceof Rejected rejected) {
        assertThat(rejection).contains(rejected.rejection().reason());
      } else {
        Applied applied = (Applied) result;
        assertThat(rejection).isEmpty();
        if (applied.rows().isEmpty()) {
          assertThat(applied.tables()).isSameAs(before);
          assertThat(applied.events()).isEmpty();
        }
        tables = applied.tables();
      }
      requireSame(tables, naive);
    }
  }

  @Property(seed = "20261122")
  void theRowsAreTheWholeChange(@ForAll("commands") List<Command> commands) {
    RegistryTables tables = RegistryTables.EMPTY;
    RegistryTables stored = RegistryTables.EMPTY;
    for (Command command : commands) {
      if (command.applyTo(tables) instanceof Applied applied) {
        tables = applied.tables();
        for (RowChange row : applied.rows()) {
          requireTruePrevious(stored, row);
          stored = stored.with(row);
        }
      }
      requireSame(stored, tables);
    }
  }

  @Property(seed = "20261122")
  void aSlaveThatAppliesTheEventsHasTheSameTables(@ForAll("commands") List<Command> commands) {
    RegistryTables master = RegistryTables.EMPTY;
    RegistryTables slave = RegistryTables.EMPTY;
    for (Command command : commands) {
      if (command.applyTo(master) instanceof Applied applied) {
        master = applied.tables();
        List<Long> serials = Collections.nCopies(applied.events().size(), applied.dbSerial());
        slave =
            applied(new Command.Replicate(applied.events(), serials, Optional.empty()), slave)
                .tables();
      }
      assertThat(slave.sameReplicatedContent(master)).isTrue();
      assertThat(slave.nodes()).isEmpty();
    }
  }

  @Property(seed = "20261122")
  void aSynchronisationMakesAnyTablesTheMasters(
      @ForAll("commands") List<Command> ofMaster, @ForAll("commands") List<Command> ofSlave) {
    RegistryTables master = after(ofMaster);
    RegistryTables slave = after(ofSlave);
    List<RegistryEvent> whole =
        List.of(
            new RegistryEvent.ApplicationsReplaced(List.copyOf(master.applications())),
            new RegistryEvent.AdaptersReplaced(List.copyOf(master.adapters())),
            new RegistryEvent.ObjectsReplaced(List.copyOf(master.objects())));
    Serials serials = master.serials();
    Applied applied =
        applied(
            new Command.Replicate(
                whole,
                List.of(serials.applications(), serials.adapters(), serials.objects()),
                Optional.of(7L)),
            slave);

    assertThat(applied.tables().sameReplicatedContent(master)).isTrue();
    assertThat(applied.tables().nodes()).containsExactlyElementsOf(slave.nodes());
    assertThat(applied.tables().epoch()).isEqualTo(new Epoch(7, false));
    RegistryTables stored = slave;
    for (RowChange row : applied.rows()) {
      stored = stored.with(row);
    }
    requireSame(stored, applied.tables());
  }

  @Example
  void anIdThatComesTwiceInAWholeTableCountsOnce() {
    List<ObjectEntry> objects = List.of(Rows.object("a", "1", "::T"), Rows.object("a", "2", "::U"));
    List<AdapterEntry> adapters = List.of(Rows.adapter("p", "1", "g"), Rows.adapter("p", "2", "h"));
    RegistryTables tables =
        applied(
                new Command.Replicate(
                    List.of(
                        new RegistryEvent.ObjectsReplaced(objects),
                        new RegistryEvent.AdaptersReplaced(adapters)),
                    List.of(2L, 2L),
                    Optional.empty()),
                RegistryTables.EMPTY)
            .tables();

    assertThat(tables.objects()).containsExactly(objects.get(1));
    assertThat(tables.objectsOfType("::T")).isEmpty();
    assertThat(tables.adapters()).containsExactly(adapters.get(1));
    assertThat(tables.replicaGroups()).containsExactly("h");
  }

  @Property(seed = "20261122")
  void tablesBuiltAtOnceAreTheSame(@ForAll("commands") List<Command> commands) {
    RegistryTables tables = after(commands);
    RegistryTables built =
        RegistryTables.of(
            tables.applications(),
            tables.adapters(),
            tables.objects(),
            tables.nodes(),
            tables.serials(),
            tables.epoch());

    requireSame(built, tables);
    assertThat(built.sameReplicatedContent(tables)).isTrue();
  }

  @Example
  void applicationsAreRemovedAndCounted() {
    ApplicationEntry entry = Applications.entry("App", 1);
    RegistryTables tables = RegistryTables.EMPTY.with(new RowChange.PutApplication(entry));

    assertThat(new Command.RemoveApplication("Other").applyTo(tables))
        .isEqualTo(new Rejected(new Rejection(Rejection.Reason.APPLICATION_NOT_EXIST, "Other")));
    Applied removed = applied(new Command.RemoveApplication("App"), tables);
    assertThat(removed.tables().findApplication("App")).isNull();
    assertThat(removed.dbSerial()).isEqualTo(2);
    assertThat(removed.events()).containsExactly(new RegistryEvent.ApplicationRemoved("App"));
  }

  @Example
  void applicationsAreReplicated() {
    ApplicationEntry entry = Applications.entry("App", 1);
    RegistryTables with =
        applied(
                new Command.Replicate(
                    List.of(new RegistryEvent.ApplicationAdded(entry)),
                    List.of(5L),
                    Optional.of(0L)),
                RegistryTables.EMPTY)
            .tables();
    assertThat(with.findApplication("App")).isEqualTo(entry);
    assertThat(with.serials().applications()).isEqualTo(5);

    RegistryTables without =
        applied(
                new Command.Replicate(
                    List.of(new RegistryEvent.ApplicationRemoved("App")),
                    List.of(6L),
                    Optional.of(0L)),
                with)
            .tables();
    assertThat(without.applications()).isEmpty();
  }

  @Example
  void anEpochIsRaisedOnceForEachReign() {
    RegistryTables first = applied(new Command.BecomeMaster(), RegistryTables.EMPTY).tables();
    assertThat(first.epoch()).isEqualTo(new Epoch(1, true));
    assertThat(applied(new Command.BecomeMaster(), first).rows()).isEmpty();

    RegistryTables slave = applied(new Command.BecomeReplica(), first).tables();
    assertThat(slave.epoch()).isEqualTo(new Epoch(1, false));
    assertThat(applied(new Command.BecomeReplica(), slave).rows()).isEmpty();
    assertThat(applied(new Command.BecomeMaster(), slave).tables().epoch())
        .isEqualTo(new Epoch(2, true));
  }

  @Example
  void onlyCommandsAboutTheRegistryItselfAreLocal() {
    List<Command> local =
        List.of(
            new Command.PublishWellKnown(List.of()),
            new Command.WithdrawWellKnown(List.of()),
            new Command.SaveNode(Rows.object("n", "1", "")),
            new Command.ForgetNode(Rows.id("n")),
            new Command.BecomeReplica());
    List<Command> others =
        List.of(
            new Command.AddObject(Rows.object("a", "1", "")),
            new Command.UpdateObject(Rows.id("a"), Rows.proxy("a", "1")),
            new Command.RemoveObject(Rows.id("a")),
            new Command.SetAdapter(Rows.adapter("p", "1", "")),
            new Command.ClearAdapter("p"),
            new Command.RemoveAdapter("p"),
            new Command.AddApplication(Applications.entry("App", 1)),
            new Command.UpdateApplication(
                Applications.entry("App", 2),
                Applications.entry("App", 1),
                Applications.unchanged("App")),
            new Command.RemoveApplication("App"),
            Command.Tried.of(new Command.RemoveApplication("App"), RegistryTables.EMPTY),
            new Command.Replicate(List.of(), List.of(), Optional.empty()),
            new Command.BecomeMaster());
    assertThat(local).allMatch(Command::isLocal);
    assertThat(others).noneMatch(Command::isLocal);
    assertThat(local.size() + others.size())
        .isEqualTo(Command.class.getPermittedSubclasses().length);
  }

  @Example
  void whatWasTriedIsAppliedAnewUnlessTheTablesAreTheSame() {
    var add = new Command.AddApplication(Applications.entry("App", 1));
    var tried = Command.Tried.of(add, RegistryTables.EMPTY);

    assertThat(tried.applyTo(RegistryTables.EMPTY)).isSameAs(tried.result());

    RegistryTables after = ((CommandResult.Applied) tried.result()).tables();
    assertThat(tried.applyTo(after)).isEqualTo(add.applyTo(after));
    assertThat(tried.applyTo(after)).isInstanceOf(CommandResult.Rejected.class);
  }

  @Example
  void valuesCheckThemselves() {
    assertThatThrownBy(() -> Rows.adapter("", "1", ""))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Epoch(-1, false)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ObjectEntry.of(EncodedProxy.NULL, ""))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                new Command.Replicate(
                    List.of(new RegistryEvent.AdapterRemoved("p")), List.of(), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Example
  void identitiesAreOrderedByNameThenCategory() {
    assertThat(
            List.of(
                    new ObjectId("a", "c2"),
                    new ObjectId("b", "c1"),
                    new ObjectId("a", "c1"),
                    new ObjectId("z", ""))
                .stream()
                .sorted())
        .containsExactly(
            new ObjectId("a", "c1"),
            new ObjectId("a", "c2"),
            new ObjectId("b", "c1"),
            new ObjectId("z", ""));
    assertThat(new ObjectId("n", "c")).hasToString("c/n");
    assertThat(new ObjectId("n", "")).hasToString("n");
  }

  private static RegistryTables after(List<Command> commands) {
    RegistryTables tables = RegistryTables.EMPTY;
    for (Command command : commands) {
      if (command.applyTo(tables) instanceof Applied applied) {
        tables = applied.tables();
      }
    }
    return tables;
  }

  private static Applied applied(Command command, RegistryTables tables) {
    CommandResult result = command.applyTo(tables);
    assertThat(result).isInstanceOf(Applied.class);
    return (Applied) result;
  }

  private static void requireTruePrevious(RegistryTables stored, RowChange row) {
    if (row instanceof RowChange.PutObject put) {
      assertThat(put.previous())
          .isEqualTo(Optional.ofNullable(stored.findObject(put.entry().id())));
    } else if (row instanceof RowChange.DeleteObject delete) {
      assertThat(stored.findObject(delete.previous().id())).isEqualTo(delete.previous());
    } else if (row instanceof RowChange.PutAdapter put) {
      assertThat(put.previous())
          .isEqualTo(Optional.ofNullable(stored.findAdapter(put.entry().id())));
    } else if (row instanceof RowChange.DeleteAdapter delete) {
      assertThat(stored.findAdapter(delete.previous().id())).isEqualTo(delete.previous());
    } else if (row instanceof RowChange.PutNode put) {
      assertThat(put.previous()).isEqualTo(Optional.ofNullable(stored.findNode(put.entry().id())));
    } else if (row instanceof RowChange.DeleteNode delete) {
      assertThat(stored.findNode(delete.previous().id())).isEqualTo(delete.previous());
    }
  }

  private static void requireSame(RegistryTables tables, NaiveRegistry naive) {
    assertThat(tables.objects()).containsExactlyElementsOf(naive.objects.values());
    assertThat(tables.adapters()).containsExactlyElementsOf(naive.adapters.values());
    assertThat(tables.nodes()).containsExactlyElementsOf(naive.nodes.values());
    assertThat(tables.serials()).isEqualTo(new Serials(1, naive.adapterSerial, naive.objectSerial));
    for (String group : List.of("g", "h")) {
      assertThat(tables.adaptersOfReplicaGroup(group))
          .containsExactlyElementsOf(
              naive.adapters.values().stream()
                  .filter(entry -> entry.replicaGroupId().equals(group))
                  .toList());
    }
    for (String type : List.of("::T", "::U")) {
      assertThat(tables.objectsOfType(type))
          .containsExactlyElementsOf(
              naive.objects.values().stream().filter(entry -> entry.type().equals(type)).toList());
    }
  }

  private static void requireSame(RegistryTables tables, RegistryTables others) {
    assertThat(tables.objects()).containsExactlyElementsOf(others.objects());
    assertThat(tables.adapters()).containsExactlyElementsOf(others.adapters());
    assertThat(tables.nodes()).containsExactlyElementsOf(others.nodes());
    assertThat(tables.serials()).isEqualTo(others.serials());
    assertThat(tables.epoch()).isEqualTo(others.epoch());
    assertThat(tables.replicaGroups()).containsExactlyElementsOf(others.replicaGroups());
  }
}
