package dev.firn.node;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Links in place of directories: administrators move what is large to another disk. Blocks.
 *
 * <p>A server owns its directory, so a link in there may be the server's work as well, and lead
 * anywhere. Where the node may do more than the server, it does nothing behind such a link that the
 * server could not do itself.
 */
final class LinkedDirectories {
  private LinkedDirectories() {}

  /** Creates a directory unless it is there, or a link that leads to one. */
  static void create(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    if (Files.isSymbolicLink(directory)) {
      throw new FileSystemException(
          directory.toString(), null, "is a link that leads to no directory");
    }
    Files.createDirectory(directory);
  }

  /**
   * Passes if the node may write into a directory: it is no link, or one that nobody but the node's
   * administrator can have made, or it leads to a directory of whoever may have made it.
   */
  static void checkWritable(Path directory) throws IOException {
    if (!isWritable(directory, SystemAccounts.ownUid())) {
      throw new FileSystemException(
          directory.toString(),
          null,
          "is a link to `"
              + directory.toRealPath()
              + "', which has to belong to the owner of `"
              + directory.getParent()
              + "'");
    }
  }

  /**
   * As {@link #checkWritable}.
   *
   * @param node the account of the node
   */
  static boolean isWritable(Path directory, int node) throws IOException {
    if (!Files.isSymbolicLink(directory)) {
      return true;
    }
    // Who owns the directory of a link may have made it.
    int maker = owner(Objects.requireNonNull(directory.getParent()));
    return maker == node || owner(directory) == maker;
  }

  /** The links in a server's directory where directories are expected, or itself if it is one. */
  static List<Path> of(Path server) throws IOException {
    List<Path> links = new ArrayList<>();
    if (isLink(server)) {
      links.add(server);
    } else {
      addLinks(server, links);
      addLinks(server.resolve("dbs"), links);
    }
    return links;
  }

  private static void addLinks(Path directory, List<Path> links) throws IOException {
    if (FileTree.isDirectory(directory)) {
      for (String name : FileTree.names(directory)) {
        Path path = directory.resolve(name);
        if (isLink(path)) {
          links.add(path);
        }
      }
    }
  }

  private static boolean isLink(Path path) {
    return Files.isSymbolicLink(path) && Files.isDirectory(path);
  }

  /** Of what a path leads to. */
  static int owner(Path path) throws IOException {
    return (Integer) Objects.requireNonNull(Files.getAttribute(path, "unix:uid"));
  }
}
