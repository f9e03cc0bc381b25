package dev.firn.server;

import dev.firn.model.EncodedProxy;
import dev.firn.model.InternalServerDescriptor;
import dev.firn.server.ServerOutput.Severity;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The adapters of one server, and who waits for them. */
final class Adapters {
  private final String serverId;
  private final Outputs out;
  private final SortedMap<String, AdapterLife> byId = new TreeMap<>();

  Adapters(String serverId, Outputs out) {
    this.serverId = serverId;
    this.out = out;
  }

  Optional<AdapterLife> find(String adapterId) {
    return Optional.ofNullable(byId.get(adapterId));
  }

  Collection<AdapterLife> all() {
    return byId.values();
  }

  /** The server has these adapters from now on. */
  void loaded(InternalServerDescriptor descriptor) {
    List<String> ids =
        descriptor.adapters().stream().map(InternalServerDescriptor.Adapter::id).toList();
    for (String gone : byId.keySet().stream().filter(id -> !ids.contains(id)).toList()) {
      remove(gone);
    }
    for (InternalServerDescriptor.Adapter adapter : descriptor.adapters()) {
      find(adapter.id())
          .ifPresentOrElse(
              known -> known.serverLifetime(adapter.serverLifetime()),
              () -> {
                byId.put(adapter.id(), new AdapterLife(adapter.id(), adapter.serverLifetime()));
                out.add(new ServerOutput.AdapterAdded(adapter.id()));
              });
    }
  }

  /** The server is no more. */
  void removeAll() {
    List.copyOf(byId.keySet()).forEach(this::remove);
  }

  private void remove(String adapterId) {
    find(adapterId)
        .ifPresent(
            adapter -> {
              giveUp(adapter, "adapter destroyed");
              change(adapter, EncodedProxy.NULL);
            });
    byId.remove(adapterId);
    out.add(new ServerOutput.AdapterRemoved(adapterId));
  }

  /** Whether all are active without which the server is not complete. */
  boolean complete() {
    return byId.values().stream()
        .allMatch(adapter -> !adapter.serverLifetime() || adapter.activated());
  }

  /** Stores a proxy; registries are told if it is another one. */
  void change(AdapterLife adapter, EncodedProxy proxy) {
    if (adapter.proxy(proxy)) {
      out.add(new ServerOutput.AdapterChanged(adapter.id(), proxy));
    }
  }

  /** Tells who waits what there is. */
  void answer(AdapterLife adapter) {
    out.answerAll(adapter.waiting(), new ServerAnswer.Proxy(adapter.proxy()));
  }

  /** A process is about to be started: nothing of the last one counts. */
  void starting() {
    for (AdapterLife adapter : byId.values()) {
      adapter.activated(false);
      adapter.waitsForRestart(false);
      change(adapter, EncodedProxy.NULL);
    }
  }

  /** The process is gone; those who wait for the next one go on waiting. */
  void exited() {
    for (AdapterLife adapter : byId.values()) {
      adapter.activated(false);
      change(adapter, EncodedProxy.NULL);
      if (!adapter.waitsForRestart()) {
        giveUp(adapter, "server terminated");
      }
    }
  }

  /** The server is complete: an adapter that is not active by now is not waited for. */
  void completed() {
    for (AdapterLife adapter : byId.values()) {
      if (!adapter.hasProxy()) {
        traceFailed(adapter, "server activation completed");
      }
      answer(adapter);
    }
  }

  /** The server will not start now. */
  void giveUpAll(String reason) {
    byId.values().forEach(adapter -> giveUp(adapter, reason));
  }

  void giveUp(AdapterLife adapter, String reason) {
    traceFailed(adapter, reason);
    adapter.waitsForRestart(false);
    out.answerAll(adapter.waiting(), new ServerAnswer.Proxy(EncodedProxy.NULL));
  }

  private void traceFailed(AdapterLife adapter, String reason) {
    if (!adapter.waiting().isEmpty()) {
      trace(Severity.ADAPTER_2, adapter, " activation failed: " + reason);
    }
  }

  private void trace(Severity severity, AdapterLife adapter, String what) {
    trace(severity, "", adapter, what);
  }

  void trace(Severity severity, String before, AdapterLife adapter, String after) {
    out.report(
        severity, before + "server `" + serverId + "' adapter `" + adapter.id() + "'" + after);
  }
}
