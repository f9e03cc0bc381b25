package dev.firn.cli;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.Properties;
import com.zeroc.Ice.Util;
import dev.firn.tls.TlsConfiguration;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParams;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorPrx;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceNotFound;
import dev.firn.wire.Async;
import dev.firn.wire.ComponentTypes;
import dev.firn.wire.Exceptions;
import dev.firn.wire.LocatorDiscoveryPluginFactory;
import dev.firn.wire.LocatorProxies;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What the commands of {@code firn component} know of the network; one thread. */
final class ComponentClient implements AutoCloseable {
  private static final String CATEGORY = "Replica";

  private final Communicator communicator;
  private final long endNanos;

  private ComponentClient(Communicator communicator, long millis) {
    this.communicator = communicator;
    this.endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /**
   * @param millis for the whole command
   */
  static ComponentClient open(Properties properties, long millis) {
    setDefault(properties, "Ice.Override.CloseTimeout", "1000");
    setDefault(properties, "Ice.Override.ConnectTimeout", Long.toString(Math.min(millis, 5_000)));
    // A connection that fails is told to the caller, who knows whether to repeat.
    setDefault(properties, "Ice.RetryIntervals", "0");
    TlsConfiguration.prepare(properties);
    LocatorDiscoveryPluginFactory.prepare(properties);
    ComponentTypes.prepare(properties);
    InitializationData data = new InitializationData();
    data.properties = properties;
    return new ComponentClient(Util.initialize(data), millis);
  }

  private static void setDefault(Properties properties, String name, String value) {
    if (properties.getProperty(name).isEmpty()) {
      properties.setProperty(name, value);
    }
  }

  Communicator communicator() {
    return communicator;
  }

  /** What is left of the command's time; at least 1. */
  int leftMillis() {
    long left = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, left));
  }

  boolean isOver() {
    return System.nanoTime() - endNanos >= 0;
  }

  /** An instance by its proxy. */
  ReplicaProxy replica(String text) {
    return ReplicaProxy.of(proxy(text), leftMillis());
  }

  /**
   * What was meant with a word of the command line.
   *
   * @throws ComponentFailure it is no proxy
   */
  ObjectPrx proxy(String text) {
    try {
      ObjectPrx proxy = communicator.stringToProxy(text);
      if (proxy != null) {
        return proxy;
      }
    } catch (LocalException e) {
      throw new ComponentFailure(ComponentToolMain.USAGE, Exceptions.text(e).replace('\n', ' '));
    }
    throw new ComponentFailure(ComponentToolMain.USAGE, "the proxy is empty");
  }

  /** An instance by its name. */
  ReplicaProxy instance(String instance) {
    List<ObjectPrx> found = locate(CATEGORY, "", instance);
    if (found.isEmpty()) {
      throw new ComponentFailure(
          ComponentToolMain.UNREACHABLE,
          "the service locator knows no instance \"" + instance + "\" that answers");
    }
    return ReplicaProxy.of(found.get(0), leftMillis());
  }

  /** The instances of a group that answer, in the order of their registration; may be empty. */
  List<ReplicaProxy> group(String group) {
    List<ReplicaProxy> members = new ArrayList<>();
    for (ObjectPrx proxy : locate(CATEGORY, group, "")) {
      members.add(ReplicaProxy.of(proxy, leftMillis()));
    }
    return members;
  }

  /** Services by names; none is an empty list. */
  List<ObjectPrx> locate(String category, String service, String id) {
    ServiceLocatorPrx locator =
        LocatorProxies.locator(communicator).ice_invocationTimeout(leftMillis());
    try {
      return List.of(locator.locateAll(new ServiceLocatorParams(category, service, id)));
    } catch (ServiceNotFound e) {
      return List.of();
    } catch (LocalException e) {
      throw new ComponentFailure(
          ComponentToolMain.UNREACHABLE,
          "the service locator does not answer: " + Exceptions.text(e).replace('\n', ' '));
    }
  }

  /**
   * Waits for an answer.
   *
   * @throws LocalException there was none, or none in time
   * @throws Exception what the operation declares
   */
  <T> T get(CompletionStage<T> answer) throws Exception {
    try {
      return answer.toCompletableFuture().get(leftMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      Throwable cause = Async.cause(e.getCause() == null ? e : e.getCause());
      if (cause instanceof Exception exception) {
        throw exception;
      }
      throw e;
    } catch (TimeoutException e) {
      throw new com.zeroc.Ice.InvocationTimeoutException(e);
    }
  }

  @Override
  public void close() {
    // The process ends at once.
  }
}
