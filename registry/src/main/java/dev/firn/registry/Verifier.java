package dev.firn.registry;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Decides who may have a session. Any thread; answers later.
 *
 * @param <C> what is shown: a {@link Password} or Glacier2's SSLInfo
 */
interface Verifier<C> {
  /** Who asks, and the password. Its string form is without, so that no log can have one. */
  record Password(String userId, String password) {
    @Override
    public String toString() {
      return userId;
    }
  }

  /**
   * @param context of the client's request, for verifiers that are called remotely
   * @return empty: permitted; otherwise the reason of the refusal, which may be empty. Fails if the
   *     verifier cannot be asked.
   */
  CompletionStage<Optional<String>> refusal(C credentials, Map<String, String> context);
}
