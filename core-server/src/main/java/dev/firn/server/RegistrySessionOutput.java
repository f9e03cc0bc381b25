package dev.firn.server;

/** What a {@link RegistrySession} wants done, or known. */
public sealed interface RegistrySessionOutput {
  /** Find the registry and register; answered by Granted or Failed of the same attempt. */
  record Register(long attempt) implements RegistrySessionOutput {}

  /** Answered by KeptAlive or Lost. */
  record KeepAlive(long attempt) implements RegistrySessionOutput {}

  /** Tell the registry that the session ends; no answer is waited for. */
  record Destroy(long attempt) implements RegistrySessionOutput {}

  record Established(long attempt) implements RegistrySessionOutput {}

  record Lost(long attempt, String reason) implements RegistrySessionOutput {}

  record Failed(RegistrySessionInput.Failure kind, String reason)
      implements RegistrySessionOutput {}
}
