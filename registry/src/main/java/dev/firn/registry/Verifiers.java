package dev.firn.registry;

import com.zeroc.Glacier2.PermissionDeniedException;
import com.zeroc.Glacier2.PermissionsVerifierPrx;
import com.zeroc.Glacier2.SSLInfo;
import com.zeroc.Glacier2.SSLPermissionsVerifierPrx;
import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.LocatorPrx;
import com.zeroc.Ice.Logger;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.Properties;
import dev.firn.wire.Async;
import dev.firn.wire.Exceptions;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The permission verifiers that the configuration names: none, one that accepts everybody, a
 * password file, or a Glacier2 verifier anywhere. Any thread.
 */
final class Verifiers {
  private static final String PREFIX = "IceGrid.Registry.";
  private static final int ANSWER_TIMEOUT_MILLIS = 30_000;
  private static final int HASH_THREADS_MAX = 2;
  private static final int HASH_QUEUE_MAX = 1_000;

  private final Communicator communicator;
  private final String instanceName;
  private final boolean nowarn;
  private final ExecutorService hashing = hashing();
  private final VerifierSlot<Verifier.Password> passwords;
  private final VerifierSlot<Verifier.Password> adminPasswords;
  private final VerifierSlot<SSLInfo> certificates;
  private final VerifierSlot<SSLInfo> adminCertificates;

  private Verifiers(Communicator communicator, String instanceName, boolean nowarn) {
    this.communicator = communicator;
    this.instanceName = instanceName;
    this.nowarn = nowarn;
    passwords = passwordSlot("");
    adminPasswords = passwordSlot("Admin");
    certificates =
        new VerifierSlot<>("ssl permissions verifier", PREFIX + "SSLPermissionsVerifier");
    adminCertificates =
        new VerifierSlot<>(
            "ssl admin permissions verifier", PREFIX + "AdminSSLPermissionsVerifier");
  }

  /**
   * Reads the password files; contacts nobody.
   *
   * @throws com.zeroc.Ice.PluginInitializationException if a file cannot be used
   */
  static Verifiers load(Communicator communicator, String instanceName, boolean nowarn) {
    return new Verifiers(communicator, instanceName, nowarn);
  }

  VerifierSlot<Verifier.Password> passwords() {
    return passwords;
  }

  VerifierSlot<Verifier.Password> adminPasswords() {
    return adminPasswords;
  }

  VerifierSlot<SSLInfo> certificates() {
    return certificates;
  }

  VerifierSlot<SSLInfo> adminCertificates() {
    return adminCertificates;
  }

  /**
   * Makes the verifiers that are proxies usable, and finds out in the background whether they are
   * what they should be. One that cannot be reached is tried again with each session.
   *
   * @param locator resolves indirect verifier proxies
   */
  void contact(LocatorPrx locator) {
    contactPasswords(passwords, locator);
    contactPasswords(adminPasswords, locator);
    contactCertificates(certificates, locator);
    contactCertificates(adminCertificates, locator);
  }

  void shutdown() {
    hashing.shutdownNow();
  }

  private VerifierSlot<Verifier.Password> passwordSlot(String admin) {
    VerifierSlot<Verifier.Password> slot =
        new VerifierSlot<>(
            admin.isEmpty() ? "permissions verifier" : "admin permissions verifier",
            PREFIX + admin + "PermissionsVerifier");
    Properties properties = communicator.getProperties();
    String file = properties.getProperty(CryptPlugin.NAME + "." + slot.property());
    if (file.isEmpty() && properties.getProperty(slot.property()).isEmpty()) {
      file = properties.getProperty(PREFIX + admin + "CryptPasswords");
    }
    if (!file.isEmpty()) {
      PasswordFile entries = PasswordFile.load(Path.of(file), communicator.getLogger());
      slot.fill(
          (credentials, context) ->
              CompletableFuture.supplyAsync(
                  () -> entries.matches(credentials) ? Optional.empty() : Optional.of(""),
                  hashing));
    }
    return slot;
  }

  private void contactPasswords(VerifierSlot<Verifier.Password> slot, LocatorPrx locator) {
    if (slot.verifier().isPresent()) {
      return;
    }
    contact(
        slot,
        locator,
        "",
        "PermissionsVerifier",
        proxy -> {
          PermissionsVerifierPrx verifier = PermissionsVerifierPrx.uncheckedCast(proxy);
          return (credentials, context) ->
              refusal(
                  verifier.checkPermissionsAsync(
                      credentials.userId(), credentials.password(), context),
                  result -> result.returnValue ? Optional.empty() : Optional.of(result.reason));
        });
  }

  private void contactCertificates(VerifierSlot<SSLInfo> slot, LocatorPrx locator) {
    contact(
        slot,
        locator,
        "ssl ",
        "SSLPermissionsVerifier",
        proxy -> {
          SSLPermissionsVerifierPrx verifier = SSLPermissionsVerifierPrx.uncheckedCast(proxy);
          return (credentials, context) ->
              refusal(
                  verifier.authorizeAsync(credentials, context),
                  result -> result.returnValue ? Optional.empty() : Optional.of(result.reason));
        });
  }

  private <C> void contact(
      VerifierSlot<C> slot,
      LocatorPrx locator,
      String kind,
      String type,
      Function<ObjectPrx, Verifier<C>> remote) {
    Logger logger = communicator.getLogger();
    String value = communicator.getProperties().getProperty(slot.property());
    if (value.isEmpty()) {
      return;
    }
    String invalid = kind + "permissions verifier `" + value + "' is invalid";
    Optional<String> nullType;
    Optional<ObjectPrx> proxy;
    try {
      nullType = nullVerifierType(value);
      proxy =
          nullType.isPresent()
              ? Optional.empty()
              : Optional.ofNullable(communicator.propertyToProxy(slot.property()));
    } catch (LocalException ex) {
      logger.error(invalid + ":\n" + Exceptions.text(ex));
      return;
    }
    if (nullType.isPresent()) {
      if (nullType.get().equals(type)) {
        slot.fill((credentials, context) -> CompletableFuture.completedFuture(Optional.empty()));
      } else {
        logger.error(invalid);
      }
      return;
    }
    proxy.ifPresent(
        found -> {
          ObjectPrx located = bounded(found.ice_locator(locator));
          slot.fill(remote.apply(located));
          located
              .ice_isAAsync("::Glacier2::" + type)
              .whenComplete(
                  (right, failure) -> {
                    if (failure != null) {
                      if (!nowarn) {
                        logger.warning(
                            "couldn't contact "
                                + kind
                                + "permissions verifier `"
                                + value
                                + "':\n"
                                + Exceptions.text(failure));
                      }
                    } else if (!right) {
                      slot.empty();
                      logger.error(invalid);
                    }
                  });
        });
  }

  /** A verifier that hangs must not hold on to what waits for it, whoever configured it. */
  private static ObjectPrx bounded(ObjectPrx verifier) {
    return verifier.ice_getInvocationTimeout() == -1
        ? verifier.ice_invocationTimeout(ANSWER_TIMEOUT_MILLIS)
        : verifier;
  }

  /** The type of verifier that accepts everybody, if {@code value} means one of those. */
  private Optional<String> nullVerifierType(String value) {
    for (String type : new String[] {"PermissionsVerifier", "SSLPermissionsVerifier"}) {
      String name =
          type.startsWith("SSL") ? "NullSSLPermissionsVerifier" : "NullPermissionsVerifier";
      Identity identity = new Identity(name, instanceName);
      // A category with blanks makes the plain identity no valid proxy; it is accepted as well.
      if (value.equals(communicator.identityToString(identity))) {
        return Optional.of(type);
      }
    }
    ObjectPrx proxy = communicator.stringToProxy(value);
    Identity identity = proxy == null ? new Identity() : proxy.ice_getIdentity();
    if (!identity.category.equals(instanceName)) {
      return Optional.empty();
    }
    return switch (identity.name) {
      case "NullPermissionsVerifier" -> Optional.of("PermissionsVerifier");
      case "NullSSLPermissionsVerifier" -> Optional.of("SSLPermissionsVerifier");
      default -> Optional.empty();
    };
  }

  private static <R> CompletionStage<Optional<String>> refusal(
      CompletionStage<R> answer, Function<R, Optional<String>> reason) {
    CompletableFuture<Optional<String>> refusal = new CompletableFuture<>();
    answer.whenComplete(
        (result, failure) -> {
          Throwable cause = failure == null ? null : Async.cause(failure);
          if (cause == null) {
            refusal.complete(reason.apply(result));
          } else if (cause instanceof PermissionDeniedException denied) {
            refusal.complete(Optional.of(denied.reason));
          } else {
            refusal.completeExceptionally(cause);
          }
        });
    return refusal;
  }

  private static ExecutorService hashing() {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            HASH_THREADS_MAX,
            HASH_THREADS_MAX,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(HASH_QUEUE_MAX),
            task -> {
              Thread thread = new Thread(task, "firn-verifier");
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }
}
