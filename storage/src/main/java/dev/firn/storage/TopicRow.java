package dev.firn.storage;

import dev.firn.election.SubscriberRecord;
import dev.firn.model.EncodedProxy;
import dev.firn.model.EncodingReader;
import dev.firn.model.EncodingWriter;
import dev.firn.model.MalformedEncodingException;
import dev.firn.model.ObjectId;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A row of the table of subscribers in Ice's encoding, for the database and for export files.
 *
 * @param topic the topic's identity
 * @param record the subscriber; of the row that stands for the topic itself {@link #TOPIC}
 */
public record TopicRow(ObjectId topic, SubscriberRecord record) {
  /** A record whose fields are all empty. */
  static final SubscriberRecord TOPIC =
      SubscriberRecord.subscriber(
          "", new ObjectId("", ""), EncodedProxy.NULL, new TreeMap<String, String>());

  /**
   * The order of encoded keys that ZeroC's service gives its table: the bytes of the topic's name
   * and category, then of the subscriber's. Sizes do not count, so it is not the order of the
   * encoded bytes. Any two keys have an order, damaged ones too: LMDB's native code asks.
   */
  static final Comparator<byte[]> KEY_ORDER = TopicRow::compareKeys;

  private static final int KEY_STRINGS = 4;
  private static final int LONG_SIZE = 255;

  /** Whether the row stands for the topic itself. */
  public boolean isTopic() {
    return isTopic(record.id());
  }

  static boolean isTopic(ObjectId subscriber) {
    return subscriber.name().isEmpty() && subscriber.category().isEmpty();
  }

  /** The row of a topic itself. */
  public static TopicRow of(ObjectId topic) {
    return new TopicRow(topic, TOPIC);
  }

  public byte[] key() {
    return key(topic, record.id());
  }

  static byte[] key(ObjectId topic, ObjectId subscriber) {
    return new EncodingWriter().writeObjectId(topic).writeObjectId(subscriber).toBytes();
  }

  public byte[] value() {
    EncodingWriter out =
        new EncodingWriter()
            .writeString(record.topicName())
            .writeObjectId(record.id())
            .writeByte(record.link() ? 1 : 0)
            .writeProxy(record.proxy())
            .writeSize(record.qos().size());
    for (Map.Entry<String, String> entry : record.qos().entrySet()) {
      out.writeString(entry.getKey()).writeString(entry.getValue());
    }
    return out.writeInt(record.cost()).writeProxy(record.linkedTopic()).toBytes();
  }

  /**
   * Reads a key and its value.
   *
   * @throws MalformedEncodingException if that is not what is there
   */
  public static TopicRow read(EncodingReader key, EncodingReader value) {
    ObjectId topic = key.readObjectId();
    ObjectId id = key.readObjectId();
    SubscriberRecord record = readRecord(value);
    if (!record.id().equals(id)) {
      throw new MalformedEncodingException(
          "the subscriber " + record.id() + " is stored under the id " + id);
    }
    return new TopicRow(topic, record);
  }

  private static SubscriberRecord readRecord(EncodingReader in) {
    String topicName = in.readString();
    ObjectId id = in.readObjectId();
    boolean link = in.readByte() != 0;
    EncodedProxy proxy = in.readProxy();
    SortedMap<String, String> qos = new TreeMap<>();
    for (int left = in.readSize(); left > 0; left--) {
      String key = in.readString();
      qos.put(key, in.readString());
    }
    int cost = in.readInt();
    return new SubscriberRecord(topicName, id, link, proxy, qos, cost, in.readProxy());
  }

  private static int compareKeys(byte[] left, byte[] right) {
    int leftAt = 0;
    int rightAt = 0;
    for (int i = 0; i < KEY_STRINGS; i++) {
      int leftStart = leftAt + sizeLength(left, leftAt);
      int rightStart = rightAt + sizeLength(right, rightAt);
      leftAt = end(left, leftAt, leftStart);
      rightAt = end(right, rightAt, rightStart);
      int order = Arrays.compareUnsigned(left, leftStart, leftAt, right, rightStart, rightAt);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  /** How many bytes the size at this offset takes; cut off at the end of damaged bytes. */
  private static int sizeLength(byte[] bytes, int at) {
    int length = at < bytes.length && (bytes[at] & 0xff) == LONG_SIZE ? 1 + Integer.BYTES : 1;
    return Math.min(length, bytes.length - at);
  }

  private static int end(byte[] bytes, int at, int start) {
    int size = 0;
    if (start - at == 1) {
      size = bytes[at] & 0xff;
    } else {
      for (int i = start - 1; i > at; i--) {
        size = (size << Byte.SIZE) | (bytes[i] & 0xff);
      }
    }
    return size < 0 || size > bytes.length - start ? bytes.length : start + size;
  }
}
