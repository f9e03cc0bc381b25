package dev.firn.wire;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.Process;

/** The {@code Process} facet of an Admin object: ends the process in order. */
public final class ProcessFacet implements Process {
  private static final String FACET = "Process";

  private final Process standard;
  private final Runnable shutdown;

  private ProcessFacet(Process standard, Runnable shutdown) {
    this.standard = standard;
    this.shutdown = shutdown;
  }

  /** Replaces the standard facet, if {@code Ice.Admin.Facets} has it. */
  public static void install(Communicator communicator, Runnable shutdown) {
    if (communicator.findAdminFacet(FACET) instanceof Process standard) {
      communicator.removeAdminFacet(FACET);
      communicator.addAdminFacet(new ProcessFacet(standard, shutdown), FACET);
    }
  }

  @Override
  public void shutdown(Current current) {
    shutdown.run();
  }

  @Override
  public void writeMessage(String message, int descriptor, Current current) {
    standard.writeMessage(message, descriptor, current);
  }
}
