package dev.firn.server;

import dev.firn.model.InternalServerDescriptor;
import java.util.ArrayList;
import java.util.List;

/** Commands that wait or are being carried out; callers who want the same share one. */
final class Pending {
  private Pending() {}

  /** Callers who wait for the end of a command. */
  static final class Stop {
    final List<CallerId> callers = new ArrayList<>();
    final boolean bySelf;
    boolean begun;

    /**
     * @param bySelf the server ends by itself and needs no message
     */
    Stop(boolean bySelf) {
      this.bySelf = bySelf;
    }
  }

  /** A start, until the server is active. */
  static final class Start {
    final List<CallerId> callers = new ArrayList<>();
  }

  /** A load, until the files are written. */
  static final class Load {
    final List<CallerId> callers = new ArrayList<>();
    InternalServerDescriptor descriptor;
    boolean clearFirst;

    /** Whether the running process has all of it already. */
    boolean applied;

    Load(InternalServerDescriptor descriptor) {
      this.descriptor = descriptor;
    }
  }

  /** A removal. */
  static final class Destroy {
    final List<CallerId> callers = new ArrayList<>();
    boolean evenUserData;

    /**
     * @param evenUserData whether the directory goes even if there is user data in it
     */
    Destroy(boolean evenUserData) {
      this.evenUserData = evenUserData;
    }
  }

  /** Patching, until it is over. */
  static final class Patch {
    final List<CallerId> callers = new ArrayList<>();
  }
}
