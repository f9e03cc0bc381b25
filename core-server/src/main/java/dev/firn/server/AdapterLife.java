package dev.firn.server;

import dev.firn.model.EncodedProxy;
import java.util.ArrayList;
import java.util.List;

/** One adapter of a server. */
final class AdapterLife {
  private final String id;
  private final List<CallerId> waiting = new ArrayList<>();
  private boolean serverLifetime;
  private EncodedProxy proxy = EncodedProxy.NULL;
  private boolean activated;
  private boolean waitsForRestart;

  AdapterLife(String id, boolean serverLifetime) {
    this.id = id;
    this.serverLifetime = serverLifetime;
  }

  String id() {
    return id;
  }

  /** Whether the server is complete only with it, and goes when it goes. */
  boolean serverLifetime() {
    return serverLifetime;
  }

  void serverLifetime(boolean lifetime) {
    serverLifetime = lifetime;
  }

  EncodedProxy proxy() {
    return proxy;
  }

  boolean hasProxy() {
    return !proxy.isNull();
  }

  /**
   * @return whether that is another one than before
   */
  boolean proxy(EncodedProxy newProxy) {
    boolean changed = !proxy.equals(newProxy);
    proxy = newProxy;
    return changed;
  }

  /** Whether it was active since the process was started. */
  boolean activated() {
    return activated;
  }

  void activated(boolean now) {
    activated = now;
  }

  /** Callers that wait for its proxy. */
  List<CallerId> waiting() {
    return waiting;
  }

  /** Whether the callers came while the server was stopping, and wait for the next process. */
  boolean waitsForRestart() {
    return waitsForRestart;
  }

  void waitsForRestart(boolean wait) {
    waitsForRestart = wait;
  }
}
