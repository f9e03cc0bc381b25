package dev.firn.registry;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.InputStream;
import com.zeroc.Ice.Object.Ice_invokeResult;
import com.zeroc.Ice.OperationMode;
import com.zeroc.Ice.UnknownUserException;
import com.zeroc.Ice.Util;
import com.zeroc.IceGrid.DatabaseObserverPrx;
import dev.firn.model.AdapterEntry;
import dev.firn.model.EncodingReader;
import dev.firn.model.EncodingWriter;
import dev.firn.model.ObjectEntry;
import dev.firn.model.RegistryEvent;
import dev.firn.replication.PushedUpdate;
import dev.firn.wire.DescriptorWriter;
import dev.firn.wire.Mapping;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Updates from a master to a slave, to and from the wire. */
final class DatabaseUpdates {
  private static final int ENCAPSULATION_HEADER_BYTES = 6;
  private static final String SERIAL = "serial";
  private static final String DB_SERIAL = "dbSerial";

  /** Only Firn sends and understands this entry; others ignore it. */
  static final String EPOCH = "firn.epoch";

  /** Tells starts of one Firn replica apart; others ignore it. */
  static final String BOOT_ID = "firn.boot";

  private DatabaseUpdates() {}

  /** Sends an update; the future ends when the slave took it, or failed to. */
  static CompletableFuture<?> send(
      Communicator communicator, DatabaseObserverPrx observer, PushedUpdate update) {
    Map<String, String> context = context(update);
    RegistryEvent event = update.event();
    if (event instanceof RegistryEvent.ApplicationsReplaced replaced) {
      return observer.applicationInitAsync(
          update.serial(), Mapping.applicationInfos(replaced.entries()), context);
    } else if (event instanceof RegistryEvent.ApplicationAdded added) {
      return observer.applicationAddedAsync(
          update.serial(), Mapping.applicationInfo(added.entry()), context);
    } else if (event instanceof RegistryEvent.ApplicationUpdated updated) {
      return observer.applicationUpdatedAsync(
          update.serial(),
          DescriptorWriter.updateInfo(updated.entry().info(), updated.update()),
          context);
    } else if (event instanceof RegistryEvent.ApplicationRemoved removed) {
      return observer.applicationRemovedAsync(update.serial(), removed.name(), context);
    } else if (event instanceof RegistryEvent.AdaptersReplaced replaced) {
      return sendAdapters(communicator, observer, replaced.entries(), context);
    } else if (event instanceof RegistryEvent.AdapterAdded added) {
      return observer.adapterAddedAsync(Mapping.adapterInfo(communicator, added.entry()), context);
    } else if (event instanceof RegistryEvent.AdapterUpdated updated) {
      return observer.adapterUpdatedAsync(
          Mapping.adapterInfo(communicator, updated.entry()), context);
    } else if (event instanceof RegistryEvent.AdapterRemoved removed) {
      return observer.adapterRemovedAsync(removed.id(), context);
    } else if (event instanceof RegistryEvent.ObjectsReplaced replaced) {
      return sendObjects(communicator, observer, replaced.entries(), context);
    } else if (event instanceof RegistryEvent.ObjectAdded added) {
      return observer.objectAddedAsync(Mapping.objectInfo(communicator, added.entry()), context);
    } else if (event instanceof RegistryEvent.ObjectUpdated updated) {
      return observer.objectUpdatedAsync(
          Mapping.objectInfo(communicator, updated.entry()), context);
    } else if (event instanceof RegistryEvent.ObjectRemoved removed) {
      return observer.objectRemovedAsync(Mapping.identity(removed.id()), context);
    }
    throw new IllegalStateException("unknown event " + event);
  }

  /** What a slave received. */
  static PushedUpdate received(RegistryEvent event, Map<String, String> context) {
    String serial = context.get(SERIAL);
    return new PushedUpdate(
        event,
        serial == null ? -1 : Integer.parseInt(serial),
        number(context, DB_SERIAL),
        number(context, EPOCH));
  }

  static Optional<Long> number(Map<String, String> context, String key) {
    String value = context.get(key);
    return value == null || value.equals("-1")
        ? Optional.empty()
        : Optional.of(Long.valueOf(value));
  }

  /** The objects of an {@code objectInit} request, from its encapsulation in encoding 1.1. */
  static List<ObjectEntry> objects(byte[] encapsulation) {
    return entries(encapsulation, in -> ObjectEntry.of(in.readProxy(), in.readString()));
  }

  /** The adapters of an {@code adapterInit} request, as {@link #objects}. */
  static List<AdapterEntry> adapters(byte[] encapsulation) {
    return entries(
        encapsulation, in -> new AdapterEntry(in.readString(), in.readProxy(), in.readString()));
  }

  private static <T> List<T> entries(byte[] encapsulation, Function<EncodingReader, T> reader) {
    EncodingReader in = new EncodingReader(encapsulation);
    in.readBytes(ENCAPSULATION_HEADER_BYTES);
    int count = in.readSize();
    List<T> entries = new ArrayList<>(Math.min(count, in.remaining()));
    for (int i = 0; i < count; i++) {
      entries.add(reader.apply(in));
    }
    return entries;
  }

  /**
   * Sends the objects as they are stored. Making proxies of a large table only to marshal them
   * again would take most of the time of a synchronisation.
   */
  private static CompletableFuture<?> sendObjects(
      Communicator communicator,
      DatabaseObserverPrx observer,
      List<ObjectEntry> entries,
      Map<String, String> context) {
    if (!observer.ice_getEncodingVersion().equals(Util.Encoding_1_1)) {
      return observer.objectInitAsync(Mapping.objectInfos(communicator, entries), context);
    }
    EncodingWriter body = body(entries.size());
    for (ObjectEntry entry : entries) {
      body.writeProxy(entry.proxy()).writeString(entry.type());
    }
    return invoke(communicator, observer, "objectInit", body, context);
  }

  /** As {@link #sendObjects}. */
  private static CompletableFuture<?> sendAdapters(
      Communicator communicator,
      DatabaseObserverPrx observer,
      List<AdapterEntry> entries,
      Map<String, String> context) {
    if (!observer.ice_getEncodingVersion().equals(Util.Encoding_1_1)) {
      return observer.adapterInitAsync(Mapping.adapterInfos(communicator, entries), context);
    }
    EncodingWriter body = body(entries.size());
    for (AdapterEntry entry : entries) {
      body.writeString(entry.id()).writeProxy(entry.proxy()).writeString(entry.replicaGroupId());
    }
    return invoke(communicator, observer, "adapterInit", body, context);
  }

  /** The beginning of an encapsulation of entries; its size is put in when it is known. */
  private static EncodingWriter body(int count) {
    return new EncodingWriter().writeInt(0).writeByte(1).writeByte(1).writeSize(count);
  }

  private static CompletableFuture<?> invoke(
      Communicator communicator,
      DatabaseObserverPrx observer,
      String operation,
      EncodingWriter body,
      Map<String, String> context) {
    byte[] encapsulation = body.toBytes();
    ByteBuffer.wrap(encapsulation).order(ByteOrder.LITTLE_ENDIAN).putInt(0, encapsulation.length);
    return observer
        .ice_invokeAsync(operation, OperationMode.Normal, encapsulation, context)
        .thenAccept(result -> checkReturned(communicator, result));
  }

  private static void checkReturned(Communicator communicator, Ice_invokeResult result) {
    if (!result.returnValue) {
      String id = "unknown";
      try {
        InputStream in = new InputStream(communicator, result.outParams);
        in.startEncapsulation();
        in.throwException();
      } catch (com.zeroc.Ice.UserException e) {
        id = e.ice_id();
      }
      throw new CompletionException(new UnknownUserException(id));
    }
  }

  private static Map<String, String> context(PushedUpdate update) {
    Map<String, String> context = new TreeMap<>();
    context.put(SERIAL, Integer.toString(update.serial()));
    put(context, DB_SERIAL, update.dbSerial().orElse(null));
    put(context, EPOCH, update.epochNumber().orElse(null));
    return context;
  }

  private static void put(Map<String, String> context, String key, @Nullable Long value) {
    if (value != null) {
      context.put(key, value.toString());
    }
  }
}
