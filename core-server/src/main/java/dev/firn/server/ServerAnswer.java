package dev.firn.server;

import dev.firn.model.EncodedProxy;
import java.util.List;

/** What a caller is told. */
public sealed interface ServerAnswer {
  /** Done. */
  record Done() implements ServerAnswer {}

  /**
   * The server is loaded.
   *
   * @param adapterIds of all its adapters, in the descriptor's order
   */
  record Loaded(
      List<String> adapterIds, int activationTimeoutSeconds, int deactivationTimeoutSeconds)
      implements ServerAnswer {
    public Loaded {
      adapterIds = List.copyOf(adapterIds);
    }
  }

  /** Loading, destroying or an update is refused: a DeploymentException. */
  record DeploymentRefused(String reason) implements ServerAnswer {}

  record StartRefused(String reason) implements ServerAnswer {}

  record StopRefused(String reason) implements ServerAnswer {}

  /** The server is running and was not to be stopped for patching. */
  record PatchRefused() implements ServerAnswer {}

  /** An update may be made; the answer to {@link ServerInput.CheckUpdate}. */
  record Updatable(boolean stopped) implements ServerAnswer {}

  /** An adapter's proxy; the null proxy if it cannot be had. */
  record Proxy(EncodedProxy proxy) implements ServerAnswer {}

  /** The adapter is active and must not change its proxy. */
  record AdapterActive() implements ServerAnswer {}

  /** A running server could not be told its new properties. */
  record UpdateFailed(String reason) implements ServerAnswer {}

  /** The server, or the adapter, is no more. A load is to be repeated with a new server. */
  record Gone() implements ServerAnswer {}
}
