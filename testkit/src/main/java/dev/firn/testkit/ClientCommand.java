package dev.firn.testkit;

import dev.firn.model.Command;
import dev.firn.model.RegistryEvent;
import dev.firn.model.Topic;
import dev.firn.replication.Answer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A command that a client submitted, and what became of it. */
public final class ClientCommand {
  private final Command command;
  private final long submittedMillis;
  private final Set<Integer> holders = new TreeSet<>();
  private @Nullable Answer answer;
  private Runnable next = () -> {};
  private @Nullable Lineage lineage;
  private long publication = -1;
  private long serial;

  ClientCommand(Command command, long submittedMillis) {
    this.command = command;
    this.submittedMillis = submittedMillis;
  }

  public Command command() {
    return command;
  }

  /** Empty while the client waits, and for ever if the master died. */
  public Optional<Answer> answer() {
    return Optional.ofNullable(answer);
  }

  public boolean isDone() {
    return answer instanceof Answer.Done;
  }

  void answered(Answer by) {
    answer = by;
    if (isDone()) {
      next.run();
    }
  }

  /** What the client does next, unless the command is refused or its outcome never known. */
  void whenDone(Runnable then) {
    next = then;
  }

  long submittedMillis() {
    return submittedMillis;
  }

  void published(Lineage in, long asPublication, long withSerial) {
    lineage = in;
    publication = asPublication;
    serial = withSerial;
  }

  boolean isPublished() {
    return publication >= 0;
  }

  /** Which of its master's publications it was. */
  long publication() {
    return publication;
  }

  long serial() {
    return serial;
  }

  @Nullable Lineage lineage() {
    return lineage;
  }

  /** The machines that must have it, because the master waited for them. */
  Set<Integer> holders() {
    return holders;
  }

  Topic topic() {
    if (command instanceof Command.SetAdapter
        || command instanceof Command.ClearAdapter
        || command instanceof Command.RemoveAdapter) {
      return Topic.ADAPTERS;
    }
    return command instanceof Command.AddApplication
            || command instanceof Command.UpdateApplication
            || command instanceof Command.RemoveApplication
        ? Topic.APPLICATIONS
        : Topic.OBJECTS;
  }

  /** Whether a publication may be this command's. */
  boolean explains(List<RegistryEvent> events) {
    RegistryEvent event = events.get(0);
    if (command instanceof Command.AddObject add) {
      return event.equals(new RegistryEvent.ObjectAdded(add.entry()));
    } else if (command instanceof Command.UpdateObject update) {
      return event instanceof RegistryEvent.ObjectUpdated updated
          && updated.entry().id().equals(update.id())
          && updated.entry().proxy().equals(update.proxy());
    } else if (command instanceof Command.RemoveObject remove) {
      return event.equals(new RegistryEvent.ObjectRemoved(remove.id()));
    } else if (command instanceof Command.SetAdapter set) {
      return event.equals(new RegistryEvent.AdapterAdded(set.entry()))
          || event.equals(new RegistryEvent.AdapterUpdated(set.entry()));
    } else if (command instanceof Command.ClearAdapter clear) {
      return event.equals(new RegistryEvent.AdapterRemoved(clear.id()));
    } else if (command instanceof Command.RemoveAdapter remove) {
      return event.equals(new RegistryEvent.AdapterRemoved(remove.id()))
          || event instanceof RegistryEvent.AdapterUpdated;
    } else if (command instanceof Command.AddApplication add) {
      return event.equals(new RegistryEvent.ApplicationAdded(add.entry()));
    } else if (command instanceof Command.UpdateApplication update) {
      return event.equals(new RegistryEvent.ApplicationUpdated(update.entry(), update.update()));
    } else if (command instanceof Command.RemoveApplication remove) {
      return event.equals(new RegistryEvent.ApplicationRemoved(remove.name()));
    }
    return false;
  }

  @Override
  public String toString() {
    return command + (isPublished() ? " (serial " + serial + ")" : "");
  }
}
