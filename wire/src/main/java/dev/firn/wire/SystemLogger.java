package dev.firn.wire;

import com.zeroc.Ice.Logger;

/**
 * Logs to the system's log as the reference does: the priority says what a message is, and the log
 * has a time of its own. Any thread.
 */
final class SystemLogger implements Logger {
  private final String prefix;

  /** In front of messages: the log knows only one name of this process. */
  private final String mark;

  private final SystemLog log;
  private final Logger elsewhere;

  /**
   * @param prefix the name of the process
   * @param elsewhere where messages go if there is no such log
   */
  SystemLogger(String prefix, SystemLog log, Logger elsewhere) {
    this(prefix, "", log, elsewhere);
  }

  private SystemLogger(String prefix, String mark, SystemLog log, Logger elsewhere) {
    this.prefix = prefix;
    this.mark = mark;
    this.log = log;
    this.elsewhere = elsewhere;
  }

  @Override
  public void print(String message) {
    log.write(SystemLog.INFO, mark + message, () -> elsewhere.print(message));
  }

  @Override
  public void trace(String category, String message) {
    log.write(
        SystemLog.INFO, mark + category + ": " + message, () -> elsewhere.trace(category, message));
  }

  @Override
  public void warning(String message) {
    log.write(SystemLog.WARNING, mark + message, () -> elsewhere.warning(message));
  }

  @Override
  public void error(String message) {
    log.write(SystemLog.ERROR, mark + message, () -> elsewhere.error(message));
  }

  @Override
  public String getPrefix() {
    return prefix;
  }

  @Override
  public Logger cloneWithPrefix(String other) {
    return new SystemLogger(
        other,
        other.isEmpty() || other.equals(prefix) ? mark : other + ": ",
        log,
        elsewhere.cloneWithPrefix(other));
  }
}
