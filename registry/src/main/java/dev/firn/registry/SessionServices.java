package dev.firn.registry;

/** What every admin session shares. */
record SessionServices(
    RegistryContext context,
    ObserverTopics topics,
    ExclusiveLock lock,
    Reaper reaper,
    LogFiles logFiles,
    PendingAnswers pending) {
  /** Seconds without a sign of life after which a session ends; 0: never. */
  int sessionTimeoutSeconds() {
    return context
        .communicator()
        .getProperties()
        .getPropertyAsIntWithDefault("IceGrid.Registry.SessionTimeout", 30);
  }
}
