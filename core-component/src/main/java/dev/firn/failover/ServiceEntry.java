package dev.firn.failover;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A registered service.
 *
 * @param guid what identifies it
 * @param order when it was registered first: 1, 2, 3 ...; a replaced proxy keeps its place
 * @param proxy as text
 * @param findable by what it can be found, in the order in which that was added
 * @param suspended whether somebody asked that it is not found
 * @param kept whether who registered it has promised to be heard of again and again
 * @param epoch of the active role that registered it; empty if it says nothing of epochs
 */
public record ServiceEntry(
    String guid,
    long order,
    String proxy,
    List<Findable> findable,
    boolean suspended,
    boolean kept,
    Optional<GroupEpoch> epoch) {
  /**
   * One set of parameters.
   *
   * @param compareGuid the comparator to ask, or empty
   */
  public record Findable(ServiceParams params, String compareGuid) {
    public Findable {
      requireNonNull(params, "params");
      requireNonNull(compareGuid, "compareGuid");
    }
  }

  public ServiceEntry {
    requireNonNull(guid, "guid");
    requireNonNull(proxy, "proxy");
    findable = List.copyOf(findable);
    requireNonNull(epoch, "epoch");
  }

  ServiceEntry replaced(ServiceCommand.AddService by) {
    return new ServiceEntry(guid, order, by.proxy(), findable, false, by.kept(), by.epoch());
  }

  /** With the same parameters a second time, the comparator of the last time counts. */
  ServiceEntry with(Findable added) {
    List<Findable> all = new ArrayList<>();
    boolean known = false;
    for (Findable one : findable) {
      boolean same = one.params().equals(added.params());
      known |= same;
      all.add(same ? added : one);
    }
    if (!known) {
      all.add(added);
    }
    return new ServiceEntry(guid, order, proxy, all, suspended, kept, epoch);
  }

  ServiceEntry suspended(boolean newSuspended) {
    return new ServiceEntry(guid, order, proxy, findable, newSuspended, kept, epoch);
  }
}
