package dev.firn.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A certificate authority for one lab, made with openssl; all files as PEM and as PKCS#12. */
final class Certificates {
  static final String PASSWORD = "password";

  private final Lab lab;
  private final Path directory;

  Certificates(Lab lab) {
    Peers.require("openssl");
    this.lab = lab;
    this.directory = lab.subdirectory("certificates");
    openssl(
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
        "-keyout",
        path("ca.key"),
        "-out",
        path("ca.pem"),
        "-subj",
        "/O=Firn tests/CN=Test CA");
  }

  /** Issues a certificate; subject as openssl writes it, {@code /O=Org/CN=name}. */
  void issue(String name, String subject) {
    openssl(
        "req",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-keyout",
        path(name + ".key"),
        "-out",
        path(name + ".csr"),
        "-subj",
        subject);
    openssl(
        "x509",
        "-req",
        "-days",
        "2",
        "-in",
        path(name + ".csr"),
        "-CA",
        path("ca.pem"),
        "-CAkey",
        path("ca.key"),
        "-CAcreateserial",
        "-out",
        path(name + ".pem"));
    openssl(
        "pkcs12",
        "-export",
        "-in",
        path(name + ".pem"),
        "-inkey",
        path(name + ".key"),
        "-certfile",
        path("ca.pem"),
        "-name",
        name,
        "-out",
        path(name + ".p12"),
        "-passout",
        "pass:" + PASSWORD);
  }

  /** Gives a registry an issued certificate; the properties are the same for all. */
  RegistryProcess secure(RegistryProcess registry, String name) {
    return registry
        .with("IceSSL.VerifyPeer", "1")
        .with("IceSSL.CheckCertName", "0")
        .with("Ice.Plugin.IceSSL", "IceSSL:createIceSSL")
        .with("IceSSL.CertFile", path(name + ".p12"))
        .with("IceSSL.Password", PASSWORD)
        .with("IceSSL.CAs", path("ca.pem"));
  }

  /** The properties of a program that shows this certificate, in PEM files. */
  java.util.List<String> pemProperties(String name) {
    return java.util.List.of(
        "Ice.Plugin.IceSSL=IceSSL:createIceSSL",
        "IceSSL.CertFile=" + path(name + ".pem"),
        "IceSSL.KeyFile=" + path(name + ".key"),
        "IceSSL.CAs=" + path("ca.pem"),
        "IceSSL.VerifyPeer=1",
        "IceSSL.CheckCertName=0");
  }

  /** A client that shows this certificate; none for an empty name. */
  IceClient client(String name, String... more) {
    java.util.List<String> properties =
        new java.util.ArrayList<>(
            java.util.List.of(
                "Ice.Plugin.IceSSL=IceSSL:createIceSSL",
                "IceSSL.CAs=" + path("ca.pem"),
                "IceSSL.CheckCertName=0",
                "IceSSL.Password=" + PASSWORD));
    if (!name.isEmpty()) {
      properties.add("IceSSL.CertFile=" + path(name + ".p12"));
    }
    properties.addAll(java.util.List.of(more));
    return lab.client(properties.toArray(String[]::new));
  }

  String path(String file) {
    return directory.resolve(file).toString();
  }

  String pem(String name) {
    try {
      return Files.readString(directory.resolve(name + ".pem"));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private void openssl(String... arguments) {
    String[] command = new String[arguments.length + 1];
    command[0] = "/usr/bin/openssl";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    lab.succeeding(command);
  }
}
