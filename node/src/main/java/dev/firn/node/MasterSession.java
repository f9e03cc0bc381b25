package dev.firn.node;

import java.util.concurrent.CompletionStage;

/** What servers want from the session with the master. Any thread; never blocks. */
interface MasterSession {

  /**
   * Waits until all replicas know this revision of the application.
   *
   * @return ends at once without a master, otherwise with the master's answer, whatever it is, or
   *     with the session; never fails. The caller bounds it in time.
   */
  CompletionStage<Void> waitForApplicationUpdate(String uuid, int revision);
}
