package dev.firn.storm;

import com.zeroc.IceInternal.MetricsAdminI;
import com.zeroc.IceMX.Metrics;
import com.zeroc.IceMX.Observer;
import com.zeroc.IceMX.ObserverFactory;
import dev.firn.storm.MetricsSource.Counts;
import java.util.Collection;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Carries counts over into one map of the Metrics facet. Any thread; its lock is held while the
 * source is asked.
 *
 * @param <V> what counts; told apart by identity
 * @param <T> the metrics of the map
 */
final class MetricsFeed<V, T extends Metrics> {
  private final ObserverFactory<T, Observer<T>> factory;
  private final MetricsSource<V, T> source;
  private final IdentityHashMap<V, Observed> observed = new IdentityHashMap<>();
  private volatile boolean viewsChanged;
  private boolean wasEnabled;
  private boolean closed;

  /** An object that metrics count, and what was carried over. */
  private final class Observed {
    @Nullable Observer<T> observer;
    String state = "";
    Counts last;

    Observed(Counts last) {
      this.last = last;
    }
  }

  /**
   * @param name of the map
   * @param onViews called when the views have changed: all that there is must be brought up to date
   */
  MetricsFeed(
      MetricsAdminI metrics,
      String name,
      Class<T> type,
      MetricsSource<V, T> source,
      Runnable onViews) {
    this.factory = new ObserverFactory<>(metrics, name, type);
    this.source = source;
    factory.setUpdater(
        () -> {
          viewsChanged = true;
          onViews.run();
        });
  }

  /** Whether any view has the map. */
  boolean enabled() {
    return factory.isEnabled();
  }

  /** Brings the map up to date with all that there is now. */
  synchronized void refresh(Collection<? extends V> present) {
    if (closed) {
      return;
    }
    boolean changed = viewsChanged;
    viewsChanged = false;
    boolean enabled = factory.isEnabled();
    IdentityHashMap<V, Observed> gone = new IdentityHashMap<>(observed);
    for (V view : present) {
      gone.remove(view);
      refresh(view, changed);
    }
    // What was told of meanwhile may be missing in what was there a moment ago.
    gone.forEach(
        (view, known) -> {
          if (!enabled || source.ended(view)) {
            end(view, known);
          }
        });
    wasEnabled = enabled;
  }

  /** Brings the map up to date with one object, which may be new. Costs little if no view is. */
  void refresh(V view) {
    if (factory.isEnabled()) {
      synchronized (this) {
        if (!closed) {
          refresh(view, false);
        }
      }
    }
  }

  private void refresh(V view, boolean viewsChangedNow) {
    Observed known = observed.get(view);
    if (known == null && source.ended(view)) {
      return; // Counted, and taken out; what it had under way comes back now.
    }
    if (known == null) {
      // Of what was there before there was a view, the past is not counted.
      known = new Observed(wasEnabled ? Counts.ZERO : totals(view));
      observed.put(view, known);
      observe(view, known);
    } else if (viewsChangedNow || !known.state.equals(source.state(view))) {
      observe(view, known);
    }
    carryOver(view, known);
  }

  synchronized void end(V view) {
    Observed known = observed.get(view);
    if (known != null) {
      end(view, known);
    }
  }

  /** Nothing is observed any more, and the map is gone. */
  synchronized void close() {
    closed = true;
    new IdentityHashMap<>(observed).forEach(this::end);
    factory.destroy();
  }

  private Counts totals(V view) {
    Counts now = source.counts(view);
    return now.minus(now.gauges());
  }

  /** Finds the metrics that the attributes match now; gauges move to them. */
  @SuppressWarnings("unchecked") // There is no class object for a generic type.
  private void observe(V view, Observed known) {
    Observer<T> before = known.observer;
    Counts gauges = known.last.gauges();
    add(known, Counts.ZERO.minus(gauges));
    known.state = source.state(view);
    Class<Observer<T>> type = (Class<Observer<T>>) (Class<?>) Observer.class;
    Observer<T> after = factory.getObserver(source.attributes(view), before, type);
    known.observer = after;
    if (after != null) {
      after.attach();
    } else if (before != null) {
      before.detach();
    }
    add(known, gauges);
  }

  private void carryOver(V view, Observed known) {
    Counts now = source.counts(view);
    add(known, now.minus(known.last));
    known.last = now;
  }

  private void end(V view, Observed known) {
    carryOver(view, known);
    add(known, Counts.ZERO.minus(known.last.gauges()));
    Observer<T> observer = known.observer;
    if (observer != null) {
      observer.detach();
    }
    observed.remove(view);
  }

  private void add(Observed known, Counts difference) {
    Observer<T> observer = known.observer;
    if (observer != null && !difference.equals(Counts.ZERO)) {
      observer.forEach(metrics -> source.add(metrics, difference));
    }
  }
}
