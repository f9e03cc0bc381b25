package dev.firn.wire;

import com.zeroc.Ice.InitializationException;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * A file for messages. One that would grow over its limit gets another name, as in the reference:
 * that of {@code a.log} becomes {@code a-YYYYMMDD-hhmmss.log}, or {@code a-YYYYMMDD-hhmmss-1.log}
 * and so on if there is one already. It stays open for the life of the process. Any thread.
 */
final class LogFile {
  private final File file;
  private final long bytesMax;
  private FileOutputStream out;
  private long bytes;

  /** Above it another attempt to rename is due. */
  private long bytesNext;

  private boolean failed;

  /**
   * @param bytesMax 0 for no limit
   * @throws InitializationException if the file cannot be opened
   */
  LogFile(String name, long bytesMax) {
    file = new File(name);
    try {
      out = new FileOutputStream(file, true);
    } catch (FileNotFoundException e) {
      throw new InitializationException("FileLogger: cannot open " + name, e);
    }
    bytes = file.length();
    this.bytesMax = file.isFile() ? bytesMax : 0; // no terminal is renamed
    bytesNext = this.bytesMax;
  }

  /**
   * Writes a message.
   *
   * @return what went wrong, told once
   */
  synchronized Optional<String> write(String message) {
    byte[] line = (message + System.lineSeparator()).getBytes(Charset.defaultCharset());
    Optional<String> problem = Optional.empty();
    if (bytesMax > 0 && bytes > 0 && bytes + line.length > bytesNext) {
      problem = begin(line.length);
    }
    try {
      out.write(line);
      bytes += line.length;
    } catch (IOException e) {
      // There is no better place to say so.
    }
    return problem;
  }

  /** Begins a new file. */
  private Optional<String> begin(int bytesWanted) {
    try {
      // Somebody else may have renamed or emptied it.
      if (file.length() > 0 && file.length() + bytesWanted > bytesNext) {
        Files.move(file.toPath(), free());
      }
      FileOutputStream old = out;
      out = new FileOutputStream(file, true);
      bytes = file.length();
      bytesNext = bytesMax;
      old.close();
      return Optional.empty();
    } catch (IOException e) {
      bytesNext = bytes + bytesMax;
      boolean first = !failed;
      failed = true;
      return first
          ? Optional.of("cannot begin a new log file `" + file + "', the old one grows on: " + e)
          : Optional.empty();
    }
  }

  /** A name that no file has. */
  private Path free() {
    String name = file.getName();
    int dot = name.lastIndexOf('.');
    String extension = dot < 0 ? "" : name.substring(dot);
    String base =
        (dot < 0 ? name : name.substring(0, dot)) + "-" + LocalDateTime.now().format(Time.FORMAT);
    Path path = file.toPath().resolveSibling(base + extension);
    for (int i = 1; Files.exists(path); i++) {
      path = file.toPath().resolveSibling(base + "-" + i + extension);
    }
    return path;
  }

  /** Costs something, and nothing where nothing is renamed. */
  private static final class Time {
    static final DateTimeFormatter FORMAT =
        DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);
  }
}
