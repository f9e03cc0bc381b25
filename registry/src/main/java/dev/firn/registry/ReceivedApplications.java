package dev.firn.registry;

import com.zeroc.IceGrid.ApplicationInfo;
import com.zeroc.IceGrid.ApplicationUpdateInfo;
import dev.firn.model.ApplicationDescriptor;
import dev.firn.model.ApplicationEntry;
import dev.firn.model.ApplicationMerge;
import dev.firn.model.ApplicationUpdateDescriptor;
import dev.firn.model.DescriptorException;
import dev.firn.model.RegistryEvent;
import dev.firn.model.RegistryTables;
import dev.firn.wire.DescriptorReader;
import dev.firn.wire.UpdateReader;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The applications of a master as its messages build them up, so that each event carries whole
 * applications, expanded before the engine gets them.
 *
 * <p>A master sends the messages of a topic one after the other, so this is what the tables will be
 * when they have been applied. Any thread, one message at a time.
 */
final class ReceivedApplications {
  private final TreeMap<String, ApplicationEntry> applications = new TreeMap<>();

  /**
   * @param known what this registry has: what the master has too need not be expanded again
   */
  synchronized RegistryEvent init(List<ApplicationInfo> infos, RegistryTables known)
      throws DescriptorException {
    applications.clear();
    for (ApplicationInfo received : infos) {
      dev.firn.model.ApplicationInfo info = DescriptorReader.info(received);
      ApplicationEntry old = known.findApplication(info.descriptor().name());
      put(old != null && old.info().equals(info) ? old : ApplicationEntry.of(info));
    }
    return new RegistryEvent.ApplicationsReplaced(new ArrayList<>(applications.values()));
  }

  synchronized RegistryEvent added(ApplicationInfo info) throws DescriptorException {
    return new RegistryEvent.ApplicationAdded(
        put(ApplicationEntry.of(DescriptorReader.info(info))));
  }

  synchronized RegistryEvent removed(String name) {
    applications.remove(name);
    return new RegistryEvent.ApplicationRemoved(name);
  }

  /**
   * Applies an update.
   *
   * @throws DescriptorException if it does not fit what was received before, or if what comes of it
   *     cannot be deployed: ZeroC's masters leave out the property sets of new nodes
   */
  synchronized RegistryEvent updated(ApplicationUpdateInfo received) throws DescriptorException {
    ApplicationUpdateDescriptor update = UpdateReader.update(received.descriptor);
    ApplicationEntry before = applications.get(update.name());
    if (before == null) {
      throw new DescriptorException("application `" + update.name() + "' is not known here");
    }
    ApplicationDescriptor descriptor = ApplicationMerge.apply(before.info().descriptor(), update);
    var info =
        new dev.firn.model.ApplicationInfo(
            before.info().uuid(),
            before.info().createTimeMillis(),
            before.info().createUser(),
            received.updateTime,
            received.updateUser,
            received.revision,
            descriptor);
    return new RegistryEvent.ApplicationUpdated(put(ApplicationEntry.valid(info)), update);
  }

  private ApplicationEntry put(ApplicationEntry entry) {
    applications.put(entry.name(), entry);
    return entry;
  }
}
