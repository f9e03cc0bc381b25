package dev.firn.storage;

import dev.firn.model.AdapterEntry;
import dev.firn.model.EncodingWriter;
import dev.firn.model.Epoch;
import dev.firn.model.ObjectEntry;
import dev.firn.model.ObjectId;
import dev.firn.model.RegistryTables;
import dev.firn.model.RowChange;
import dev.firn.model.Topic;
import dev.firn.replication.StoreException;
import dev.firn.wire.DescriptorWriter;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Turns rows into what LMDB stores: tables, and the indexes over them. */
final class RowEncoder {
  /** LMDB's limit for keys, and for values in a database with duplicates. */
  static final int KEY_BYTES_MAX = 511;

  private final Consumer<Write> writes;

  private RowEncoder(Consumer<Write> writes) {
    this.writes = writes;
  }

  /**
   * @return throws StoreException where a row cannot be stored
   */
  static Write.Batch encode(List<RowChange> rows) {
    return writes -> {
      var encoder = new RowEncoder(writes);
      for (RowChange row : rows) {
        encoder.encode(row);
      }
    };
  }

  /** Writes that make the three indexes anew. */
  static Write.Batch encodeIndexes(RegistryTables tables) {
    return writes -> {
      var encoder = new RowEncoder(writes);
      for (RegistryDatabase database : RegistryDatabase.values()) {
        database.index().ifPresent(index -> writes.accept(new Write.Clear(index)));
      }
      for (AdapterEntry entry : tables.adapters()) {
        encoder.putAdapterIndex(entry);
      }
      for (ObjectEntry entry : tables.objects()) {
        encoder.putObjectIndex(RegistryDatabase.OBJECTS_BY_TYPE, entry.type(), key(entry.id()));
      }
      for (ObjectEntry entry : tables.nodes()) {
        encoder.putObjectIndex(RegistryDatabase.NODES_BY_TYPE, entry.type(), key(entry.id()));
      }
    };
  }

  static Write formatVersion() {
    return new Write.Put(
        RegistryDatabase.FIRN,
        string(RegistryDatabase.FORMAT_VERSION_KEY),
        number(RegistryDatabase.FORMAT_VERSION));
  }

  static byte[] string(String text) {
    return new EncodingWriter().writeString(text).toBytes();
  }

  static byte[] identity(ObjectId id) {
    return new EncodingWriter().writeObjectId(id).toBytes();
  }

  private static byte[] number(long value) {
    return new EncodingWriter().writeLong(value).toBytes();
  }

  private void encode(RowChange row) {
    if (row instanceof RowChange.PutApplication put) {
      byte[] key = key("application", put.entry().name());
      writes.accept(
          new Write.Put(RegistryDatabase.APPLICATIONS, key, DescriptorWriter.bytes(put.entry())));
    } else if (row instanceof RowChange.DeleteApplication delete) {
      byte[] key = key("application", delete.name());
      writes.accept(new Write.Delete(RegistryDatabase.APPLICATIONS, key));
    } else if (row instanceof RowChange.PutAdapter put) {
      putAdapter(put.entry(), put.previous());
    } else if (row instanceof RowChange.DeleteAdapter delete) {
      AdapterEntry previous = delete.previous();
      writes.accept(new Write.Delete(RegistryDatabase.ADAPTERS, key("adapter", previous.id())));
      deleteAdapterIndex(previous);
    } else if (row instanceof RowChange.PutObject put) {
      putObject(RegistryDatabase.OBJECTS, put.entry(), put.previous());
    } else if (row instanceof RowChange.DeleteObject delete) {
      deleteObject(RegistryDatabase.OBJECTS, delete.previous());
    } else if (row instanceof RowChange.PutNode put) {
      putObject(RegistryDatabase.NODES, put.entry(), put.previous());
    } else if (row instanceof RowChange.DeleteNode delete) {
      deleteObject(RegistryDatabase.NODES, delete.previous());
    } else if (row instanceof RowChange.ClearTable clear) {
      clear(clear.topic());
    } else if (row instanceof RowChange.PutSerial put) {
      byte[] key = string(put.topic().key());
      writes.accept(new Write.Put(RegistryDatabase.SERIALS, key, number(put.serial())));
    } else if (row instanceof RowChange.PutEpoch put) {
      putEpoch(put.epoch());
    } else {
      throw new IllegalStateException("unknown row change " + row);
    }
  }

  private void putAdapter(AdapterEntry entry, Optional<AdapterEntry> previous) {
    byte[] value =
        new EncodingWriter()
            .writeString(entry.id())
            .writeProxy(entry.proxy())
            .writeString(entry.replicaGroupId())
            .toBytes();
    previous
        .filter(old -> !old.replicaGroupId().equals(entry.replicaGroupId()))
        .ifPresent(this::deleteAdapterIndex);
    writes.accept(new Write.Put(RegistryDatabase.ADAPTERS, key("adapter", entry.id()), value));
    putAdapterIndex(entry);
  }

  private void putAdapterIndex(AdapterEntry entry) {
    byte[] key = key("replica group", entry.replicaGroupId());
    writes.accept(
        new Write.Put(
            RegistryDatabase.ADAPTERS_BY_REPLICA_GROUP_ID, key, key("adapter", entry.id())));
  }

  private void deleteAdapterIndex(AdapterEntry entry) {
    byte[] key = key("replica group", entry.replicaGroupId());
    writes.accept(
        new Write.DeleteValue(
            RegistryDatabase.ADAPTERS_BY_REPLICA_GROUP_ID, key, key("adapter", entry.id())));
  }

  private void putObject(
      RegistryDatabase table, ObjectEntry entry, Optional<ObjectEntry> previous) {
    RegistryDatabase index = table.index().orElseThrow();
    byte[] value =
        new EncodingWriter().writeProxy(entry.proxy()).writeString(entry.type()).toBytes();
    previous
        .filter(old -> !old.type().equals(entry.type()))
        .ifPresent(old -> deleteObjectIndex(index, old));
    byte[] id = key(entry.id());
    writes.accept(new Write.Put(table, id, value));
    putObjectIndex(index, entry.type(), id);
  }

  private void putObjectIndex(RegistryDatabase index, String type, byte[] id) {
    writes.accept(new Write.Put(index, key("type", type), id));
  }

  private void deleteObjectIndex(RegistryDatabase index, ObjectEntry entry) {
    writes.accept(new Write.DeleteValue(index, key("type", entry.type()), key(entry.id())));
  }

  private void deleteObject(RegistryDatabase table, ObjectEntry previous) {
    writes.accept(new Write.Delete(table, key(previous.id())));
    deleteObjectIndex(table.index().orElseThrow(), previous);
  }

  private void clear(Topic topic) {
    RegistryDatabase table =
        switch (topic) {
          case APPLICATIONS -> RegistryDatabase.APPLICATIONS;
          case ADAPTERS -> RegistryDatabase.ADAPTERS;
          case OBJECTS -> RegistryDatabase.OBJECTS;
        };
    writes.accept(new Write.Clear(table));
    table.index().ifPresent(index -> writes.accept(new Write.Clear(index)));
  }

  private void putEpoch(Epoch epoch) {
    byte[] numberKey = string(RegistryDatabase.EPOCH_NUMBER_KEY);
    byte[] masterKey = string(RegistryDatabase.EPOCH_MASTER_KEY);
    writes.accept(new Write.Put(RegistryDatabase.FIRN, numberKey, number(epoch.number())));
    writes.accept(new Write.Put(RegistryDatabase.FIRN, masterKey, number(epoch.master() ? 1 : 0)));
  }

  private static byte[] key(String what, String text) {
    return checked(string(text), what, text);
  }

  private static byte[] key(ObjectId id) {
    return checked(identity(id), "object", id.toString());
  }

  private static byte[] checked(byte[] key, String what, String text) {
    if (key.length > KEY_BYTES_MAX) {
      throw new StoreException(
          "cannot store the "
              + what
              + " \""
              + text
              + "\": its name takes "
              + key.length
              + " bytes, the database's limit is "
              + KEY_BYTES_MAX
              + "; use a shorter name");
    }
    return key;
  }
}
