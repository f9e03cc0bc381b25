package dev.firn.wire;

import com.zeroc.Ice.Current;
import dev.firn.wire.Firn.StormTopicManager;

/** A manager's servant that answers later: {@code IceStorm::TopicManagerInternal}. */
public interface AmdTopicManager extends StormTopicManager {
  @Override
  default String[] ice_ids(Current current) {
    return new String[] {
      "::Ice::Object", "::IceStorm::TopicManager", "::IceStorm::TopicManagerInternal"
    };
  }

  @Override
  default String ice_id(Current current) {
    return "::IceStorm::TopicManagerInternal";
  }
}
