package dev.firn.registry;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.InputStream;
import com.zeroc.Ice.OperationMode;
import com.zeroc.Ice.OutputStream;
import com.zeroc.Ice.UserException;
import com.zeroc.IceGrid.AccessDeniedException;
import com.zeroc.IceGrid.ApplicationDescriptor;
import com.zeroc.IceGrid.ApplicationInfo;
import com.zeroc.IceGrid.ApplicationNotExistException;
import com.zeroc.IceGrid.ApplicationUpdateDescriptor;
import com.zeroc.IceGrid.DeploymentException;
import com.zeroc.IceGrid.ServerInstanceDescriptor;
import com.zeroc.IceInternal.Incoming;
import dev.firn.model.ApplicationEntry;
import dev.firn.wire.Async;
import dev.firn.wire.Mapping;
import java.util.concurrent.CompletionStage;

/**
 * The operations on applications. Those that change one, or show a whole one, do not hold the Ice
 * thread, though the generated interface would have them do so.
 */
interface ApplicationOperations extends DeploymentOperations {
  ExclusiveLock.Holder holder();

  @Override
  default CompletionStage<OutputStream> _iceDispatch(Incoming request, Current current)
      throws UserException {
    switch (current.operation) {
      case "addApplication", "syncApplication", "syncApplicationWithoutRestart" -> {
        InputStream in = started(request, current, OperationMode.Normal);
        ApplicationDescriptor descriptor = ApplicationDescriptor.ice_read(in);
        in.readPendingValues();
        request.endReadParams();
        return request.setResultFuture(given(current.operation, descriptor));
      }
      case "updateApplication", "updateApplicationWithoutRestart" -> {
        InputStream in = started(request, current, OperationMode.Normal);
        ApplicationUpdateDescriptor update = ApplicationUpdateDescriptor.ice_read(in);
        in.readPendingValues();
        request.endReadParams();
        boolean noRestart = current.operation.equals("updateApplicationWithoutRestart");
        return request.setResultFuture(update(update, noRestart));
      }
      case "instantiateServer" -> {
        InputStream in = started(request, current, OperationMode.Normal);
        String application = in.readString();
        String node = in.readString();
        ServerInstanceDescriptor instance = ServerInstanceDescriptor.ice_read(in);
        request.endReadParams();
        return request.setResultFuture(instantiate(application, node, instance));
      }
      case "removeApplication" -> {
        InputStream in = started(request, current, OperationMode.Normal);
        String name = in.readString();
        request.endReadParams();
        return request.setResultFuture(remove(name));
      }
      case "getApplicationInfo" -> {
        InputStream in = started(request, current, OperationMode.Idempotent);
        String name = in.readString();
        request.endReadParams();
        ApplicationEntry entry = find(name);
        return request.setResultFuture(
            context().large().compute(() -> Mapping.applicationInfo(entry)),
            (out, info) -> {
              ApplicationInfo.ice_write(out, info);
              out.writePendingValues();
            });
      }
      default -> {
        return DeploymentOperations.super._iceDispatch(request, current);
      }
    }
  }

  private static InputStream started(Incoming request, Current current, OperationMode mode) {
    com.zeroc.Ice.Object._iceCheckMode(mode, current.mode);
    return request.startReadParams();
  }

  /** Carries out an operation that is given a whole application. */
  private CompletionStage<Void> given(String operation, ApplicationDescriptor descriptor)
      throws AccessDeniedException, DeploymentException {
    checkUpdate();
    ApplicationUpdates updates = context().applicationUpdates();
    return operation.equals("addApplication")
        ? updates.add(holder(), descriptor)
        : updates.sync(holder(), descriptor, operation.endsWith("WithoutRestart"));
  }

  private CompletionStage<Void> update(ApplicationUpdateDescriptor update, boolean noRestart)
      throws AccessDeniedException, DeploymentException {
    checkUpdate();
    return context().applicationUpdates().update(holder(), update, noRestart);
  }

  private CompletionStage<Void> instantiate(
      String application, String node, ServerInstanceDescriptor instance)
      throws AccessDeniedException, DeploymentException {
    checkUpdate();
    return context().applicationUpdates().instantiate(holder(), application, node, instance);
  }

  private CompletionStage<Void> remove(String name)
      throws AccessDeniedException, DeploymentException {
    checkUpdate();
    return context().applicationUpdates().remove(holder(), name);
  }

  @Override
  default void addApplication(ApplicationDescriptor descriptor, Current current)
      throws AccessDeniedException, DeploymentException {
    throw Async.onlyAsync(current.operation);
  }

  @Override
  default void syncApplication(ApplicationDescriptor descriptor, Current current)
      throws AccessDeniedException, ApplicationNotExistException, DeploymentException {
    throw Async.onlyAsync(current.operation);
  }

  @Override
  default void updateApplication(ApplicationUpdateDescriptor descriptor, Current current)
      throws AccessDeniedException, ApplicationNotExistException, DeploymentException {
    throw Async.onlyAsync(current.operation);
  }

  @Override
  default void syncApplicationWithoutRestart(ApplicationDescriptor descriptor, Current current)
      throws AccessDeniedException, ApplicationNotExistException, DeploymentException {
    throw Async.onlyAsync(current.operation);
  }

  @Override
  default void updateApplicationWithoutRestart(
      ApplicationUpdateDescriptor descriptor, Current current)
      throws AccessDeniedException, ApplicationNotExistException, DeploymentException {
    throw Async.onlyAsync(current.operation);
  }

  @Override
  default void instantiateServer(
      String application, String node, ServerInstanceDescriptor descriptor, Current current)
      throws AccessDeniedException, ApplicationNotExistException, DeploymentException {
    throw Async.onlyAsync(current.operation);
  }

  @Override
  default void removeApplication(String name, Current current)
      throws AccessDeniedException, ApplicationNotExistException, DeploymentException {
    throw Async.onlyAsync(current.operation);
  }

  @Override
  default ApplicationInfo getApplicationInfo(String name, Current current)
      throws ApplicationNotExistException {
    throw Async.onlyAsync(current.operation);
  }

  @Override
  default ApplicationDescriptor getDefaultApplicationDescriptor(Current current)
      throws DeploymentException {
    return DefaultDescriptor.load(context().communicator());
  }

  @Override
  default String[] getAllApplicationNames(Current current) {
    return context().engine().tables().applications().stream()
        .map(ApplicationEntry::name)
        .toArray(String[]::new);
  }

  private void checkUpdate() throws AccessDeniedException, DeploymentException {
    AdminUpdates.checkWritable(context());
    holder().check();
  }

  private ApplicationEntry find(String name) throws ApplicationNotExistException {
    ApplicationEntry entry = context().engine().tables().findApplication(name);
    if (entry == null) {
      throw new ApplicationNotExistException(name);
    }
    return entry;
  }
}
