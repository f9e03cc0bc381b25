package dev.firn.storage;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.lmdbjava.Meta;

/**
 * LMDB's native code. LmdbJava unpacks it into a temporary file that it deletes when the Java
 * machine exits, which killed and halted processes never do; here the file is deleted as soon as it
 * is loaded.
 */
final class NativeLibrary {
  private static final String DIRECTORY_PROPERTY = "lmdbjava.extract.dir";
  private static final String LIBRARY_PROPERTY = "lmdbjava.native.lib";

  private static boolean loaded;

  private NativeLibrary() {}

  /** Loads the code unless that is done. Any thread. */
  static synchronized void load() {
    if (loaded) {
      return;
    }
    loaded = true;
    if (System.getProperty(DIRECTORY_PROPERTY) != null
        || System.getProperty(LIBRARY_PROPERTY) != null) {
      initialize();
      return;
    }
    try {
      Path directory = Files.createTempDirectory("firn-lmdb-");
      System.setProperty(DIRECTORY_PROPERTY, directory.toString());
      try {
        initialize();
      } finally {
        delete(directory);
      }
    } catch (IOException e) {
      // Then LmdbJava cannot write its file either, and says so to who opens an environment; or
      // this system does not delete what is in use.
      initialize();
    }
  }

  private static void initialize() {
    try {
      // The file is opened by the first call, not before.
      Meta.version();
    } catch (LinkageError e) {
      // Whoever opens an environment gets the same error, and can report it.
      return;
    }
  }

  private static void delete(Path directory) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
