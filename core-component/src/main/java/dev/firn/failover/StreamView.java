package dev.firn.failover;

import java.util.SortedMap;

/**
 * A stream as it is at one moment; never changes.
 *
 * @param whole whether the items are all there are; not so after they were forgotten
 * @param bytes of all items
 * @param partsBytes of what has come of the whole state that the writer publishes
 */
public record StreamView(
    String name,
    long epoch,
    String writer,
    long seq,
    boolean whole,
    SortedMap<String, StateItem> items,
    long bytes,
    long partsBytes,
    int listeners) {}
