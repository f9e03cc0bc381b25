package dev.firn.node;

import com.zeroc.Ice.Logger;
import com.zeroc.IceGrid.DeploymentException;
import dev.firn.model.InternalServerDescriptor;
import java.util.Optional;

/** What a server does to its directory. Blocks; one thread at a time for each server. */
final class ServerFiles {
  private final FileDirectories directories;
  private final Logger logger;

  ServerFiles(FileDirectories directories, Logger logger) {
    this.directories = directories;
    this.logger = logger;
  }

  /**
   * Writes all files, after what is there was removed if that is wanted.
   *
   * @param previous whose files are put back if that fails
   * @return why it failed
   */
  Optional<String> write(
      InternalServerDescriptor descriptor,
      Optional<UserAccount> owner,
      Optional<InternalServerDescriptor> previous,
      Optional<UserAccount> previousOwner,
      boolean clearFirst) {
    try {
      if (clearFirst) {
        // What cannot be removed is written over.
        remove(descriptor.id(), true);
      }
      directories.write(descriptor, owner);
    } catch (DeploymentException e) {
      return Optional.of(
          clearFirst && previous.isPresent()
              ? rolledBack(e.reason, previous.get(), previousOwner)
              : e.reason);
    }
    directories
        .warnings(descriptor)
        .forEach(text -> logger.warning("server `" + descriptor.id() + "': " + text));
    return Optional.empty();
  }

  private String rolledBack(
      String reason, InternalServerDescriptor previous, Optional<UserAccount> owner) {
    try {
      directories.write(previous, owner);
      return reason;
    } catch (DeploymentException e) {
      String both =
          "update failed:\n" + reason + "\nand couldn't rollback old descriptor:\n" + e.reason;
      logger.warning(both);
      return both;
    }
  }

  void writeRevision(InternalServerDescriptor descriptor) {
    try {
      directories.writeRevision(descriptor);
    } catch (DeploymentException e) {
      logger.warning(e.reason);
    }
  }

  void remove(String serverId, boolean evenUserData) {
    try {
      directories.remove(serverId, evenUserData);
    } catch (DeploymentException e) {
      logger.warning(e.reason);
    }
  }

  void removeApplication(String application) {
    try {
      directories.removeApplication(application);
    } catch (DeploymentException e) {
      logger.warning(e.reason);
    }
  }
}
