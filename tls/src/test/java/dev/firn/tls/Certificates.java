package dev.firn.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Certificates made with openssl in a directory, each as NAME.pem and NAME.key. */
final class Certificates {
  private final Path directory;

  Certificates(Path directory) {
    Peers.requireOpenssl();
    this.directory = directory;
  }

  Path directory() {
    return directory;
  }

  Path path(String file) {
    return directory.resolve(file);
  }

  /** A certificate authority of its own. */
  Certificates authority(String name) {
    openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -keyout "
            + name
            + ".key -out "
            + name
            + ".pem -subj",
        "/O=Firn tests/CN=" + name);
    return this;
  }

  /** Issues a certificate for localhost and 127.0.0.1, with an elliptic key. */
  Certificates issue(String authority, String name, String subject) {
    return issue(authority, name, subject, "DNS:localhost,IP:127.0.0.1", 2);
  }

  /** Issues one that was never valid. */
  Certificates issueExpired(String authority, String name) {
    return issue(authority, name, "/CN=" + name, "DNS:localhost,IP:127.0.0.1", -1);
  }

  Certificates issue(String authority, String name, String subject, String alternatives, int days) {
    try {
      Files.writeString(path(name + ".ext"), "subjectAltName=" + alternatives + "\n");
    } catch (IOException ex) {
      throw new UncheckedIOException(ex);
    }
    openssl(
        "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "
            + name
            + ".key -out "
            + name
            + ".csr -subj",
        subject);
    openssl(
        "x509 -req -in "
            + name
            + ".csr -CA "
            + authority
            + ".pem -CAkey "
            + authority
            + ".key -CAcreateserial -days "
            + days
            + " -extfile "
            + name
            + ".ext -out "
            + name
            + ".pem");
    return this;
  }

  /**
   * Runs openssl in the directory.
   *
   * @param command the arguments, separated by blanks
   * @param more arguments after these that may have blanks
   */
  void openssl(String command, String... more) {
    List<String> all = new ArrayList<>(List.of("env", "-C", directory.toString(), "openssl"));
    all.addAll(List.of(command.split(" ")));
    all.addAll(List.of(more));
    Peers.run(all);
  }
}
