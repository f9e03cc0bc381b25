package dev.firn.registry;

import com.zeroc.IceGrid.ApplicationDescriptor;
import com.zeroc.IceGrid.ApplicationNotExistException;
import com.zeroc.IceGrid.ApplicationUpdateDescriptor;
import com.zeroc.IceGrid.DeploymentException;
import com.zeroc.IceGrid.ServerInstanceDescriptor;
import dev.firn.model.ApplicationEntry;
import dev.firn.model.ApplicationInfo;
import dev.firn.model.Command;
import dev.firn.model.CommandResult;
import dev.firn.model.DescriptorException;
import dev.firn.model.ExpandedApplication;
import dev.firn.model.Rejection;
import dev.firn.wire.DescriptorReader;
import dev.firn.wire.Exceptions;
import dev.firn.wire.UpdateReader;
import java.util.Collection;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Changes applications for administrators: prepared on a thread of its own, asked of the nodes,
 * made durable and visible by the engine, brought to slaves and nodes, and taken back if a node
 * refuses. Any thread; nothing here blocks.
 *
 * <p>One change of an application at a time; those of different applications do not wait for each
 * other.
 */
final class ApplicationUpdates {
  private static final int WAITING_MAX = 100;
  private static final long WAIT_MILLIS_MAX = 300_000;
  private static final int PREPARED_MAX = 1_000;

  private final Supplier<Engine> engine;
  private final DeployedServers servers;
  private final Traces traces;
  private final ApplicationTurns turns = new ApplicationTurns(WAITING_MAX, WAIT_MILLIS_MAX);
  private final ReplicationWaits replication = new ReplicationWaits();
  private final Executor preparation;

  /** Makes a change of an application, or says why not. Takes time. */
  private interface Preparation {
    ApplicationChange prepare(long nowMillis, String user)
        throws DescriptorException, DeploymentException, ApplicationNotExistException;
  }

  /**
   * @param engine asked for when there is something to change
   */
  ApplicationUpdates(Supplier<Engine> engine, DeployedServers servers, Traces traces) {
    this(engine, servers, traces, preparationThread());
  }

  /**
   * @param preparation where large applications are read and expanded
   */
  ApplicationUpdates(
      Supplier<Engine> engine, DeployedServers servers, Traces traces, Executor preparation) {
    this.engine = engine;
    this.servers = servers;
    this.traces = traces;
    this.preparation = preparation;
  }

  private static Executor preparationThread() {
    ThreadPoolExecutor thread =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(PREPARED_MAX),
            task -> {
              Thread created = new Thread(task, "firn-applications");
              created.setDaemon(true);
              return created;
            });
    thread.allowCoreThreadTimeOut(true);
    return thread;
  }

  /** Ends when no update of this revision is under way, or slaves have it. */
  CompletionStage<Void> waitForReplication(String uuid, int revision) {
    return replication.await(uuid, revision);
  }

  CompletionStage<Void> add(ExclusiveLock.Holder holder, ApplicationDescriptor descriptor) {
    String name = descriptor.name;
    return changed(
        holder,
        name,
        false,
        (now, user) -> {
          if (engine.get().tables().findApplication(name) != null) {
            throw exists(name);
          }
          return ApplicationChange.add(
              new ApplicationInfo(
                  UUID.randomUUID().toString(),
                  now,
                  user,
                  now,
                  user,
                  1,
                  DescriptorReader.application(descriptor)));
        });
  }

  CompletionStage<Void> update(
      ExclusiveLock.Holder holder, ApplicationUpdateDescriptor update, boolean noRestart) {
    return changed(
        holder,
        update.name,
        noRestart,
        (now, user) ->
            ApplicationChange.update(find(update.name), UpdateReader.update(update), now, user));
  }

  CompletionStage<Void> sync(
      ExclusiveLock.Holder holder, ApplicationDescriptor descriptor, boolean noRestart) {
    return changed(
        holder,
        descriptor.name,
        noRestart,
        (now, user) ->
            ApplicationChange.sync(
                find(descriptor.name), DescriptorReader.application(descriptor), now, user));
  }

  CompletionStage<Void> instantiate(
      ExclusiveLock.Holder holder,
      String application,
      String node,
      ServerInstanceDescriptor instance) {
    return changed(
        holder,
        application,
        true,
        (now, user) ->
            ApplicationChange.instantiate(
                find(application), node, DescriptorReader.serverInstance(instance), now, user));
  }

  CompletionStage<Void> remove(ExclusiveLock.Holder holder, String name) {
    return turns.inTurn(
        name,
        holder.sessionId(),
        () ->
            prepared(
                    () -> {
                      holder.check();
                      return ApplicationChange.remove(find(name));
                    })
                .thenCompose(
                    change ->
                        submitted(change)
                            // Servers that a node keeps are no reason to keep the application.
                            .thenCompose(done -> servers.synchronised(change.servers()))
                            .thenApply(refusals -> null)));
  }

  private CompletionStage<Void> changed(
      ExclusiveLock.Holder holder, String name, boolean noRestart, Preparation preparing) {
    String user = holder.sessionId();
    return turns.inTurn(
        name,
        user,
        () ->
            prepared(
                    () -> {
                      holder.check();
                      return triedOut(preparing.prepare(System.currentTimeMillis(), user), name);
                    })
                .thenCompose(change -> allowedByNodes(change, name, noRestart))
                .thenCompose(change -> made(change, user, noRestart)));
  }

  /**
   * Whether the tables as they are would take the change: before any node is asked. If they are the
   * same when the change's turn comes, the engine need not do this work again.
   */
  private ApplicationChange triedOut(ApplicationChange change, String name)
      throws DeploymentException, ApplicationNotExistException {
    Command.Tried tried = Command.Tried.of(change.command(), engine.get().tables());
    if (tried.result() instanceof CommandResult.Rejected rejected) {
      Exception refusal = refusal(rejected.rejection(), name);
      if (refusal instanceof DeploymentException refused) {
        throw refused;
      } else if (refusal instanceof ApplicationNotExistException gone) {
        throw gone;
      }
      throw Updates.unexpected(rejected.rejection());
    }
    change
        .after()
        .flatMap(ApplicationEntry::expanded)
        .map(ExpandedApplication::warnings)
        .ifPresent(warnings -> warnings.forEach(traces.logger()::warning));
    return change.with(tried);
  }

  /** Asks the nodes; an application that is new asks nothing of them. */
  private CompletionStage<ApplicationChange> allowedByNodes(
      ApplicationChange change, String name, boolean noRestart) {
    if (change.before().isEmpty()) {
      return CompletableFuture.completedFuture(change);
    }
    ApplicationInfo after = change.after().orElseThrow().info();
    return servers
        .check(change.plan(), after, noRestart)
        .thenApply(
            check -> {
              if (!check.allowed()) {
                traces.trace(Traces.Category.APPLICATION, 1, () -> check.trace(name));
                throw new CompletionException(new DeploymentException(check.reason(name)));
              }
              return change;
            });
  }

  private CompletionStage<Void> made(ApplicationChange change, String user, boolean noRestart) {
    return announced(change, noRestart)
        .thenCompose(done -> servers.synchronised(change.servers()))
        .thenCompose(
            refusals ->
                refusals.isEmpty()
                    ? CompletableFuture.completedFuture(null)
                    : takenBack(change, user, refusals, noRestart));
  }

  /** Ends when slaves have the change; nodes hear with it whether they may restart servers. */
  private CompletionStage<Void> announced(ApplicationChange change, boolean noRestart) {
    if (!noRestart || change.after().isEmpty()) {
      return submitted(change);
    }
    ApplicationInfo after = change.after().get().info();
    String name = after.descriptor().name();
    servers.withoutRestart(name, after.uuid(), after.revision());
    return submitted(change)
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                // The next change may get the same revision, and have servers restarted.
                servers.withoutRestart(name, after.uuid(), 0);
              }
            });
  }

  /** Ends when slaves have the change. */
  private CompletionStage<Void> submitted(ApplicationChange change) {
    ApplicationInfo info = change.after().or(change::before).orElseThrow().info();
    if (change.after().isEmpty()) {
      return submit(change, info.descriptor().name());
    }
    replication.begin(info.uuid(), info.revision());
    return submit(change, info.descriptor().name())
        .whenComplete((done, failure) -> replication.end(info.uuid(), info.revision()));
  }

  private CompletionStage<Void> submit(ApplicationChange change, String name) {
    return Updates.submit(engine.get(), change.command(), rejection -> refusal(rejection, name));
  }

  /** Nodes refused what is published already: goes back, then tells why. */
  private CompletionStage<Void> takenBack(
      ApplicationChange change, String user, Collection<String> refusals, boolean noRestart) {
    String name = change.after().orElseThrow().name();
    DeploymentException refused = new DeploymentException(String.join("\n", refusals));
    CompletableFuture<Void> done = new CompletableFuture<>();
    prepared(() -> change.reverted(System.currentTimeMillis(), user))
        .thenCompose(reversal -> announced(reversal, noRestart))
        .whenComplete(
            (reverted, failure) -> {
              if (failure != null) {
                traces
                    .logger()
                    .error(
                        "failed to rollback previous application `"
                            + name
                            + "':\n"
                            + Exceptions.text(failure));
              }
              done.completeExceptionally(refused);
            });
    return done;
  }

  private CompletionStage<ApplicationChange> prepared(Callable<ApplicationChange> preparing) {
    CompletableFuture<ApplicationChange> result = new CompletableFuture<>();
    try {
      preparation.execute(
          () -> {
            try {
              result.complete(preparing.call());
            } catch (DescriptorException e) {
              result.completeExceptionally(new DeploymentException(e.reason()));
            } catch (Exception e) {
              result.completeExceptionally(e);
            } catch (StackOverflowError | OutOfMemoryError e) {
              result.completeExceptionally(
                  new DeploymentException("the application is too large: " + e));
            }
          });
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(
          new DeploymentException(
              PREPARED_MAX + " updates of applications are waiting; try again later"));
    }
    return result;
  }

  private ApplicationEntry find(String name) throws ApplicationNotExistException {
    ApplicationEntry entry = engine.get().tables().findApplication(name);
    if (entry == null) {
      throw new ApplicationNotExistException(name);
    }
    return entry;
  }

  private static DeploymentException exists(String name) {
    return new DeploymentException("application `" + name + "' already exists");
  }

  private static Exception refusal(Rejection rejection, String name) {
    return switch (rejection.reason()) {
      case APPLICATION_EXISTS -> exists(name);
      case APPLICATION_NOT_EXIST -> new ApplicationNotExistException(name);
      case APPLICATION_REFUSED -> new DeploymentException(rejection.subject());
      case APPLICATION_CHANGED ->
          new DeploymentException("application `" + name + "' has changed meanwhile; try again");
      case NOT_PERSISTED ->
          new DeploymentException("the database was not changed: " + rejection.subject());
      default -> Updates.unexpected(rejection);
    };
  }
}
