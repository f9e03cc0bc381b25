package dev.firn.failover;

/**
 * Performs outputs. See {@link RoleOutput} for what each means and what it is answered with. None
 * may wait.
 */
public interface RoleHost {
  void registerBackplane();

  void findReplicator();

  void registerConfiguration();

  void listen(boolean replaceAll);

  void stopListening();

  void claim(long run, long epoch);

  void confirm(long run, long epoch);

  void callHook(long run, RoleHook hook, long epoch);

  void openAdapter(long run);

  void holdAdapter(long run);

  void closeAdapter(long run, boolean abrupt);

  void register(long run, long epoch);

  void unregister(long run);

  void startPublishing(long epoch, boolean wholeState);

  void flush(long run, long limitMillis);

  void stopPublishing();

  void releaseLease(long epoch, boolean leave);

  void notifyListeners(boolean active);

  void reply(RoleRequestId request, RoleAnswer answer);

  void stateChanged(RoleState from, RoleState to, String reason);

  void report(RoleOutput.Severity severity, String text);

  void end();
}
