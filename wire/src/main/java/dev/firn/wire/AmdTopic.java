package dev.firn.wire;

import com.zeroc.Ice.Current;
import dev.firn.wire.Firn.StormTopic;

/** A topic's servant whose operations are answered later: {@code IceStorm::TopicInternal}. */
public interface AmdTopic extends StormTopic {
  @Override
  default String[] ice_ids(Current current) {
    return new String[] {"::Ice::Object", "::IceStorm::Topic", "::IceStorm::TopicInternal"};
  }

  @Override
  default String ice_id(Current current) {
    return "::IceStorm::TopicInternal";
  }
}
