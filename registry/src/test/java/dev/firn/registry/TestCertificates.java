package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Certificates made by openssl. */
final class TestCertificates {
  /** A certificate and its files. */
  record Certificate(Path key, Path file) {
    String pem() throws IOException {
      return Files.readString(file);
    }

    X509Certificate certificate() throws IOException, CertificateException {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(
                  new ByteArrayInputStream(pem().getBytes(StandardCharsets.US_ASCII)));
    }
  }

  private TestCertificates() {}

  static Certificate selfSigned(Path directory, String subject, String... options)
      throws IOException, InterruptedException {
    Path key = Files.createTempFile(directory, "key", ".pem");
    Path file = Files.createTempFile(directory, "certificate", ".pem");
    List<String> command =
        new ArrayList<>(List.of("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt"));
    command.addAll(List.of("ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-utf8"));
    command.addAll(List.of("-subj", subject, "-keyout", key.toString(), "-out", file.toString()));
    command.addAll(Arrays.asList(options));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return new Certificate(key, file);
  }
}
