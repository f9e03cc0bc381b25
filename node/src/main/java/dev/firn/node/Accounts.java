package dev.firn.node;

import dev.firn.model.InternalServerDescriptor;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Finds out which account a server is to run under. Any thread; never blocks. */
interface Accounts {

  /**
   * @return the account, empty for the node's own; fails with a DeploymentException
   */
  CompletionStage<Optional<UserAccount>> of(InternalServerDescriptor server);
}
