package dev.firn.node;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Directories of servers, which may have put anything there: no link in them is followed. Blocks.
 */
final class FileTree {
  private FileTree() {}

  /** The names in a directory, sorted; an empty list if there is no such directory. */
  static List<String> names(Path directory) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      entries.forEach(entry -> names.add(entry.getFileName().toString()));
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (java.nio.file.DirectoryIteratorException e) {
      throw e.getCause();
    }
    Collections.sort(names);
    return names;
  }

  static boolean isDirectory(Path path) {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }

  static boolean isEmptyDirectory(Path path) {
    try {
      return isDirectory(path) && names(path).isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  /** Creates a directory unless it is there; a link or a file in its place is refused. */
  static void createDirectory(Path directory) throws IOException {
    if (!isDirectory(directory)) {
      Files.createDirectory(directory);
    }
  }

  /** Removes a file or a directory with all that is in it; nothing if there is none. */
  static void remove(Path root) throws IOException {
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /**
   * Gives everything below a directory, and itself, to an account. A file with several names is
   * left alone: one of them may be outside.
   */
  static void give(Path root, UserAccount owner) throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes)
              throws IOException {
            give(path);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
              throws IOException {
            Object links = Files.getAttribute(path, "unix:nlink", LinkOption.NOFOLLOW_LINKS);
            if (links instanceof Integer count && count == 1) {
              give(path);
            }
            return FileVisitResult.CONTINUE;
          }

          private void give(Path path) throws IOException {
            Files.setAttribute(path, "unix:uid", owner.uid(), LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(path, "unix:gid", owner.gid(), LinkOption.NOFOLLOW_LINKS);
          }
        });
  }

  /** The system's words for a failure. */
  static String reason(IOException failure) {
    if (failure instanceof NoSuchFileException) {
      return "No such file or directory";
    } else if (failure instanceof java.nio.file.AccessDeniedException) {
      return "Permission denied";
    } else if (failure instanceof java.nio.file.FileAlreadyExistsException) {
      return "File exists";
    } else if (failure instanceof java.nio.file.NotDirectoryException) {
      return "Not a directory";
    } else if (failure instanceof java.nio.file.FileSystemException system
        && system.getReason() != null) {
      return system.getReason();
    }
    return String.valueOf(failure.getMessage());
  }
}
