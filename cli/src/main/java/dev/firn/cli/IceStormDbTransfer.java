package dev.firn.cli;

import com.zeroc.Ice.Util;
import dev.firn.election.StateStoreException;
import dev.firn.model.MalformedEncodingException;
import dev.firn.storage.LmdbTopicStore;
import dev.firn.storage.TopicExport;
import dev.firn.storage.TopicRow;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** Copies a storm's database. */
final class IceStormDbTransfer extends DatabaseTransfer {
  IceStormDbTransfer(PrintStream out, boolean debug, String directoryName) {
    super(out, debug, directoryName);
  }

  @Override
  String quoted(String name) {
    return name;
  }

  @Override
  byte[] readDatabase(Path directory) {
    TopicExport export = TopicExport.of(Util.intVersion(), LmdbTopicStore.readOnly(directory));
    describe("Reading", export);
    return export.toBytes();
  }

  @Override
  String type(byte[] file) {
    return TopicExport.type(file);
  }

  @Override
  boolean accepts(String type) {
    return TopicExport.isStormType(type);
  }

  /**
   * @throws MalformedEncodingException if the file is damaged
   */
  @Override
  void writeDatabase(
      byte[] file, Path directory, int mapSizeMegabytes, List<String> serverVersions) {
    TopicExport export = TopicExport.read(file);
    describe("Writing", export);
    try (LmdbTopicStore store = LmdbTopicStore.open(directory, mapSizeMegabytes)) {
      store.commit(export.changes());
    } catch (StateStoreException e) {
      // So that the user can try again: the directory has to be empty.
      LmdbTopicStore.deleteFiles(directory);
      throw e;
    }
  }

  private void describe(String doing, TopicExport export) {
    if (debug()) {
      tell(doing + " LLU Map:");
      tell("  KEY = _manager");
      tell(doing + " Subscriber Map:");
      for (TopicRow row : export.rows()) {
        String subscriber = row.isTopic() ? "" : identity(row.record().id());
        tell("  KEY = TOPIC(" + identity(row.topic()) + ") ID(" + subscriber + ")");
      }
    }
  }
}
