package dev.firn.registry;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.LocatorPrx;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.IceGrid.Admin;
import com.zeroc.IceGrid.InternalRegistryPrx;
import com.zeroc.IceGrid.RegistryInfo;
import java.util.Optional;

/** What sessions need of the registry around them. Any thread; nothing here waits for a peer. */
interface RegistryContext {
  Communicator communicator();

  Traces traces();

  /** The category of all well-known identities. */
  String instanceName();

  String replicaName();

  boolean master();

  /** Whether warnings about the configuration are unwanted. */
  boolean nowarn();

  /** What observers are told about this registry. */
  RegistryInfo registryInfo();

  /** The locator proxy handed out to clients. */
  LocatorPrx locator();

  /** The locator that resolves permission verifiers deployed in this very instance. */
  LocatorPrx verifierLocator();

  /** A slave that has a session with this registry; never this registry itself. */
  Optional<InternalRegistryPrx> findReplica(String name);

  /** The Admin object of this registry's process, if it has one. */
  Optional<ObjectPrx> admin();

  /** The way of deployed servers to the nodes. */
  DeployedServers deployedServers();

  /** What is known of servers and nodes. */
  NodeViews nodeViews();

  /** Nodes and deployed servers. */
  RegistryNodes registryNodes();

  /**
   * The Admin servant of one admin session.
   *
   * @param holder the session, as the exclusive lock knows it
   */
  Admin createAdmin(ExclusiveLock.Holder holder);
}
