package dev.firn.bench;

/**
 * Resident memory of one kind of server, kilobytes.
 *
 * @param entries objects in the large database, and as many adapters
 * @param idle with the small database, before any request
 * @param idleLarge with the large database, before any request
 * @param loaded with the small database, after the load
 * @param loadedLarge with the large database, after the load
 */
record MemoryResult(
    ServerKind kind, int entries, long idle, long idleLarge, long loaded, long loadedLarge) {

  /** What an entry adds to a server under load; an object and an adapter count as two. */
  double bytesPerEntry() {
    return (loadedLarge - loaded) * 1024.0 / (2.0 * entries);
  }
}
