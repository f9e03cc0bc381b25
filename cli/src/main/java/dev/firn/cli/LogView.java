package dev.firn.cli;

import com.zeroc.Ice.Connection;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.LogMessage;
import com.zeroc.Ice.LogMessageType;
import com.zeroc.Ice.LoggerAdmin.GetLogResult;
import com.zeroc.Ice.LoggerAdminPrx;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.RemoteLogger;
import com.zeroc.Ice.RemoteLoggerPrx;
import com.zeroc.Ice.UserException;
import java.time.ZoneId;
import java.util.concurrent.atomic.AtomicInteger;

/** Prints a remote Ice log. */
final class LogView {

  private static final long LOOK_MILLIS = 500;
  private static final LogMessageType[] ALL_TYPES = {};
  private static final String[] ALL_CATEGORIES = {};
  private static final AtomicInteger SERIAL = new AtomicInteger();

  /** Prints what arrives. The first batch comes before all else; later ones wait for it. */
  private final class Printer implements RemoteLogger {

    private String prefix = "";

    @Override
    public synchronized void init(String prefix, LogMessage[] messages, Current current) {
      this.prefix = prefix;
      print(prefix, messages);
    }

    @Override
    public synchronized void log(LogMessage message, Current current) {
      print(prefix, new LogMessage[] {message});
    }
  }

  private final AdminContext context;

  LogView(AdminContext context) {
    this.context = context;
  }

  void show(LoggerAdminPrx logger, ShowCommand.Range range)
      throws CommandException, UserException, InterruptedException {
    if (range.follow()) {
      follow(logger, range.tail());
    } else {
      GetLogResult log = logger.getLog(ALL_TYPES, ALL_CATEGORIES, range.tail());
      print(log.prefix, log.returnValue);
    }
  }

  /**
   * The remote logger calls back through the registry, on this session's connection; when that is
   * lost nothing would come any more.
   */
  private void follow(LoggerAdminPrx logger, int tail)
      throws CommandException, UserException, InterruptedException {
    ObjectPrx template = context.session().getAdminCallbackTemplate();
    if (template == null) {
      throw new CommandException(
          "cannot retrieve the callback template of this session; following a log needs a session"
              + " that is not created by a Glacier2 router");
    }
    ObjectAdapter adapter = context.communicator().createObjectAdapter("");
    Connection connection = context.session().ice_getConnection();
    try {
      connection.setAdapter(adapter);
      var identity =
          new Identity(
              "RemoteLogger-" + SERIAL.incrementAndGet(), template.ice_getIdentity().category);
      adapter.add(new Printer(), identity);
      adapter.activate();
      RemoteLoggerPrx self = RemoteLoggerPrx.uncheckedCast(template.ice_identity(identity));
      logger.attachRemoteLogger(self, ALL_TYPES, ALL_CATEGORIES, tail);
      while (!context.interrupts().await(LOOK_MILLIS)) {
        connection.throwException();
      }
      detach(logger, self);
    } finally {
      connection.setAdapter(null);
      adapter.destroy();
    }
  }

  private static void detach(LoggerAdminPrx logger, RemoteLoggerPrx self) {
    try {
      logger.detachRemoteLogger(self);
    } catch (ObjectNotExistException exception) {
      // The process whose log this was has ended.
    } catch (LocalException exception) {
      // Nothing is left to detach from.
    }
  }

  private void print(String prefix, LogMessage[] messages) {
    for (LogMessage message : messages) {
      context.console().print(text(prefix, message, ZoneId.systemDefault()) + "\n");
    }
  }

  static String text(String prefix, LogMessage message, ZoneId zone) {
    String time = Formats.dateTime(message.timestamp, zone);
    String origin = prefix.isEmpty() ? "" : prefix + ": ";
    String indented = message.message.replace("\n", "\n   ");
    return switch (message.type) {
      case PrintMessage -> time + " " + message.message;
      case TraceMessage ->
          "-- "
              + time
              + " "
              + origin
              + (message.traceCategory.isEmpty() ? "" : message.traceCategory + ": ")
              + indented;
      case WarningMessage -> "!- " + time + " " + origin + "warning: " + indented;
      case ErrorMessage -> "!! " + time + " " + origin + "error: " + indented;
    };
  }
}
