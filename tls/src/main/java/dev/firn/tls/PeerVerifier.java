package dev.firn.tls;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Leads the chains that peers send to a trusted authority. Safe from any thread. */
final class PeerVerifier {
  private static final String SERVER_USE = "1.3.6.1.5.5.7.3.1";
  private static final String CLIENT_USE = "1.3.6.1.5.5.7.3.2";
  private static final String ANY_USE = "2.5.29.37.0";

  private final Set<X509Certificate> authorities;
  private final List<X509CRL> revocationLists;
  private final int revocationCheck;

  /**
   * Checks peers by these.
   *
   * @param revocationCheck 0 for no check, 1 for the peer's own certificate, more for all
   */
  PeerVerifier(
      Set<X509Certificate> authorities, List<X509CRL> revocationLists, int revocationCheck) {
    this.authorities = Set.copyOf(authorities);
    this.revocationLists = List.copyOf(revocationLists);
    this.revocationCheck = revocationCheck;
  }

  Set<X509Certificate> authorities() {
    return authorities;
  }

  /**
   * Verifies a chain.
   *
   * @param sent by the peer, its own certificate first, at least that
   * @param isClient whether the peer is the client of the connection
   * @return the chain up to and including the trusted authority
   * @throws CertificateException why the peer is not to be trusted
   */
  List<X509Certificate> verify(List<X509Certificate> sent, boolean isClient)
      throws CertificateException {
    if (authorities.isEmpty()) {
      throw new CertificateException("no certificate authority is trusted: set IceSSL.CAs");
    }
    X509Certificate own = sent.get(0);
    // In front of the search for a path, whose message would not say it.
    own.checkValidity();
    requireUse(own, isClient ? CLIENT_USE : SERVER_USE);
    try {
      PKIXCertPathBuilderResult result =
          (PKIXCertPathBuilderResult)
              CertPathBuilder.getInstance("PKIX").build(parameters(own, sent));
      List<X509Certificate> chain = new ArrayList<>();
      for (Certificate certificate : result.getCertPath().getCertificates()) {
        chain.add((X509Certificate) certificate);
      }
      X509Certificate authority = result.getTrustAnchor().getTrustedCert();
      authority.checkValidity();
      if (!chain.contains(authority)) {
        chain.add(authority);
      }
      return List.copyOf(chain);
    } catch (CertificateException ex) {
      throw ex;
    } catch (GeneralSecurityException ex) {
      throw new CertificateException(
          "certificate of \""
              + DistinguishedName.text(own.getSubjectX500Principal())
              + "\", issued by \""
              + DistinguishedName.text(own.getIssuerX500Principal())
              + "\", is not trusted: "
              + Reasons.of(ex),
          ex);
    }
  }

  private PKIXBuilderParameters parameters(X509Certificate own, List<X509Certificate> sent)
      throws GeneralSecurityException {
    X509CertSelector target = new X509CertSelector();
    target.setCertificate(own);
    PKIXBuilderParameters parameters =
        new PKIXBuilderParameters(
            authorities.stream()
                .map(authority -> new TrustAnchor(authority, null))
                .collect(Collectors.toSet()),
            target);
    parameters.addCertStore(collection(sent));
    // IceSSL.VerifyDepthMax is checked on the result.
    parameters.setMaxPathLength(-1);
    parameters.setRevocationEnabled(revocationCheck > 0);
    if (revocationCheck > 0) {
      parameters.addCertStore(collection(revocationLists));
      parameters.addCertPathChecker(revocationChecker());
    }
    return parameters;
  }

  /** Lists only, and only those configured: a handshake must not wait for the network. */
  private PKIXRevocationChecker revocationChecker() throws NoSuchAlgorithmException {
    PKIXRevocationChecker checker =
        (PKIXRevocationChecker) CertPathBuilder.getInstance("PKIX").getRevocationChecker();
    EnumSet<PKIXRevocationChecker.Option> options =
        EnumSet.of(
            PKIXRevocationChecker.Option.PREFER_CRLS, PKIXRevocationChecker.Option.NO_FALLBACK);
    if (revocationCheck == 1) {
      options.add(PKIXRevocationChecker.Option.ONLY_END_ENTITY);
    }
    checker.setOptions(options);
    return checker;
  }

  private static CertStore collection(List<?> content)
      throws NoSuchAlgorithmException, InvalidAlgorithmParameterException {
    return CertStore.getInstance("Collection", new CollectionCertStoreParameters(content));
  }

  private static void requireUse(X509Certificate certificate, String use)
      throws CertificateException {
    List<String> uses = certificate.getExtendedKeyUsage();
    if (uses != null && !uses.contains(use) && !uses.contains(ANY_USE)) {
      throw new CertificateException(
          "certificate of \""
              + DistinguishedName.text(certificate.getSubjectX500Principal())
              + "\" is not for the use as "
              + (use.equals(CLIENT_USE) ? "client" : "server"));
    }
  }
}
