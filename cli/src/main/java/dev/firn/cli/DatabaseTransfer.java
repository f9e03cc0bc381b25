package dev.firn.cli;

import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.ToStringMode;
import com.zeroc.Ice.Util;
import dev.firn.election.StateStoreException;
import dev.firn.model.MalformedEncodingException;
import dev.firn.model.ObjectId;
import dev.firn.replication.StoreException;
import dev.firn.storage.DirectoryLock;
import dev.firn.storage.DirectoryLockException;
import dev.firn.wire.ExportFormatException;
import dev.firn.wire.Mapping;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Copies between a database directory and a file, telling what it does. One use. */
abstract class DatabaseTransfer {
  private final PrintStream out;
  private final boolean debug;
  private final String directoryName;
  private final Path directory;

  DatabaseTransfer(PrintStream out, boolean debug, String directoryName) {
    this.out = out;
    this.debug = debug;
    this.directoryName = directoryName;
    this.directory = Path.of(directoryName);
  }

  /** How the first line shows a name. */
  abstract String quoted(String name);

  /** Reads a database that nobody has open; the bytes of the file. */
  abstract byte[] readDatabase(Path directory);

  /** The type that a file claims to have. */
  abstract String type(byte[] file) throws ExportFormatException;

  abstract boolean accepts(String type);

  /** Makes a database; removes what it began if that fails. */
  abstract void writeDatabase(
      byte[] file, Path directory, int mapSizeMegabytes, List<String> serverVersions)
      throws ExportFormatException;

  final void exportTo(String fileName) throws DatabaseToolException {
    out.println(
        "Exporting database from directory "
            + quoted(directoryName)
            + " to file "
            + quoted(fileName));
    byte[] bytes;
    try {
      bytes = readLocked();
    } catch (DirectoryLockException
        | StoreException
        | StateStoreException
        | LocalException failure) {
      throw new DatabaseToolException("export failed:\n" + text(failure), failure);
    }
    try {
      Files.write(Path.of(fileName), bytes);
    } catch (IOException e) {
      throw new DatabaseToolException("could not open output file: " + reason(e), e);
    }
  }

  private byte[] readLocked() {
    if (!Files.isDirectory(directory)) {
      return readDatabase(directory); // which tells what is wrong
    }
    try (DirectoryLock lock = DirectoryLock.acquire(directory)) {
      try {
        return readDatabase(directory);
      } finally {
        lock.deleteFile();
      }
    }
  }

  final void importFrom(String fileName, int mapSizeMegabytes, List<String> serverVersions)
      throws DatabaseToolException {
    out.println(
        "Importing database to directory "
            + quoted(directoryName)
            + " from file "
            + quoted(fileName));
    requireEmptyDirectory();
    byte[] bytes = readFile(fileName);
    if (bytes.length == 0) {
      throw new DatabaseToolException("empty input file");
    }
    try {
      String type = type(bytes);
      if (!accepts(type)) {
        throw new DatabaseToolException("incorrect input file type: " + type);
      }
      try (DirectoryLock lock = DirectoryLock.acquire(directory)) {
        try {
          writeDatabase(bytes, directory, mapSizeMegabytes, serverVersions);
        } finally {
          lock.deleteFile();
        }
      }
    } catch (MalformedEncodingException e) {
      // The name is the one that ZeroC's tool shows, and its users' scripts may look for.
      throw new DatabaseToolException(
          "import failed:\n::Ice::UnmarshalOutOfBoundsException:\n"
              + "the file is damaged or truncated: "
              + text(e),
          e);
    } catch (ExportFormatException
        | DirectoryLockException
        | StoreException
        | StateStoreException e) {
      throw new DatabaseToolException("import failed:\n" + text(e), e);
    }
  }

  private void requireEmptyDirectory() throws DatabaseToolException {
    if (!Files.isDirectory(directory)) {
      throw new DatabaseToolException("output directory does not exist: " + directoryName);
    }
    try (Stream<Path> files = Files.list(directory)) {
      // Our services leave their lock file behind; who holds the lock is asked later.
      if (files.anyMatch(file -> !file.getFileName().toString().equals("icedb.lock"))) {
        throw new DatabaseToolException("output directory is not empty: " + directoryName);
      }
    } catch (IOException e) {
      throw new DatabaseToolException("output directory cannot be read: " + reason(e), e);
    }
  }

  private static byte[] readFile(String fileName) throws DatabaseToolException {
    Path file = Path.of(fileName);
    try {
      if (Files.isDirectory(file)) {
        throw new DatabaseToolException("failed to read input file");
      }
      return Files.readAllBytes(file);
    } catch (FileSystemException e) {
      throw new DatabaseToolException("could not open input file: " + reason(e), e);
    } catch (IOException e) {
      throw new DatabaseToolException("failed to read input file", e);
    }
  }

  final boolean debug() {
    return debug;
  }

  /** A line of progress. */
  final void tell(String line) {
    if (debug) {
      out.println(line);
    }
  }

  static String identity(ObjectId id) {
    return Util.identityToString(Mapping.identity(id), ToStringMode.Unicode);
  }

  private static String text(Exception e) {
    String message = e.getMessage();
    return message == null ? e.toString() : message;
  }

  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "No such file or directory";
    }
    if (e instanceof AccessDeniedException) {
      return "Permission denied";
    }
    if (e instanceof FileSystemException failure && failure.getReason() != null) {
      return failure.getReason();
    }
    return text(e);
  }
}
