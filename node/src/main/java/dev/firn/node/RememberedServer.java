package dev.firn.node;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the next run of this node has to know in order to adopt a running server.
 *
 * @param processProxy of the server's Process object as text, empty if it has not registered one
 * @param adapterProxies the active adapters' direct proxies as text, by adapter id
 */
record RememberedServer(
    ProcessRecord process, String processProxy, SortedMap<String, String> adapterProxies) {
  RememberedServer {
    adapterProxies = Collections.unmodifiableSortedMap(new TreeMap<>(adapterProxies));
  }
}
