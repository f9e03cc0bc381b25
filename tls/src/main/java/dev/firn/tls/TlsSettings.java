package dev.firn.tls;

import com.zeroc.Ice.PluginInitializationException;
import com.zeroc.Ice.Properties;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The IceSSL properties, read as the C++ run time reads them, the key stores as Java's does. */
record TlsSettings(Properties properties) {
  private static final int VERIFY_DEPTH_DEFAULT = 3;

  /** What is asked of a peer's certificate. */
  enum VerifyPeer {
    /** A server's certificate may be anything, a client is not asked for one. */
    NONE,
    /** A server's certificate must be good, a client's too if it sends one. */
    IF_PRESENT,
    /** Both must be there and good. */
    REQUIRED
  }

  VerifyPeer verifyPeer() {
    int value = properties.getPropertyAsIntWithDefault("IceSSL.VerifyPeer", 2);
    VerifyPeer[] all = VerifyPeer.values();
    if (value < 0 || value >= all.length) {
      throw wrong("IceSSL.VerifyPeer", "must be 0, 1 or 2: " + value);
    }
    return all[value];
  }

  boolean checksNames() {
    return properties.getPropertyAsInt("IceSSL.CheckCertName") > 0;
  }

  boolean tracesSecurity() {
    return properties.getPropertyAsInt("IceSSL.Trace.Security") > 0;
  }

  boolean usesPlatformAuthorities() {
    return properties.getPropertyAsInt("IceSSL.UsePlatformCAs") > 0;
  }

  /** Certificates in a chain, the authority's included; 0 for any number. */
  int verifyDepthMax() {
    return Math.max(
        0, properties.getPropertyAsIntWithDefault("IceSSL.VerifyDepthMax", VERIFY_DEPTH_DEFAULT));
  }

  /** 0 for no check, 1 for the peer's own certificate, 2 for all of the chain. */
  int revocationCheck() {
    return properties.getPropertyAsInt("IceSSL.RevocationCheck");
  }

  /** As configured; empty if the property is not set. */
  String text(String property) {
    return properties.getProperty(property);
  }

  /** Empty if the property is not set. */
  Optional<char[]> secret(String property) {
    String value = text(property);
    return value.isEmpty() ? Optional.empty() : Optional.of(value.toCharArray());
  }

  /** The values separated by white space or commas. */
  List<String> list(String property) {
    return Arrays.asList(properties.getPropertyAsList(property));
  }

  /** A path is relative to IceSSL.DefaultDir, and to the working directory without it. */
  Optional<Path> path(String property) {
    return Optional.of(text(property)).filter(value -> !value.isEmpty()).map(this::resolve);
  }

  /** The paths of a value that joins them by colons. */
  List<Path> paths(String property) {
    return Stream.of(text(property).split(":"))
        .filter(value -> !value.isEmpty())
        .map(this::resolve)
        .toList();
  }

  private Path resolve(String value) {
    String directory = text("IceSSL.DefaultDir");
    return directory.isEmpty() ? Path.of(value) : Path.of(directory).resolve(value);
  }

  static PluginInitializationException wrong(String property, String reason) {
    return new PluginInitializationException(property + ": " + reason);
  }

  static PluginInitializationException wrong(String property, Path file, Throwable cause) {
    return wrong(property, file, Reasons.of(cause), cause);
  }

  static PluginInitializationException wrong(
      String property, Path file, String reason, Throwable cause) {
    return new PluginInitializationException(
        property + ": cannot use \"" + file + "\": " + reason, cause);
  }
}
