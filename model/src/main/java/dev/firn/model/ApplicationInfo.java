package dev.firn.model;

import static java.util.Objects.requireNonNull;

/**
 * A deployed application, as the database holds it.
 *
 * @param createTimeMillis since the epoch
 * @param updateTimeMillis since the epoch
 * @param revision 1 when added, then one more with each update
 */
public record ApplicationInfo(
    String uuid,
    long createTimeMillis,
    String createUser,
    long updateTimeMillis,
    String updateUser,
    int revision,
    ApplicationDescriptor descriptor) {
  public ApplicationInfo {
    requireNonNull(uuid, "uuid");
    requireNonNull(createUser, "createUser");
    requireNonNull(updateUser, "updateUser");
    requireNonNull(descriptor, "descriptor");
  }

  /** As it is after an update. */
  public ApplicationInfo updated(
      ApplicationDescriptor newDescriptor, long timeMillis, String user) {
    return new ApplicationInfo(
        uuid, createTimeMillis, createUser, timeMillis, user, revision + 1, newDescriptor);
  }
}
