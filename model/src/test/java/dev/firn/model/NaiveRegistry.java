package dev.firn.model;

import dev.firn.model.Rejection.Reason;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What commands do, told once more and simply. */
final class NaiveRegistry {
  final Map<String, ObjectEntry> objects = new TreeMap<>();
  final Map<String, AdapterEntry> adapters = new TreeMap<>();
  final Map<String, ObjectEntry> nodes = new TreeMap<>();
  long objectSerial = 1;
  long adapterSerial = 1;

  /** Empty if it went well. */
  Optional<Reason> execute(Command command) {
    if (command instanceof Command.AddObject add) {
      if (objects.containsKey(add.entry().id().name())) {
        return Optional.of(Reason.OBJECT_EXISTS);
      }
      objects.put(add.entry().id().name(), add.entry());
      objectSerial++;
    } else if (command instanceof Command.UpdateObject update) {
      ObjectEntry old = objects.get(update.id().name());
      if (old == null) {
        return Optional.of(Reason.OBJECT_NOT_REGISTERED);
      }
      objects.put(update.id().name(), new ObjectEntry(update.id(), update.proxy(), old.type()));
      objectSerial++;
    } else if (command instanceof Command.RemoveObject remove) {
      if (objects.remove(remove.id().name()) == null) {
        return Optional.of(Reason.OBJECT_NOT_REGISTERED);
      }
      objectSerial++;
    } else if (command instanceof Command.SetAdapter set) {
      adapters.put(set.entry().id(), set.entry());
      adapterSerial++;
    } else if (command instanceof Command.ClearAdapter clear) {
      if (adapters.remove(clear.id()) != null) {
        adapterSerial++;
      }
    } else if (command instanceof Command.RemoveAdapter remove) {
      return removeAdapter(remove.id());
    } else if (command instanceof Command.PublishWellKnown publish) {
      publish.entries().forEach(entry -> objects.put(entry.id().name(), entry));
    } else if (command instanceof Command.WithdrawWellKnown withdraw) {
      withdraw.ids().forEach(id -> objects.remove(id.name()));
    } else if (command instanceof Command.SaveNode save) {
      nodes.put(save.entry().id().name(), save.entry());
    } else if (command instanceof Command.ForgetNode forget) {
      nodes.remove(forget.id().name());
    } else {
      throw new IllegalArgumentException("not modelled: " + command);
    }
    return Optional.empty();
  }

  private Optional<Reason> removeAdapter(String id) {
    boolean found = adapters.remove(id) != null;
    if (!found) {
      for (AdapterEntry member : java.util.List.copyOf(adapters.values())) {
        if (member.replicaGroupId().equals(id)) {
          adapters.put(member.id(), new AdapterEntry(member.id(), member.proxy(), ""));
          found = true;
        }
      }
    }
    if (!found) {
      return Optional.of(Reason.ADAPTER_NOT_EXIST);
    }
    adapterSerial++;
    return Optional.empty();
  }
}
