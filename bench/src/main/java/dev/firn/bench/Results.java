package dev.firn.bench;

import java.util.List;
import java.util.Map;

/**
 * Everything a run measured; a part that was not run is empty.
 *
 * @param jvmFlags of the servers that run on a JVM
 */
record Results(
    List<ServerKind> servers,
    Map<ServerKind, String> jvmFlags,
    List<LookupBench.Cell> lookups,
    List<MemoryResult> memory,
    List<UpdateBench.Result> updates,
    List<SyncBench.Result> syncs) {

  Results {
    servers = List.copyOf(servers);
    jvmFlags = Map.copyOf(jvmFlags);
    lookups = List.copyOf(lookups);
    memory = List.copyOf(memory);
    updates = List.copyOf(updates);
    syncs = List.copyOf(syncs);
  }
}
