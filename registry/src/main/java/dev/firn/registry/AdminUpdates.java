package dev.firn.registry;

import com.zeroc.Ice.Identity;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.IceGrid.AdapterNotExistException;
import com.zeroc.IceGrid.DeploymentException;
import com.zeroc.IceGrid.ObjectExistsException;
import com.zeroc.IceGrid.ObjectNotRegisteredException;
import dev.firn.model.Command;
import dev.firn.model.ObjectEntry;
import dev.firn.model.Rejection;
import dev.firn.model.Rejection.Reason;
import dev.firn.wire.Exceptions;
import dev.firn.wire.Mapping;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** An administrator's updates of objects and adapters; none blocks. */
final class AdminUpdates {
  private static final int TYPE_TIMEOUT_MILLIS = 15_000;

  private final AdminContext context;

  AdminUpdates(AdminContext context) {
    this.context = context;
  }

  /**
   * Refuses updates by administrators where there may be none.
   *
   * @throws DeploymentException on a slave and on a read-only master
   */
  static void checkWritable(AdminContext context) throws DeploymentException {
    if (context.readOnly()) {
      throw new DeploymentException(
          "this operation is not allowed on a slave or read-only master registry.");
    }
  }

  CompletionStage<Void> addObject(@Nullable ObjectPrx proxy) throws DeploymentException {
    ObjectPrx checked = check("adding", proxy);
    CompletableFuture<Void> done = new CompletableFuture<>();
    typeOf(checked)
        .whenComplete(
            (type, failure) -> {
              if (failure != null) {
                done.completeExceptionally(
                    new DeploymentException(
                        "failed to invoke ice_id() on proxy `"
                            + context.communicator().proxyToString(checked)
                            + "':\n"
                            + Exceptions.text(failure)));
              } else {
                add(checked, type)
                    .whenComplete(
                        (ok, refused) -> {
                          if (refused != null) {
                            done.completeExceptionally(refused);
                          } else {
                            done.complete(null);
                          }
                        });
              }
            });
    return done;
  }

  CompletionStage<Void> addObjectWithType(@Nullable ObjectPrx proxy, String type)
      throws DeploymentException {
    return add(check("adding", proxy), type);
  }

  CompletionStage<Void> updateObject(@Nullable ObjectPrx proxy) throws DeploymentException {
    ObjectPrx checked = check("updating", proxy);
    Identity id = checked.ice_getIdentity();
    return Updates.submit(
        context.engine(),
        new Command.UpdateObject(
            Mapping.objectId(id), Mapping.encode(context.communicator(), checked)),
        rejection -> notRegistered("updating", rejection, id));
  }

  CompletionStage<Void> removeObject(Identity id) throws DeploymentException {
    checkWritable(context);
    checkCategory("removing", id);
    return Updates.submit(
        context.engine(),
        new Command.RemoveObject(Mapping.objectId(id)),
        rejection -> notRegistered("removing", rejection, id));
  }

  CompletionStage<Void> removeAdapter(String id) throws DeploymentException {
    checkWritable(context);
    return Updates.submit(
        context.engine(),
        new Command.RemoveAdapter(id),
        rejection ->
            switch (rejection.reason()) {
              case ADAPTER_NOT_EXIST -> new AdapterNotExistException(id);
              case ADAPTER_DEPLOYED -> deployed("removing", "adapter", id, rejection);
              default -> notPersisted(rejection);
            });
  }

  private CompletionStage<Void> add(ObjectPrx proxy, String type) {
    Identity id = proxy.ice_getIdentity();
    ObjectEntry entry =
        new ObjectEntry(Mapping.objectId(id), Mapping.encode(context.communicator(), proxy), type);
    return Updates.submit(
        context.engine(),
        new Command.AddObject(entry),
        rejection ->
            rejection.reason() == Reason.OBJECT_EXISTS
                ? new ObjectExistsException(id)
                : notPersisted(rejection));
  }

  private CompletableFuture<String> typeOf(ObjectPrx proxy) {
    try {
      return proxy
          .ice_locator(context.locator())
          .ice_invocationTimeout(TYPE_TIMEOUT_MILLIS)
          .ice_idAsync();
    } catch (LocalException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private ObjectPrx check(String doing, @Nullable ObjectPrx proxy) throws DeploymentException {
    checkWritable(context);
    if (proxy == null) {
      throw new DeploymentException("proxy is null");
    }
    checkCategory(doing, proxy.ice_getIdentity());
    return proxy;
  }

  private void checkCategory(String doing, Identity id) throws DeploymentException {
    String instance = context.names().instance();
    if (id.category.equals(instance)) {
      throw new DeploymentException(
          doing
              + " object `"
              + context.communicator().identityToString(id)
              + "' is not allowed:\nobjects with identity category `"
              + instance
              + "' are managed by IceGrid");
    }
  }

  private Exception notRegistered(String doing, Rejection rejection, Identity id) {
    return switch (rejection.reason()) {
      case OBJECT_NOT_REGISTERED -> new ObjectNotRegisteredException(id);
      case OBJECT_DEPLOYED ->
          deployed(doing, "object", context.communicator().identityToString(id), rejection);
      default -> notPersisted(rejection);
    };
  }

  /** What an application brought, only the application takes away. */
  private static DeploymentException deployed(
      String doing, String kind, String id, Rejection rejection) {
    return new DeploymentException(
        "%s %s `%s' is not allowed:\nthe %s was added with the application descriptor `%s'"
            .formatted(doing, kind, id, kind, rejection.subject()));
  }

  private static Exception notPersisted(Rejection rejection) {
    return rejection.reason() == Reason.NOT_PERSISTED
        ? new DeploymentException("the database was not changed: " + rejection.subject())
        : Updates.unexpected(rejection);
  }
}
