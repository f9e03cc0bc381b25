package dev.firn.registry;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.IceGrid.AdapterNotExistException;
import com.zeroc.IceGrid.DatabaseObserverPrx;
import com.zeroc.IceGrid.DeploymentException;
import com.zeroc.IceGrid.ObjectInfo;
import com.zeroc.IceGrid.ReplicaSession;
import com.zeroc.IceGrid.TopicName;
import dev.firn.model.ObjectEntry;
import dev.firn.model.Topic;
import dev.firn.replication.Answer;
import dev.firn.replication.Input;
import dev.firn.replication.SessionId;
import dev.firn.wire.Mapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The session of a slave with this master. */
final class ReplicaSessionServant implements ReplicaSession {
  /**
   * What a session needs of the registry's properties.
   *
   * @param dynamicRegistration whether slaves may hand on dynamic registrations
   */
  record Settings(int timeoutSeconds, boolean dynamicRegistration) {}

  private final Communicator communicator;
  private final Engine engine;
  private final ReplicaSessions sessions;
  private final SessionId session;
  private final Settings settings;

  ReplicaSessionServant(
      Communicator communicator,
      Engine engine,
      ReplicaSessions sessions,
      SessionId session,
      Settings settings) {
    this.communicator = communicator;
    this.engine = engine;
    this.sessions = sessions;
    this.session = session;
    this.settings = settings;
  }

  @Override
  public void keepAlive(Current current) {
    engine.post(new Input.KeptAlive(session));
  }

  @Override
  public int getTimeout(Current current) {
    return settings.timeoutSeconds();
  }

  @Override
  public CompletionStage<Void> setDatabaseObserverAsync(
      @Nullable DatabaseObserverPrx observer, Optional<Map<String, Long>> serials, Current current)
      throws DeploymentException {
    if (observer == null) {
      throw new DeploymentException("database observer of a replica is null");
    }
    sessions.setObserver(session, observer);
    Optional<Long> epoch = DatabaseUpdates.number(current.ctx, DatabaseUpdates.EPOCH);
    return answered(engine.request(id -> new Input.Subscribe(id, session, serials, epoch)));
  }

  @Override
  public void setEndpoints(Map<String, ObjectPrx> endpoints, Current current) {
    sessions.setEndpoints(session, endpoints);
  }

  @Override
  public CompletionStage<Void> registerWellKnownObjectsAsync(
      ObjectInfo[] objects, Current current) {
    List<ObjectEntry> entries = new ArrayList<>();
    for (ObjectInfo object : objects) {
      if (object.proxy != null) {
        entries.add(Mapping.objectEntry(communicator, object));
      }
    }
    return answered(engine.request(id -> new Input.RegisterWellKnown(id, session, entries)));
  }

  @Override
  public CompletionStage<Void> setAdapterDirectProxyAsync(
      String adapterId, String replicaGroupId, @Nullable ObjectPrx proxy, Current current)
      throws AdapterNotExistException {
    if (!settings.dynamicRegistration() || adapterId.isEmpty()) {
      throw new AdapterNotExistException();
    }
    return Updates.submit(
        engine,
        LocatorRegistryServant.command(communicator, adapterId, replicaGroupId, proxy),
        Updates::unexpected);
  }

  @Override
  public void receivedUpdate(TopicName name, int serial, String failure, Current current) {
    switch (name) {
      case ApplicationObserverTopicName -> acknowledged(Topic.APPLICATIONS, serial, failure);
      case AdapterObserverTopicName -> acknowledged(Topic.ADAPTERS, serial, failure);
      case ObjectObserverTopicName -> acknowledged(Topic.OBJECTS, serial, failure);
      case RegistryObserverTopicName, NodeObserverTopicName -> {
        // These topics are not replicated; nobody waits for them.
      }
    }
  }

  @Override
  public void destroy(Current current) {
    engine.post(new Input.DestroySession(session));
  }

  private void acknowledged(Topic topic, int serial, String failure) {
    engine.post(new Input.Acknowledged(session, topic, serial, failure));
  }

  private static CompletionStage<Void> answered(CompletableFuture<Answer> answer) {
    CompletableFuture<Void> result = new CompletableFuture<>();
    answer.whenComplete(
        (value, failure) -> {
          if (value instanceof Answer.Done) {
            result.complete(null);
          } else if (value instanceof Answer.DatabaseRefused refused) {
            result.completeExceptionally(new DeploymentException(refused.reason()));
          } else if (value instanceof Answer.NotDone notDone) {
            result.completeExceptionally(Updates.unexpected(notDone.rejection()));
          } else {
            result.completeExceptionally(new ObjectNotExistException());
          }
        });
    return result;
  }
}
