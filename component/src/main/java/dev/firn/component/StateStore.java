package dev.firn.component;

import static java.util.Objects.requireNonNull;

import dev.firn.failover.Bytes;
import dev.firn.failover.StateItem;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A map from text to values of one type that all instances of a group have: what the active one
 * puts in is published, those that stand by read it. The key of an item is {@code <type>/<id>}.
 *
 * <p>Any thread. Changes of one store are made and published in one order. Values are not to be
 * changed once they are in.
 */
public final class StateStore<T> {
  private final String prefix;
  private final StateCodec<T> codec;
  private final SortedMap<String, T> values = new ConcurrentSkipListMap<>();
  private @Nullable StatePublisher publisher;

  /**
   * @param type the first part of all keys; unique in the component
   */
  StateStore(String type, StateCodec<T> codec) {
    if (type.isEmpty() || type.indexOf('/') >= 0) {
      throw new IllegalArgumentException("type must be a word without /: \"" + type + "\"");
    }
    this.prefix = type + "/";
    this.codec = codec;
  }

  public Optional<T> get(String id) {
    return Optional.ofNullable(values.get(id));
  }

  /** All values by id, as they are now; a copy. */
  public SortedMap<String, T> all() {
    return new TreeMap<>(values);
  }

  public int size() {
    return values.size();
  }

  /**
   * Sets a value.
   *
   * @throws RoleLostException the instance is not active
   * @throws IllegalArgumentException the value is too large
   */
  public void put(String id, T value) {
    update(id, old -> value);
  }

  /**
   * Changes a value in one step.
   *
   * @param change gets the value that is there, or null; its result is put
   * @return the new value
   * @throws RoleLostException the instance is not active
   * @throws IllegalArgumentException the value is too large
   */
  public synchronized T update(String id, UnaryOperator<@Nullable T> change) {
    StatePublisher target = publisher();
    T value = requireNonNull(change.apply(values.get(id)), "value");
    target.set(item(id, value));
    values.put(id, value);
    return value;
  }

  /**
   * Removes a value; there may be none.
   *
   * @throws RoleLostException the instance is not active
   */
  public synchronized void remove(String id) {
    publisher().remove(prefix + id);
    values.remove(id);
  }

  /**
   * Completes once all changes made before are as durable as the state replicator promises; see
   * {@link StatePublisher#flush}.
   *
   * @throws RoleLostException the instance is not active
   */
  public CompletionStage<Long> acknowledged() {
    StatePublisher target;
    synchronized (this) {
      target = publisher();
    }
    return target.flush();
  }

  private StatePublisher publisher() {
    StatePublisher target = publisher;
    if (target == null) {
      throw new RoleLostException("the instance is not active: its state can only be read");
    }
    return target;
  }

  private StateItem item(String id, T value) {
    return new StateItem(prefix + id, codec.typeId(), 0, Bytes.of(codec.encode().apply(value)));
  }

  synchronized void writable(StatePublisher newPublisher) {
    publisher = newPublisher;
  }

  synchronized void readOnly() {
    publisher = null;
  }

  /** Whether an item is of this store. */
  boolean has(String key) {
    return key.startsWith(prefix);
  }

  synchronized void replaceAll(Map<String, StateItem> items) {
    Map<String, T> all = new TreeMap<>();
    items.forEach(
        (key, item) -> {
          if (has(key)) {
            all.put(id(key), decoded(item));
          }
        });
    values.keySet().retainAll(all.keySet());
    values.putAll(all);
  }

  synchronized void apply(StateItem item) {
    values.put(id(item.key()), decoded(item));
  }

  synchronized void applyRemoved(String key) {
    values.remove(id(key));
  }

  private String id(String key) {
    return key.substring(prefix.length());
  }

  private T decoded(StateItem item) {
    if (!item.typeId().equals(codec.typeId())) {
      throw new IllegalStateException(
          "item " + item.key() + " is of type " + item.typeId() + ", not " + codec.typeId());
    }
    return codec.decode().apply(item.payload().toArray());
  }
}
