package dev.firn.failover;

import java.util.SortedMap;

/**
 * A stream as it is at one moment; never changes.
 *
 * @param whole whether the items are all there are; not so while the writer publishes them anew
 * @param bytes of all items
 */
public record StreamView(
    String name,
    long epoch,
    String writer,
    long seq,
    boolean whole,
    SortedMap<String, StateItem> items,
    long bytes,
    int listeners) {}
