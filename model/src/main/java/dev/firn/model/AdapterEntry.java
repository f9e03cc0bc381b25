package dev.firn.model;

import static java.util.Objects.requireNonNull;

/**
 * A dynamically registered object adapter: a row of the adapters table.
 *
 * @param replicaGroupId empty if the adapter belongs to no replica group
 */
public record AdapterEntry(String id, EncodedProxy proxy, String replicaGroupId) {
  public AdapterEntry {
    requireNonNull(id, "id");
    requireNonNull(proxy, "proxy");
    requireNonNull(replicaGroupId, "replicaGroupId");
    if (id.isEmpty()) {
      throw new IllegalArgumentException("an adapter id must not be empty");
    }
  }
}
