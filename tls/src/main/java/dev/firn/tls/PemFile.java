package dev.firn.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of PEM blocks; text around them is ignored.
 *
 * @param blocks in the order of the file
 */
record PemFile(List<Block> blocks) {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s*?\n(.*?)-----END \\1-----", Pattern.DOTALL);

  private static final Pattern HEADER = Pattern.compile("([A-Za-z-]+): *(.*)");

  /**
   * One block.
   *
   * @param type as between BEGIN and the dashes
   * @param headers of an encrypted key in OpenSSL's own format, else empty
   * @param base64 the content, encoded
   */
  record Block(String type, Map<String, String> headers, String base64) {
    byte[] content() throws IOException {
      try {
        return Base64.getDecoder().decode(base64);
      } catch (IllegalArgumentException ex) {
        throw new IOException("malformed " + type + " block: " + ex.getMessage(), ex);
      }
    }
  }

  PemFile {
    blocks = List.copyOf(blocks);
  }

  /** Whether the content has a PEM block, as opposed to binary formats. */
  static boolean isPem(byte[] content) {
    return new String(content, StandardCharsets.ISO_8859_1).contains("-----BEGIN ");
  }

  static PemFile parse(byte[] content) {
    String text = new String(content, StandardCharsets.ISO_8859_1).replace("\r\n", "\n");
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(text);
    while (matcher.find()) {
      blocks.add(block(matcher.group(1), matcher.group(2)));
    }
    return new PemFile(blocks);
  }

  private static Block block(String type, String body) {
    Map<String, String> headers = new HashMap<>();
    StringBuilder base64 = new StringBuilder();
    for (String line : body.split("\n")) {
      Matcher header = HEADER.matcher(line);
      if (header.matches()) {
        headers.put(header.group(1), header.group(2).strip());
      } else {
        base64.append(line.strip());
      }
    }
    return new Block(type, Map.copyOf(headers), base64.toString());
  }

  /** In the order of the file; may be empty. */
  List<X509Certificate> certificates() throws IOException, CertificateException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509Certificate> certificates = new ArrayList<>();
    for (Block block : blocks) {
      if (block.type().equals("CERTIFICATE")
          || block.type().equals("X509 CERTIFICATE")
          || block.type().equals("TRUSTED CERTIFICATE")) {
        // A trusted certificate has OpenSSL's settings behind the certificate itself.
        certificates.add(
            (X509Certificate)
                factory.generateCertificate(new ByteArrayInputStream(block.content())));
      }
    }
    return certificates;
  }

  /** In the order of the file; may be empty. */
  List<X509CRL> revocationLists() throws IOException, CertificateException, CRLException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509CRL> lists = new ArrayList<>();
    for (Block block : blocks) {
      if (block.type().equals("X509 CRL")) {
        lists.add((X509CRL) factory.generateCRL(new ByteArrayInputStream(block.content())));
      }
    }
    return lists;
  }
}
