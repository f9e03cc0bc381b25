package dev.firn.registry;

import com.zeroc.Ice.Current;
import com.zeroc.IceGrid.AccessDeniedException;
import com.zeroc.IceGrid.ApplicationDescriptor;
import com.zeroc.IceGrid.ApplicationInfo;
import com.zeroc.IceGrid.ApplicationNotExistException;
import com.zeroc.IceGrid.ApplicationUpdateDescriptor;
import com.zeroc.IceGrid.DeploymentException;
import com.zeroc.IceGrid.ServerInstanceDescriptor;
import dev.firn.model.ApplicationEntry;
import dev.firn.wire.Mapping;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The operations on applications.
 *
 * <p>This registry keeps, shows, replicates and removes applications that came from a ZeroC
 * registry with a database or a session, but deploys none itself.
 */
interface ApplicationOperations extends EmptyDeployment {
  AdminContext context();

  ExclusiveLock.Holder holder();

  @Override
  default void addApplication(ApplicationDescriptor descriptor, Current current)
      throws AccessDeniedException, DeploymentException {
    checkUpdate();
    if (context().engine().tables().findApplication(descriptor.name) != null) {
      throw new DeploymentException("application `" + descriptor.name + "' already exists");
    }
    throw notDeployed(descriptor.name);
  }

  @Override
  default void syncApplication(ApplicationDescriptor descriptor, Current current)
      throws AccessDeniedException, ApplicationNotExistException, DeploymentException {
    change(descriptor.name);
  }

  @Override
  default void updateApplication(ApplicationUpdateDescriptor descriptor, Current current)
      throws AccessDeniedException, ApplicationNotExistException, DeploymentException {
    change(descriptor.name);
  }

  @Override
  default void syncApplicationWithoutRestart(ApplicationDescriptor descriptor, Current current)
      throws AccessDeniedException, ApplicationNotExistException, DeploymentException {
    change(descriptor.name);
  }

  @Override
  default void updateApplicationWithoutRestart(
      ApplicationUpdateDescriptor descriptor, Current current)
      throws AccessDeniedException, ApplicationNotExistException, DeploymentException {
    change(descriptor.name);
  }

  @Override
  default void instantiateServer(
      String application, String node, ServerInstanceDescriptor descriptor, Current current)
      throws AccessDeniedException, ApplicationNotExistException, DeploymentException {
    change(application);
  }

  @Override
  default CompletionStage<Void> patchApplicationAsync(
      String name, boolean shutdown, Current current) throws ApplicationNotExistException {
    find(name);
    return CompletableFuture.completedFuture(null); // no node, so nothing to patch
  }

  @Override
  default ApplicationInfo getApplicationInfo(String name, Current current)
      throws ApplicationNotExistException {
    return Mapping.applicationInfo(find(name));
  }

  @Override
  default ApplicationDescriptor getDefaultApplicationDescriptor(Current current)
      throws DeploymentException {
    String property = "IceGrid.Registry.DefaultTemplates";
    if (context().communicator().getProperties().getProperty(property).isEmpty()) {
      throw new DeploymentException(
          "no default templates configured, you need to set "
              + property
              + " in the IceGrid registry configuration.");
    }
    throw new DeploymentException(
        "this registry does not deploy applications: " + property + " is ignored");
  }

  @Override
  default String[] getAllApplicationNames(Current current) {
    return context().engine().tables().applications().stream()
        .map(ApplicationEntry::name)
        .toArray(String[]::new);
  }

  private void change(String name)
      throws AccessDeniedException, ApplicationNotExistException, DeploymentException {
    checkUpdate();
    find(name);
    throw notDeployed(name);
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

  private static DeploymentException notDeployed(String name) {
    return new DeploymentException(
        "application `"
            + name
            + "' is not deployed: this version of the registry deploys no"
            + " applications; use well-known objects and dynamically registered adapters");
  }
}
