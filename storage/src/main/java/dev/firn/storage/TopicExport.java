package dev.firn.storage;

import dev.firn.election.LogPosition;
import dev.firn.election.StateChange;
import dev.firn.election.Topic;
import dev.firn.election.TopicChange;
import dev.firn.election.TopicTables;
import dev.firn.model.EncodingReader;
import dev.firn.model.EncodingWriter;
import dev.firn.model.MalformedEncodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The file that icestormdb exports and imports, the same as of ZeroC's icestormdb: a type, the
 * writer's Ice version and the tables in one stream of Ice's encoding 1.1. Proxies are copied, not
 * understood.
 *
 * @param iceVersion of the writer: {@code major * 10000 + minor * 100 + patch}
 * @param rows in the order of the file
 */
public record TopicExport(int iceVersion, LogPosition position, List<TopicRow> rows) {
  private static final String TYPE = "IceStorm";

  public TopicExport {
    rows = List.copyOf(rows);
  }

  /** The content of a database, in the order that ZeroC's service keeps it. */
  public static TopicExport of(int iceVersion, TopicTables tables) {
    TreeMap<byte[], TopicRow> sorted = new TreeMap<>(TopicRow.KEY_ORDER);
    for (Topic topic : tables.topics()) {
      TopicRow own = TopicRow.of(topic.id());
      sorted.put(own.key(), own);
      topic
          .subscribers()
          .forEach(
              record -> {
                var row = new TopicRow(topic.id(), record);
                sorted.put(row.key(), row);
              });
    }
    return new TopicExport(iceVersion, tables.position(), List.copyOf(sorted.values()));
  }

  /**
   * The type that a file claims to have.
   *
   * @throws MalformedEncodingException if it claims none
   */
  public static String type(byte[] file) {
    return new EncodingReader(file).readString();
  }

  /** Whether a file of this type holds a storm's tables. */
  public static boolean isStormType(String type) {
    return type.equals(TYPE);
  }

  /**
   * Reads a file; what lies behind the tables is ignored, as ZeroC's icestormdb does.
   *
   * @throws MalformedEncodingException if it is damaged or truncated
   */
  public static TopicExport read(byte[] file) {
    var in = new EncodingReader(file);
    String type = in.readString();
    if (!isStormType(type)) {
      throw new MalformedEncodingException("incorrect input file type: " + type);
    }
    int version = in.readInt();
    LogPosition position = LogPosition.ZERO;
    for (int left = in.readSize(); left > 0; left--) {
      String key = in.readString();
      LogPosition read = new LogPosition(in.readLong(), in.readLong());
      if (key.equals(TopicDatabase.POSITION_KEY)) {
        position = read;
      }
    }
    List<TopicRow> rows = new ArrayList<>();
    for (int left = in.readSize(); left > 0; left--) {
      rows.add(TopicRow.read(in, in));
    }
    return new TopicExport(version, position, rows);
  }

  /** The bytes of the file. */
  public byte[] toBytes() {
    EncodingWriter out =
        new EncodingWriter()
            .writeString(TYPE)
            .writeInt(iceVersion)
            .writeSize(1)
            .writeString(TopicDatabase.POSITION_KEY)
            .writeLong(position.generation())
            .writeLong(position.iteration())
            .writeSize(rows.size());
    for (TopicRow row : rows) {
      out.writeBytes(row.key()).writeBytes(row.value());
    }
    return out.toBytes();
  }

  /** What makes these tables of none. Subscribers of a topic without a row make the topic. */
  public List<StateChange> changes() {
    TopicTables tables = TopicTables.EMPTY;
    List<StateChange> changes = new ArrayList<>();
    changes.add(new StateChange.SetPosition(position));
    for (TopicRow row : rows) {
      // Before the subscribers: a file of another tool may have another order.
      if (row.isTopic()) {
        TopicChange put = new TopicChange.PutTopic(row.topic());
        tables = tables.with(put);
        changes.add(put);
      }
    }
    for (TopicRow row : rows) {
      if (!row.isTopic()) {
        if (tables.find(Topic.nameOf(row.topic())) == null) {
          TopicChange put = new TopicChange.PutTopic(row.topic());
          tables = tables.with(put);
          changes.add(put);
        }
        changes.add(new TopicChange.PutSubscriber(row.topic(), row.record()));
      }
    }
    return changes;
  }
}
