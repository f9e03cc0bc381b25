package dev.firn.registry;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.InputStream;
import com.zeroc.Ice.OperationMode;
import com.zeroc.Ice.OutputStream;
import com.zeroc.Ice.UserException;
import com.zeroc.IceGrid.AdapterInfo;
import com.zeroc.IceGrid.AdapterInfoSeqHelper;
import com.zeroc.IceGrid.ApplicationInfo;
import com.zeroc.IceGrid.ApplicationUpdateInfo;
import com.zeroc.IceGrid.DatabaseObserver;
import com.zeroc.IceGrid.ObjectInfo;
import com.zeroc.IceGrid.ObjectInfoSeqHelper;
import com.zeroc.IceInternal.Incoming;
import dev.firn.model.AdapterEntry;
import dev.firn.model.DescriptorException;
import dev.firn.model.ObjectEntry;
import dev.firn.model.RegistryEvent;
import dev.firn.model.RegistryTables;
import dev.firn.model.Topic;
import dev.firn.replication.Input;
import dev.firn.replication.PushedUpdate;
import dev.firn.wire.Mapping;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Takes a master's updates for the engine of this slave; one per attempt to have a session. */
final class DatabaseObserverServant implements DatabaseObserver {
  private final Communicator communicator;
  private final Consumer<Input> inputs;
  private final Supplier<RegistryTables> tables;
  private final long attempt;
  private final ReceivedApplications applications = new ReceivedApplications();

  /**
   * @param tables those of this registry
   */
  DatabaseObserverServant(
      Communicator communicator,
      Consumer<Input> inputs,
      Supplier<RegistryTables> tables,
      long attempt) {
    this.communicator = communicator;
    this.inputs = inputs;
    this.tables = tables;
    this.attempt = attempt;
  }

  /** Reads the objects and adapters of a snapshot as bytes; see {@link DatabaseUpdates}. */
  @Override
  public CompletionStage<OutputStream> _iceDispatch(Incoming request, Current current)
      throws UserException {
    boolean ofObjects = current.operation.equals("objectInit");
    if (!ofObjects && !current.operation.equals("adapterInit")) {
      return DatabaseObserver.super._iceDispatch(request, current);
    }
    com.zeroc.Ice.Object._iceCheckMode(OperationMode.Normal, current.mode);
    // The request's encoding is known only once its parameters have been read.
    byte[] parameters = request.readParamEncaps();
    if (current.encoding.minor == 1) {
      received(
          ofObjects
              ? new RegistryEvent.ObjectsReplaced(DatabaseUpdates.objects(parameters))
              : new RegistryEvent.AdaptersReplaced(DatabaseUpdates.adapters(parameters)),
          current);
    } else {
      InputStream in = new InputStream(communicator, parameters);
      in.startEncapsulation();
      if (ofObjects) {
        objectInit(ObjectInfoSeqHelper.read(in), current);
      } else {
        adapterInit(AdapterInfoSeqHelper.read(in), current);
      }
    }
    return request.setResult(request.writeEmptyParams());
  }

  @Override
  public void applicationInit(int serial, List<ApplicationInfo> infos, Current current) {
    application(() -> applications.init(infos, tables.get()), serial, "applications", current);
  }

  @Override
  public void applicationAdded(int serial, ApplicationInfo info, Current current) {
    application(
        () -> applications.added(info),
        serial,
        "addition of application `" + info.descriptor.name + "'",
        current);
  }

  @Override
  public void applicationRemoved(int serial, String name, Current current) {
    received(applications.removed(name), current);
  }

  @Override
  public void applicationUpdated(int serial, ApplicationUpdateInfo info, Current current) {
    application(
        () -> applications.updated(info),
        serial,
        "update of application `" + info.descriptor.name + "'",
        current);
  }

  /** Makes applications of what came, on this thread: it takes long if they are large. */
  private interface Preparation {
    RegistryEvent prepare() throws DescriptorException;
  }

  /** What cannot be applied costs the session; the next one brings the applications as a whole. */
  private void application(Preparation preparation, int serial, String what, Current current) {
    RegistryEvent event;
    try {
      event = preparation.prepare();
    } catch (DescriptorException e) {
      inputs.accept(
          new Input.UnknownUpdateReceived(
              attempt, Topic.APPLICATIONS, serial, what + ":\n" + e.reason()));
      return;
    }
    received(event, current);
  }

  @Override
  public void adapterInit(AdapterInfo[] infos, Current current) {
    List<AdapterEntry> entries = new ArrayList<>();
    for (AdapterInfo info : infos) {
      entries.add(Mapping.adapterEntry(communicator, info));
    }
    received(new RegistryEvent.AdaptersReplaced(entries), current);
  }

  @Override
  public void adapterAdded(AdapterInfo info, Current current) {
    received(new RegistryEvent.AdapterAdded(Mapping.adapterEntry(communicator, info)), current);
  }

  @Override
  public void adapterUpdated(AdapterInfo info, Current current) {
    received(new RegistryEvent.AdapterUpdated(Mapping.adapterEntry(communicator, info)), current);
  }

  @Override
  public void adapterRemoved(String id, Current current) {
    received(new RegistryEvent.AdapterRemoved(id), current);
  }

  @Override
  public void objectInit(ObjectInfo[] infos, Current current) {
    List<ObjectEntry> entries = new ArrayList<>();
    for (ObjectInfo info : infos) {
      entries.add(Mapping.objectEntry(communicator, info));
    }
    received(new RegistryEvent.ObjectsReplaced(entries), current);
  }

  @Override
  public void objectAdded(ObjectInfo info, Current current) {
    received(new RegistryEvent.ObjectAdded(Mapping.objectEntry(communicator, info)), current);
  }

  @Override
  public void objectUpdated(ObjectInfo info, Current current) {
    received(new RegistryEvent.ObjectUpdated(Mapping.objectEntry(communicator, info)), current);
  }

  @Override
  public void objectRemoved(Identity id, Current current) {
    received(new RegistryEvent.ObjectRemoved(Mapping.objectId(id)), current);
  }

  private void received(RegistryEvent event, Current current) {
    PushedUpdate update = DatabaseUpdates.received(event, current.ctx);
    inputs.accept(new Input.UpdateReceived(attempt, update));
  }
}
