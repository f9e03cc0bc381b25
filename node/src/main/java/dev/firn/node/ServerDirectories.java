package dev.firn.node;

import com.zeroc.IceGrid.DeploymentException;
import dev.firn.model.InternalServerDescriptor;
import dev.firn.model.PropertyDescriptor;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The files of servers below the node's data directory. Any thread, but one at a time for each
 * server; everything that touches files blocks.
 */
interface ServerDirectories {

  /**
   * Refuses a descriptor whose server, services or database environments cannot be names of files.
   * Touches no file.
   */
  void check(InternalServerDescriptor server) throws DeploymentException;

  /**
   * The lines of each configuration file as this node completes them: the file names are {@code
   * config} and {@code config_SERVICE}. Names and values are escaped. Pure.
   */
  SortedMap<String, List<PropertyDescriptor>> properties(InternalServerDescriptor server);

  /**
   * A property of a file after {@link #properties}, with escapes undone; empty if it is not set.
   */
  String property(InternalServerDescriptor server, String file, String name);

  /** Which revision of which application the server's files are of; empty if that is not known. */
  Optional<Revision> revision(String serverId);

  /** Remembers a revision whose files are the same as before. */
  void writeRevision(InternalServerDescriptor server) throws DeploymentException;

  /**
   * Writes all files of a server. If that fails, the files that were there before are in place.
   *
   * @param owner whom the files are given to; empty leaves them with the node
   */
  void write(InternalServerDescriptor server, Optional<UserAccount> owner)
      throws DeploymentException;

  /**
   * Removes a server's directory and what is remembered of it.
   *
   * @param evenUserData otherwise a directory with anything that the node did not put there stays
   * @return whether there is nothing left
   * @throws DeploymentException if some of it could not be removed
   */
  boolean remove(String serverId, boolean evenUserData) throws DeploymentException;

  /** Removes the distribution of an application of which this node has no server any more. */
  void removeApplication(String application) throws DeploymentException;

  /** What to start for a server whose files are written. Pure. */
  LaunchSpec launchSpec(InternalServerDescriptor server, Optional<UserAccount> account);

  /** The log files of a server that may be read: absolute, simplified. Pure. */
  List<Path> logs(InternalServerDescriptor server);

  /**
   * What is worth a warning at once, because the server could not be started as things are now: its
   * executable or its working directory is not there.
   */
  List<String> warnings(InternalServerDescriptor server);

  /** Remembers a running server, so that the next run of this node can adopt it. */
  void remember(String serverId, byte[] state);

  /** All that is remembered, by server id. */
  SortedMap<String, byte[]> remembered();

  /** The process has ended. */
  void forget(String serverId);
}
