package dev.firn.registry;

import dev.firn.model.EncodedProxy;

/** What came of asking a node for an adapter's direct proxy. */
sealed interface AdapterAnswer {
  record Active(EncodedProxy proxy) implements AdapterAnswer {}

  /** Its server could be started for it. */
  record Inactive() implements AdapterAnswer {}

  /** Its server is being started for somebody else. */
  record Starting() implements AdapterAnswer {}

  record Failed(Throwable failure) implements AdapterAnswer {}
}
