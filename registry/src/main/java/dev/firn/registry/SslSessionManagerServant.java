package dev.firn.registry;

import com.zeroc.Glacier2.CannotCreateSessionException;
import com.zeroc.Glacier2.SSLInfo;
import com.zeroc.Glacier2.SSLSessionManager;
import com.zeroc.Glacier2.SessionControlPrx;
import com.zeroc.Glacier2.SessionPrx;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.InputStream;
import com.zeroc.Ice.Logger;
import com.zeroc.Ice.OperationMode;
import com.zeroc.Ice.OutputStream;
import com.zeroc.Ice.UserException;
import com.zeroc.IceInternal.Incoming;
import dev.firn.wire.Async;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.concurrent.CompletionStage;

/** Glacier2's way to sessions, for users verified by certificate. Answers later. */
final class SslSessionManagerServant implements SSLSessionManager {
  private final GlacierSessions sessions;
  private final Logger logger;

  SslSessionManagerServant(GlacierSessions sessions, Logger logger) {
    this.sessions = sessions;
    this.logger = logger;
  }

  @Override
  public CompletionStage<OutputStream> _iceDispatch(Incoming incoming, Current current)
      throws UserException {
    if (!current.operation.equals("create")) {
      return SSLSessionManager.super._iceDispatch(incoming, current);
    }
    com.zeroc.Ice.Object._iceCheckMode(OperationMode.Normal, current.mode);
    InputStream in = incoming.startReadParams();
    SSLInfo info = SSLInfo.ice_read(in);
    SessionControlPrx control = SessionControlPrx.uncheckedCast(in.readProxy());
    incoming.endReadParams();
    return Async.answer(
        incoming, sessions.create(subject(info), control), OutputStream::writeProxy);
  }

  @Override
  public SessionPrx create(SSLInfo info, SessionControlPrx control, Current current) {
    throw Async.onlyAsync(current.operation);
  }

  /** The session's id: the subject of the user's certificate, empty without one. */
  private String subject(SSLInfo info) throws CannotCreateSessionException {
    if (info.certs.length == 0) {
      return "";
    }
    try {
      byte[] pem = info.certs[0].getBytes(StandardCharsets.US_ASCII);
      return CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(pem))
              instanceof X509Certificate certificate
          ? TlsPeer.subject(certificate)
          : "";
    } catch (CertificateException ex) {
      logger.error("SSL session manager couldn't decode SSL certificates:\n" + ex);
      throw new CannotCreateSessionException("internal server error");
    }
  }
}
