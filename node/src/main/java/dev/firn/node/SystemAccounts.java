package dev.firn.node;

import com.zeroc.Ice.UserException;
import com.zeroc.IceGrid.DeploymentException;
import com.zeroc.IceGrid.UserAccountMapperPrx;
import com.zeroc.IceGrid.UserAccountNotFoundException;
import dev.firn.model.InternalServerDescriptor;
import dev.firn.wire.Async;
import dev.firn.wire.Exceptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The accounts of this system. */
final class SystemAccounts implements Accounts {
  private static final int MAPPER_TIMEOUT_MILLIS = 10_000;

  /** Not the superuser of anything. */
  private static final int NOBODYS = -1;

  private final int uid;
  private final boolean rootAllowed;
  private final @Nullable UserAccountMapperPrx mapper;
  private final Executor pool;

  /**
   * @param uid of this process
   * @param mapper of user names to accounts, null for none
   * @param pool looks accounts up, which may take long where a directory service has them
   */
  SystemAccounts(
      int uid, boolean rootAllowed, @Nullable UserAccountMapperPrx mapper, Executor pool) {
    this.pool = pool;
    this.uid = uid;
    this.rootAllowed = rootAllowed;
    this.mapper =
        mapper == null
            ? null
            : UserAccountMapperPrx.uncheckedCast(
                mapper.ice_invocationTimeout(MAPPER_TIMEOUT_MILLIS));
  }

  /** The user id of this process. */
  static int ownUid() {
    return own().uid();
  }

  /** The account of this process, without its name. */
  static UserAccount own() {
    return new UserAccount("", ownId("unix:uid"), ownId("unix:gid"));
  }

  private static int ownId(String attribute) {
    try {
      Object id = Files.getAttribute(Path.of("/proc/self"), attribute);
      return id instanceof Integer number ? number : NOBODYS;
    } catch (IOException | UnsupportedOperationException e) {
      // Without /proc nothing tells: as nobody's id it is neither root's nor a server's.
      return NOBODYS;
    }
  }

  @Override
  public CompletionStage<Optional<UserAccount>> of(InternalServerDescriptor server) {
    if (server.activation().equals("session") && server.sessionId().isEmpty()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    String user = server.user();
    if (uid == 0 && user.isEmpty()) {
      user = server.sessionId().isEmpty() ? "nobody" : server.sessionId();
    }
    if (user.isEmpty()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return mapped(user).thenComposeAsync(this::account, pool);
  }

  private CompletionStage<String> mapped(String user) {
    UserAccountMapperPrx asked = mapper;
    if (asked == null) {
      return CompletableFuture.completedFuture(user);
    }
    CompletableFuture<String> account = new CompletableFuture<>();
    Async.call(() -> asked.getUserAccountAsync(user))
        .whenComplete(
            (found, failure) -> {
              if (failure == null) {
                account.complete(found);
              } else {
                account.completeExceptionally(notMapped(user, Async.cause(failure)));
              }
            });
    return account;
  }

  private static UserException notMapped(String user, Throwable failure) {
    return failure instanceof UserAccountNotFoundException
        ? new DeploymentException("couldn't find user account for user `" + user + "'")
        : new DeploymentException(
            "unexpected exception while trying to find user account for user `"
                + user
                + "':\n"
                + Exceptions.text(failure));
  }

  private CompletionStage<Optional<UserAccount>> account(String name) {
    Optional<UserAccount> found = find(name);
    if (found.isEmpty()) {
      return failed("unknown user account `" + name + "'");
    }
    UserAccount account = found.get();
    if (uid != 0 && account.uid() != uid) {
      return failed(
          "node has insufficient privileges to load server under user account `" + name + "'");
    }
    if (account.uid() == 0 && !rootAllowed) {
      return failed("running server as `root' is not allowed");
    }
    return CompletableFuture.completedFuture(
        account.uid() == uid ? Optional.empty() : Optional.of(account));
  }

  private static CompletionStage<Optional<UserAccount>> failed(String reason) {
    return CompletableFuture.failedFuture(new DeploymentException(reason));
  }

  private static Optional<UserAccount> find(String name) {
    try {
      for (String line : Files.readAllLines(Path.of("/etc/passwd"))) {
        Optional<UserAccount> account = parse(line, name);
        if (account.isPresent()) {
          return account;
        }
      }
      // Accounts may also be in a directory service.
      Optional<String> getent = SystemTools.find("getent");
      if (getent.isPresent() && !name.startsWith("-")) {
        return parse(SystemTools.run(List.of(getent.get(), "passwd", name)).output(), name);
      }
    } catch (IOException e) {
      // Unreadable accounts are unknown ones.
    }
    return Optional.empty();
  }

  private static Optional<UserAccount> parse(String line, String name) {
    String[] fields = line.split(":", -1);
    if (fields.length < 4 || !fields[0].equals(name)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new UserAccount(name, Integer.parseInt(fields[2]), Integer.parseInt(fields[3])));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
