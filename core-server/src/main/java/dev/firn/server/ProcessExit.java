package dev.firn.server;

/**
 * How the process of a server ended.
 *
 * @param known false if nobody knows, because another process had started it
 * @param code if it exited by itself
 * @param signal 0 if it exited by itself
 */
public record ProcessExit(boolean known, int code, int signal) {
  public static final ProcessExit UNKNOWN = new ProcessExit(false, 0, 0);

  public static ProcessExit code(int code) {
    return new ProcessExit(true, code, 0);
  }

  public static ProcessExit signal(int signal) {
    return new ProcessExit(true, 0, signal);
  }

  /** Whether this is the server's failure. Being killed by somebody is not. */
  public boolean isFailure() {
    return code != 0 || Signal.isFault(signal);
  }

  /** Why a server that nobody stopped is gone. */
  String reason() {
    if (!known) {
      return "The server terminated unexpectedly.";
    } else if (signal != 0) {
      return "The server terminated unexpectedly with signal " + Signal.name(signal) + ".";
    }
    return "The server terminated unexpectedly with exit code " + code + ".";
  }

  /** The line for a trace, empty for an orderly exit. */
  String traced() {
    if (signal != 0) {
      return "\nsignal = " + Signal.name(signal);
    }
    return code == 0 ? "" : "\nexit code = " + code;
  }
}
