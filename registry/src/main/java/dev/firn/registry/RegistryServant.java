package dev.firn.registry;

import com.zeroc.Glacier2.SSLInfo;
import com.zeroc.Ice.ConnectionInfo;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.IPConnectionInfo;
import com.zeroc.Ice.LocalException;
import com.zeroc.IceGrid.AdminSessionPrx;
import com.zeroc.IceGrid.PermissionDeniedException;
import com.zeroc.IceGrid.SessionPrx;
import dev.firn.wire.Async;
import java.security.cert.CertificateEncodingException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The Registry object: makes sessions for those whom a verifier permits. */
final class RegistryServant implements AmdRegistry {
  private static final String MASTER_ONLY =
      "client session creation is only allowed with the master registry.";

  /** Makes the session of a request that was found permitted. */
  private interface Creator<S> {
    S create(String sessionId, Current current) throws PermissionDeniedException;
  }

  private final RegistryContext context;
  private final Verifiers verifiers;
  private final LoginThrottle throttle;
  private final ClientSessionFactory clientSessions;
  private final AdminSessionFactory adminSessions;
  private final PendingAnswers pending;
  private final int sessionTimeoutSeconds;

  RegistryServant(
      RegistryContext context,
      Verifiers verifiers,
      LoginThrottle throttle,
      ClientSessionFactory clientSessions,
      AdminSessionFactory adminSessions,
      PendingAnswers pending,
      int sessionTimeoutSeconds) {
    this.context = context;
    this.verifiers = verifiers;
    this.throttle = throttle;
    this.clientSessions = clientSessions;
    this.adminSessions = adminSessions;
    this.pending = pending;
    this.sessionTimeoutSeconds = sessionTimeoutSeconds;
  }

  @Override
  public CompletionStage<SessionPrx> createSessionAsync(
      String userId, String password, Current current) {
    return context.master()
        ? byPassword(userId, password, verifiers.passwords(), clientSessions::createBound, current)
        : denied(MASTER_ONLY);
  }

  @Override
  public CompletionStage<AdminSessionPrx> createAdminSessionAsync(
      String userId, String password, Current current) {
    return byPassword(
        userId, password, verifiers.adminPasswords(), adminSessions::createBound, current);
  }

  @Override
  public CompletionStage<SessionPrx> createSessionFromSecureConnectionAsync(Current current) {
    return context.master()
        ? byCertificate(verifiers.certificates(), clientSessions::createBound, current)
        : denied(MASTER_ONLY);
  }

  @Override
  public CompletionStage<AdminSessionPrx> createAdminSessionFromSecureConnectionAsync(
      Current current) {
    return byCertificate(verifiers.adminCertificates(), adminSessions::createBound, current);
  }

  @Override
  public int getSessionTimeout(Current current) {
    return sessionTimeoutSeconds;
  }

  @Override
  public int getACMTimeout(Current current) {
    // A collocated caller has no connection, and nothing that could time out.
    return current.con == null ? 0 : current.con.getACM().timeout;
  }

  private <S> CompletionStage<S> byPassword(
      String userId,
      String password,
      VerifierSlot<Verifier.Password> slot,
      Creator<S> creator,
      Current current) {
    Optional<Verifier<Verifier.Password>> verifier = slot.verifier();
    if (verifier.isEmpty()) {
      return denied(slot.missing());
    }
    if (userId.isEmpty()) {
      return denied("empty user id");
    }
    return verified(
        userId, verifier.get(), new Verifier.Password(userId, password), creator, current);
  }

  private <S> CompletionStage<S> byCertificate(
      VerifierSlot<SSLInfo> slot, Creator<S> creator, Current current) {
    Optional<Verifier<SSLInfo>> verifier = slot.verifier();
    if (verifier.isEmpty()) {
      return denied(slot.missing());
    }
    String subject;
    SSLInfo info;
    try {
      Optional<TlsPeer> peer =
          current.con == null ? Optional.empty() : TlsPeer.of(current.con.getInfo());
      if (peer.isEmpty()) {
        return denied("not ssl connection");
      }
      if (peer.get().chain().isEmpty()) {
        return denied("the client did not provide a certificate");
      }
      subject = peer.get().subject();
      if (subject.isEmpty()) {
        return denied("empty user DN");
      }
      info = peer.get().sslInfo();
    } catch (CertificateEncodingException ex) {
      return denied("certificate encoding exception");
    } catch (LocalException ex) {
      return denied("connection exception");
    }
    return verified(subject, verifier.get(), info, creator, current);
  }

  private <C, S> CompletionStage<S> verified(
      String sessionId, Verifier<C> verifier, C credentials, Creator<S> creator, Current current) {
    String host = peerHost(current);
    CompletableFuture<S> answer = new CompletableFuture<>();
    CompletableFuture<S> given = pending.of(answer);
    throttle
        .attempt(host, () -> verifier.refusal(credentials, current.ctx))
        .whenComplete(
            (refusal, failure) -> {
              try {
                if (failure != null) {
                  traceFailure(sessionId, Async.cause(failure));
                  throw new PermissionDeniedException("internal server error");
                }
                if (refusal.isPresent()) {
                  context
                      .traces()
                      .logger()
                      .warning("login refused: user=" + LogText.of(sessionId) + " host=" + host);
                  throw new PermissionDeniedException(refusal.get());
                }
                if (!given.isDone()) {
                  answer.complete(creator.create(sessionId, current));
                }
              } catch (PermissionDeniedException | RuntimeException ex) {
                answer.completeExceptionally(ex);
              }
            });
    return given;
  }

  private void traceFailure(String sessionId, Throwable failure) {
    context
        .traces()
        .trace(
            Traces.Category.SESSION,
            1,
            () ->
                "exception while verifying the permissions of `"
                    + LogText.of(sessionId)
                    + "':\n"
                    + failure);
  }

  /** The address of the other end; all that have none count as one host. */
  private static String peerHost(Current current) {
    try {
      ConnectionInfo info = current.con == null ? null : current.con.getInfo();
      for (; info != null; info = info.underlying) {
        if (info instanceof IPConnectionInfo ip) {
          return ip.remoteAddress;
        }
      }
    } catch (LocalException closed) {
      // Nobody waits for the answer any more.
    }
    return "";
  }

  private static <S> CompletionStage<S> denied(String reason) {
    return CompletableFuture.failedFuture(new PermissionDeniedException(reason));
  }
}
