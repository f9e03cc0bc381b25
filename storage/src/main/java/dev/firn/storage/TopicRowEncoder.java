package dev.firn.storage;

import dev.firn.election.StateChange;
import dev.firn.election.StateStoreException;
import dev.firn.election.SubscriberRecord;
import dev.firn.election.Topic;
import dev.firn.election.TopicChange;
import dev.firn.election.TopicCommand;
import dev.firn.election.TopicTables;
import dev.firn.model.EncodingWriter;
import dev.firn.model.ObjectId;
import java.util.ArrayList;
import java.util.List;

/** Turns changes into what LMDB stores, and into the tables that result. One use. */
final class TopicRowEncoder {
  private final List<Write> writes = new ArrayList<>();
  private TopicTables tables;

  TopicRowEncoder(TopicTables tables) {
    this.tables = tables;
  }

  List<Write> writes() {
    return writes;
  }

  /** The tables after all changes so far. */
  TopicTables tables() {
    return tables;
  }

  /** Writes the rows of all topics anew, in the order of their table. */
  TopicRowEncoder rewrite() {
    writes.add(new Write.Clear(TopicDatabase.SUBSCRIBERS));
    for (Topic topic : tables.topics()) {
      put(TopicRow.of(topic.id()));
      topic.subscribers().forEach(record -> put(new TopicRow(topic.id(), record)));
    }
    return this;
  }

  TopicRowEncoder formatVersion() {
    putFirn(TopicDatabase.FORMAT_VERSION_KEY, TopicDatabase.FORMAT_VERSION);
    return this;
  }

  /**
   * @throws StateStoreException if a row cannot be stored
   */
  TopicRowEncoder changes(List<? extends StateChange> changes) {
    for (StateChange change : changes) {
      encode(change);
      tables = tables.with(change);
    }
    return this;
  }

  private void encode(StateChange change) {
    if (change instanceof TopicChange.PutTopic put) {
      deleteTopic(put.topic());
      put(TopicRow.of(put.topic()));
    } else if (change instanceof TopicChange.DeleteTopic delete) {
      deleteTopic(delete.topic());
    } else if (change instanceof TopicChange.PutSubscriber put) {
      put(new TopicRow(put.topic(), put.subscriber()));
    } else if (change instanceof TopicChange.DeleteSubscriber delete) {
      delete(delete.topic(), delete.subscriber());
    } else if (change instanceof TopicChange.Clear) {
      writes.add(new Write.Clear(TopicDatabase.SUBSCRIBERS));
    } else if (change instanceof StateChange.SetPosition set) {
      byte[] key = new EncodingWriter().writeString(TopicDatabase.POSITION_KEY).toBytes();
      byte[] value =
          new EncodingWriter()
              .writeLong(set.position().generation())
              .writeLong(set.position().iteration())
              .toBytes();
      writes.add(new Write.Put(TopicDatabase.LLU, key, value));
    } else if (change instanceof StateChange.SetPromise set) {
      putFirn(TopicDatabase.PROMISE_KEY, set.generation());
    } else {
      throw new IllegalStateException("unknown change " + change);
    }
  }

  private void deleteTopic(ObjectId id) {
    Topic existing = tables.find(Topic.nameOf(id));
    if (existing != null) {
      delete(existing.id(), TopicRow.TOPIC.id());
      for (SubscriberRecord subscriber : existing.subscribers()) {
        delete(existing.id(), subscriber.id());
      }
    }
  }

  private void delete(ObjectId topic, ObjectId subscriber) {
    writes.add(new Write.Delete(TopicDatabase.SUBSCRIBERS, TopicRow.key(topic, subscriber)));
  }

  private void putFirn(String name, long value) {
    byte[] key = new EncodingWriter().writeString(name).toBytes();
    writes.add(
        new Write.Put(TopicDatabase.FIRN, key, new EncodingWriter().writeLong(value).toBytes()));
  }

  private void put(TopicRow row) {
    byte[] key = row.key();
    if (key.length > TopicCommand.KEY_SIZE_MAX) {
      String what = row.isTopic() ? "" : " with the subscriber " + row.record().id();
      throw new StateStoreException(
          "cannot store the topic "
              + row.topic()
              + what
              + ": the names take "
              + key.length
              + " bytes, the database's limit is "
              + TopicCommand.KEY_SIZE_MAX
              + "; use shorter names");
    }
    if (!row.isTopic() && tables.find(Topic.nameOf(row.topic())) == null) {
      throw new IllegalStateException("no topic " + row.topic());
    }
    writes.add(new Write.Put(TopicDatabase.SUBSCRIBERS, key, row.value()));
  }
}
