package dev.firn.registry;

import com.zeroc.Ice.Properties;
import com.zeroc.IceGrid.FileNotAvailableException;
import com.zeroc.IceGrid.FileReader;
import java.nio.file.Path;

/** The registry's own log files, as {@code FileReader} serves them. Any thread; reads a disk. */
public final class LogFiles {
  /** Even where messages are unlimited, one answer is not. */
  private static final int KILOBYTES_MAX = 16 * 1024;

  private final Properties properties;
  private final int bytesMax;

  public LogFiles(Properties properties) {
    this.properties = properties;
    bytesMax = bytesMax(properties);
  }

  /** The most bytes that one answer may hold: Ice.MessageSizeMax less what a reply needs. */
  public static int bytesMax(Properties properties) {
    int kilobytes = properties.getPropertyAsIntWithDefault("Ice.MessageSizeMax", 1024);
    boolean unlimited = kilobytes < 1 || kilobytes > KILOBYTES_MAX;
    return (unlimited ? KILOBYTES_MAX : kilobytes) * 1024 - 256;
  }

  /** See {@link LogFile#offsetFromEnd}. */
  public long getOffsetFromEnd(String filename, int lines) throws FileNotAvailableException {
    return LogFile.offsetFromEnd(path(filename), lines);
  }

  /** See {@link LogFile#read}. */
  public FileReader.ReadResult read(String filename, long pos, int size)
      throws FileNotAvailableException {
    return LogFile.read(path(filename), pos, Math.min(size, bytesMax));
  }

  private Path path(String filename) throws FileNotAvailableException {
    String property =
        switch (filename) {
          case "stdout" -> "Ice.StdOut";
          case "stderr" -> "Ice.StdErr";
          default -> throw new FileNotAvailableException("unknown file");
        };
    String value = properties.getProperty(property);
    if (value.isEmpty()) {
      throw new FileNotAvailableException(property + " configuration property is not set");
    }
    return Path.of(value);
  }
}
