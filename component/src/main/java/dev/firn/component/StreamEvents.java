package dev.firn.component;

/** What a {@link StreamClient} tells its owner. One call at a time; none may block. */
interface StreamEvents {
  /** The replicator answers; told also while neither listening nor publishing. */
  void found();

  /** Nothing is heard from the replicator. It is tried again for ever. */
  void lost(String reason);

  /**
   * What was published in {@code epoch} is refused for {@code current}: unless this instance has
   * itself raised its epoch to that, demote at once, nothing can be saved.
   */
  void stale(long epoch, long current);

  /** A bug has ended the client; it does nothing any more. */
  void broken(Throwable bug);

  /** The replicator does not take what is published. The state waits here. */
  void unprotected(String reason);

  /** All that waited is safe. Told once after the start of publishing, too. */
  void protectedAgain();

  /** While listening: something was applied or became known, or the replicator was lost. */
  void progressed(StreamProgress progress);
}
