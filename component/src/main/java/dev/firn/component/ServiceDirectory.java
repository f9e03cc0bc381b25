package dev.firn.component;

import dev.firn.failover.ServiceCommand;
import dev.firn.failover.ServiceTable;
import java.util.concurrent.CompletionStage;

/** The service locator's table, and the one way to change it. Any thread. */
interface ServiceDirectory extends AutoCloseable {
  /** The table as it is stored now. */
  ServiceTable table();

  /**
   * Hands in a command.
   *
   * @return what has come of it, once that is as durable as it is to be; completes on the writer's
   *     thread, or at once. Fails if nobody carried it out, or nobody knows whether somebody did;
   *     says why
   */
  CompletionStage<ServiceTable.Verdict> submit(ServiceCommand command);

  /** Ends the writer; what is on its way to the disk gets there. */
  @Override
  void close();
}
