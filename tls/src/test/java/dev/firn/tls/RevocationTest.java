package dev.firn.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Properties;
import com.zeroc.Ice.SecurityException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that their authority has called back. */
@Timeout(60)
class RevocationTest {
  @TempDir Path directory;

  @Test
  void aListedCertificateIsRefused() throws IOException {
    Certificates certificates = new Certificates(directory).authority("ca");
    certificates
        .issue("ca", "good", "/CN=good")
        .issue("ca", "bad", "/CN=bad")
        .issue("ca", "client", "/CN=client");
    Files.writeString(
        certificates.path("ca.cnf"),
        """
        [ca]
        default_ca = all
        [all]
        database = %1$s/index.txt
        crlnumber = %1$s/crlnumber
        default_md = sha256
        default_crl_days = 2
        """
            .formatted(directory));
    Files.createFile(certificates.path("index.txt"));
    Files.writeString(certificates.path("crlnumber"), "01\n");
    certificates.openssl("ca -config ca.cnf -cert ca.pem -keyfile ca.key -revoke bad.pem");
    certificates.openssl("ca -config ca.cnf -cert ca.pem -keyfile ca.key -gencrl -out ca.crl");
    for (String check : new String[] {"1", "2"}) {
      Properties settings = Party.properties(certificates, "client");
      settings.setProperty("IceSSL.RevocationCheck", check);
      settings.setProperty("IceSSL.CertificateRevocationListFiles", "ca.crl");
      try (Party good = Party.of(certificates, "good");
          Party bad = Party.of(certificates, "bad");
          Party client = Party.with(settings)) {
        client.call(good.serve("ssl"));
        String endpoint = bad.serve("ssl");
        assertThatThrownBy(() -> client.call(endpoint))
            .isInstanceOf(SecurityException.class)
            .satisfies(ex -> assertThat(ex.toString()).containsIgnoringCase("revoked"));
      }
    }
  }
}
