package dev.firn.registry;

import com.zeroc.Ice.Identity;

/**
 * The names of one registry and of its well-known objects.
 *
 * @param instance the category of all well-known identities
 * @param replica {@code Master} for the master
 */
record RegistryNames(String instance, String replica) {
  static final String MASTER = "Master";

  /** The facet of the InternalRegistry object by which Firn's registries know their own kind. */
  static final String FIRN_FACET = "Firn";

  boolean master() {
    return replica.equals(MASTER);
  }

  Identity id(String name) {
    return new Identity(name, instance);
  }

  /** {@code Registry} for the master, {@code Registry-NAME} for a slave. */
  Identity registry() {
    return suffixed("Registry");
  }

  Identity internalRegistry() {
    return internalRegistry(replica);
  }

  Identity internalRegistry(String replicaName) {
    return id("InternalRegistry-" + replicaName);
  }

  Identity registryAdmin() {
    return id("RegistryAdmin-" + replica);
  }

  /** {@code name} for the master, {@code name-REPLICA} for a slave. */
  Identity suffixed(String name) {
    return id(master() ? name : name + "-" + replica);
  }
}
