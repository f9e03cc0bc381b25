package dev.firn.failover;

import static java.util.Objects.requireNonNull;

import org.pcollections.TreePMap;

/**
 * A stream as the replicators agree on it. Immutable.
 *
 * @param epoch the newest claimed; 0 if there was none
 * @param writer the instance that claimed it
 * @param seq the last update; never repeated, even after the items were forgotten
 * @param clientSeq the writer's number of that update in this epoch; 0 if it has published nothing
 * @param whole whether the items are all there are: not so after they were forgotten, until the
 *     writer has published them anew
 * @param partsSeq while the writer publishes its whole state: what the last part would have been as
 *     an update; else, if it is above {@code seq}, where the numbers of parts begin
 * @param parts what has come of that whole state; the items stay what they were until all has
 */
public record StreamState(
    String name,
    long epoch,
    String writer,
    long seq,
    long clientSeq,
    boolean whole,
    TreePMap<String, StateItem> items,
    long partsSeq,
    TreePMap<String, StateItem> parts) {
  /** Ends the name of a stream that carries configuration: durable always, and without epochs. */
  public static final String CONFIGURATION_SUFFIX = "#config";

  /** Who forgets goes on from the next multiple of this. */
  private static final int RUN_BITS = 40;

  public StreamState {
    requireNonNull(name, "name");
    requireNonNull(writer, "writer");
    requireNonNull(items, "items");
    requireNonNull(parts, "parts");
  }

  public static StreamState empty(String name) {
    return new StreamState(name, 0, "", 0, 0, true, TreePMap.empty(), 0, TreePMap.empty());
  }

  public boolean isConfiguration() {
    return name.endsWith(CONFIGURATION_SUFFIX);
  }

  /** The stream itself, of one that carries its configuration. */
  public static String group(String name) {
    return name.endsWith(CONFIGURATION_SUFFIX)
        ? name.substring(0, name.length() - CONFIGURATION_SUFFIX.length())
        : name;
  }

  /** Whether its writer has to publish everything anew. */
  public boolean isForgotten() {
    return !whole && clientSeq == 0;
  }

  /** The stream after a restart of a replicator that keeps state in memory only. */
  StreamState forgotten() {
    long next = ((seq >> RUN_BITS) + 1) << RUN_BITS;
    return new StreamState(
        name, epoch, writer, next, 0, epoch == 0, TreePMap.empty(), 0, TreePMap.empty());
  }

  /** Whether the writer publishes its whole state and the last part of it has not come. */
  public boolean isReplacing() {
    return clientSeq > 0 && partsSeq > seq;
  }

  /** What the writer's last number has become, or will with the last part. */
  long numberedSeq() {
    return isReplacing() ? partsSeq : seq;
  }

  StreamState withHead(StreamChange.SetHead head) {
    return new StreamState(
        name,
        head.epoch(),
        head.writer(),
        head.seq(),
        head.clientSeq(),
        head.whole(),
        items,
        head.partsSeq(),
        parts);
  }

  StreamState withItems(TreePMap<String, StateItem> newItems) {
    return new StreamState(name, epoch, writer, seq, clientSeq, whole, newItems, partsSeq, parts);
  }

  StreamState withParts(TreePMap<String, StateItem> newParts) {
    return new StreamState(name, epoch, writer, seq, clientSeq, whole, items, partsSeq, newParts);
  }

  public StreamView view() {
    return new StreamView(name, epoch, writer, seq, whole, items, 0, 0, 0);
  }
}
