package dev.firn.wire;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.InitializationException;
import com.zeroc.Ice.Logger;
import com.zeroc.Ice.LoggerI;
import com.zeroc.Ice.Properties;
import com.zeroc.Ice.Util;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Logs as the reference's services do: Ice for Java puts the name of the thread in front of errors
 * and warnings, and whoever looks for {@code warning: server activation failed} does not find it.
 * Any thread.
 */
public final class ServiceLogger extends LoggerI {
  /** Shared with all clones; null for standard error. */
  private final @Nullable LogFile file;

  ServiceLogger(String prefix, @Nullable LogFile file) {
    super(prefix, "");
    this.file = file;
  }

  /** From here on what no communicator logs is logged this way, too. */
  public static void installForProcess(String program) {
    Util.setProcessLogger(new ServiceLogger(program, null));
  }

  /**
   * Initializes a communicator that logs this way, to where its properties say. The system's log
   * and its journal have a form of their own.
   *
   * @throws com.zeroc.Ice.LocalException if that fails, or the file of the log cannot be opened
   */
  public static Communicator initialize(InitializationData data) {
    data.logger = logger(data.properties);
    return Util.initialize(data);
  }

  private static Logger logger(Properties properties) {
    String program = properties.getProperty("Ice.ProgramName");
    String name = properties.getProperty("Ice.LogFile");
    boolean syslog = properties.getPropertyAsInt("Ice.UseSyslog") > 0;
    if (syslog && !name.isEmpty()) {
      throw new InitializationException("Both syslog and file logger cannot be enabled.");
    }
    LogFile file =
        name.isEmpty()
            ? null
            : new LogFile(name, properties.getPropertyAsInt("Ice.LogFile.SizeMax"));
    ServiceLogger own = new ServiceLogger(program, file);
    if (syslog) {
      String facility = properties.getPropertyWithDefault("Ice.SyslogFacility", "LOG_USER");
      return new SystemLogger(program, SystemLog.syslog(program, facility, own), own);
    } else if (properties.getPropertyAsInt("Ice.UseSystemdJournal") > 0) {
      return new SystemLogger(program, SystemLog.journal(program, own), own);
    }
    return own;
  }

  @Override
  public void print(String message) {
    if (file == null) {
      super.print(message);
    } else {
      file.write(message).ifPresent(this::warning);
    }
  }

  @Override
  public void trace(String category, String message) {
    write("-- ", category + ": " + message);
  }

  @Override
  public void warning(String message) {
    write("-! ", "warning: " + message);
  }

  @Override
  public void error(String message) {
    write("!! ", "error: " + message);
  }

  private void write(String mark, String message) {
    String prefix = getPrefix();
    String line =
        mark
            + LocalDateTime.now().format(Time.FORMAT)
            + (prefix.isEmpty() ? " " : " " + prefix + ": ")
            + message;
    // A message has one line that is not indented.
    print(line.replace("\n", "\n   "));
  }

  /** Costs something, and nothing where nothing is logged. */
  private static final class Time {
    static final DateTimeFormatter FORMAT =
        DateTimeFormatter.ofPattern("MM/dd/yy HH:mm:ss.SSS", Locale.ROOT);
  }

  @Override
  public Logger cloneWithPrefix(String prefix) {
    return new ServiceLogger(prefix, file);
  }
}
