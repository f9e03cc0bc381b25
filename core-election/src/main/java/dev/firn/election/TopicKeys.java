package dev.firn.election;

import dev.firn.model.EncodingWriter;
import dev.firn.model.ObjectId;

/** Keys of the database. */
final class TopicKeys {
  private TopicKeys() {}

  /** Bytes that an identity takes in Ice's encoding. */
  static int sizeOf(ObjectId id) {
    return new EncodingWriter().writeString(id.name()).writeString(id.category()).toBytes().length;
  }
}
