package dev.firn.component;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.Properties;
import dev.firn.failover.RoleInput;
import dev.firn.wire.AsteriskSCF.System.Component.V1.ReplicaPrx;
import dev.firn.wire.ComponentTypes;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * One running instance of a component, in a communicator of whoever started it. Several may run in
 * one process.
 */
public final class ComponentInstance implements AutoCloseable {
  private static final String WARN_UNKNOWN = "Ice.Warn.UnknownProperties";
  private static final long STOP_MARGIN_MILLIS = 5_000;

  private final ComponentSettings settings;
  private final InstanceThreads threads;
  private final InstanceParts parts;
  private final Optional<HealthEndpoint> health;
  private boolean stopped;

  private ComponentInstance(
      ComponentSettings settings,
      InstanceThreads threads,
      InstanceParts parts,
      Optional<HealthEndpoint> health) {
    this.settings = settings;
    this.threads = threads;
    this.parts = parts;
    this.health = health;
  }

  /**
   * Starts an instance: returns when its role can be asked for, and it stands by, or is on its way
   * to it. Nobody and nothing it needs has to be there already.
   *
   * @param name of the instance: the prefix of its properties, and the name of its Service adapter
   * @throws SettingsException a property is missing or has no meaning
   * @throws LocalException the Backplane adapter, or the HTTP probe, cannot be opened
   */
  public static ComponentInstance start(
      Communicator communicator, String name, ReplicatedComponent component) {
    Properties properties = communicator.getProperties();
    ComponentSettings settings = ComponentSettings.read(properties, name);
    Collection<String> unknown = KnownProperties.unknown(properties, name);
    if (!unknown.isEmpty()) {
      communicator
          .getLogger()
          .warning(
              "found unknown properties for component '"
                  + name
                  + "':\n    "
                  + String.join("\n    ", unknown));
    }
    settings.warnings().forEach(communicator.getLogger()::warning);
    settings.notice().ifPresent(communicator.getLogger()::print);
    if (properties.getProperty(WARN_UNKNOWN).isEmpty()) {
      // The adapters have the instance's name, and Ice knows their properties only.
      properties.setProperty(WARN_UNKNOWN, "0");
    }
    ComponentTypes.prepare(properties);
    // A request that never ends must not keep a cluster manager from asking.
    setIfUnset(properties, name + ".Backplane.ThreadPool.Size", "2");
    setIfUnset(properties, name + ".Backplane.ThreadPool.SizeMax", "8");
    // The parts of a snapshot must be taken in their order.
    setIfUnset(properties, name + ".Backplane.ThreadPool.Serialize", "1");
    // The state arrives here, in updates of up to 4 MiB and more.
    setIfUnset(properties, name + ".Backplane.MessageSizeMax", "8192");
    ObjectAdapter backplane = communicator.createObjectAdapter(name + ".Backplane");
    InstanceThreads threads = InstanceThreads.of(name);
    component.runsIn(communicator);
    Optional<InstanceParts> made = Optional.empty();
    Optional<HealthEndpoint> health = Optional.empty();
    boolean started = false;
    try {
      InstanceParts parts =
          new InstanceParts(communicator, settings, component, threads, backplane);
      made = Optional.of(parts);
      parts.adapter().bindEarly();
      health = health(settings, parts);
      backplane.activate();
      parts.role().tell(new RoleInput.Start());
      started = true;
      return new ComponentInstance(settings, threads, parts, health);
    } finally {
      if (!started) {
        health.ifPresent(HealthEndpoint::close);
        made.ifPresentOrElse(InstanceParts::close, backplane::destroy);
        threads.close();
      }
    }
  }

  private static Optional<HealthEndpoint> health(ComponentSettings settings, InstanceParts parts) {
    if (settings.health().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new HealthEndpoint(
              settings.name(),
              settings.health().get(),
              settings.lagMax(),
              parts::status,
              parts::configurationRevision));
    } catch (IOException e) {
      throw new SettingsException(
          "cannot open " + settings.health().get() + " for the HTTP probe: " + e.getMessage());
    }
  }

  static void setIfUnset(Properties properties, String name, String value) {
    if (properties.getProperty(name).isEmpty()) {
      properties.setProperty(name, value);
    }
  }

  public String name() {
    return settings.name();
  }

  /** Whether this instance serves now. Any thread. */
  public boolean isActive() {
    return parts.role().view().isActive();
  }

  /** The object that others ask for the role of this instance; facet {@code ha} knows more. */
  public ReplicaPrx replica() {
    return parts.replica();
  }

  int listenerCount() {
    return parts.listenerCount();
  }

  /**
   * Completes if a bug has ended the role of the instance: it serves nothing any more and says
   * {@code Failed} of itself, the log says more, and only a new instance can help. What depends on
   * the completion must not wait.
   */
  public CompletionStage<Void> failure() {
    return parts.failure().minimalCompletionStage();
  }

  /**
   * Ends the instance in order: an active one hands over what is pending first. Takes as long as
   * the time-out of the way to standby, at most, and little more. May be called twice.
   */
  @Override
  public synchronized void close() {
    if (stopped) {
      return;
    }
    stopped = true;
    parts.role().tell(new RoleInput.Stop());
    try {
      parts
          .role()
          .ended()
          .copy()
          .orTimeout(
              settings.standbyTimeout().toMillis() + STOP_MARGIN_MILLIS, TimeUnit.MILLISECONDS)
          .join();
    } catch (CompletionException e) {
      parts.logger().warning("component " + name() + ": did not end in time");
    }
    health.ifPresent(HealthEndpoint::close);
    parts.close();
    threads.close();
  }
}
