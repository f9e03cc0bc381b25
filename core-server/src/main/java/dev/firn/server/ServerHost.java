package dev.firn.server;

import dev.firn.model.EncodedProxy;
import dev.firn.model.InternalServerDescriptor;
import java.util.Optional;

/** Performs outputs. See {@link ServerOutput} for what each means. None may wait for a peer. */
public interface ServerHost {
  void answer(CallerId caller, ServerAnswer answer);

  void write(
      InternalServerDescriptor descriptor,
      Optional<InternalServerDescriptor> previous,
      boolean clearFirst);

  void writeRevision(InternalServerDescriptor descriptor);

  void remove(String application, boolean evenUserData);

  void awaitReplication(long run, String uuid, int revision);

  void launch(long run, InternalServerDescriptor descriptor);

  void shutDown(long run, EncodedProxy process);

  void terminate(long run);

  void kill(long run);

  void updateProperties(
      long update,
      InternalServerDescriptor before,
      InternalServerDescriptor after,
      EncodedProxy process);

  void checkAccount(CallerId caller, InternalServerDescriptor descriptor, boolean stopped);

  void adapterAdded(String adapterId);

  void adapterRemoved(String adapterId);

  void serverChanged(ServerStatus status);

  void adapterChanged(String adapterId, EncodedProxy proxy);

  void remember(RememberedRun remembered);

  void forget();

  void report(ServerOutput.Severity severity, String message);
}
