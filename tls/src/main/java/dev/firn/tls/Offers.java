package dev.firn.tls;

import com.zeroc.Ice.Logger;
import com.zeroc.Ice.PluginInitializationException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;

/** The protocols and cipher suites to offer, from IceSSL.Protocols and IceSSL.Ciphers. */
final class Offers {
  private static final List<String> PROTOCOLS_DEFAULT = List.of("TLSv1.3", "TLSv1.2");

  /** TLS1_2, TLSv1_2, TLSv1.2 and, for 1.0, TLS1 and TLSv1. */
  private static final Pattern TLS = Pattern.compile("TLSV?1(?:[_.]([0-3]))?");

  private static final Pattern SSL3 = Pattern.compile("SSLV?3");

  private final TlsSettings settings;
  private final Logger logger;
  private final SSLParameters supported;

  Offers(TlsSettings settings, Logger logger, SSLParameters supported) {
    this.settings = settings;
    this.logger = logger;
    this.supported = supported;
  }

  /**
   * In Java's names, at least one.
   *
   * @throws PluginInitializationException if a name is unknown or none is left that the JDK has
   */
  List<String> protocols() {
    List<String> configured = settings.list("IceSSL.Protocols");
    if (configured.isEmpty()) {
      return PROTOCOLS_DEFAULT;
    }
    List<String> available = Arrays.asList(supported.getProtocols());
    List<String> protocols = new ArrayList<>();
    for (String name : configured) {
      String protocol = javaName(name);
      if (available.contains(protocol) && !protocols.contains(protocol)) {
        protocols.add(protocol);
      }
    }
    if (protocols.stream().noneMatch(PROTOCOLS_DEFAULT::contains)) {
      throw TlsSettings.wrong(
          "IceSSL.Protocols",
          "needs TLS1_2 or TLS1_3, the others are disabled: " + String.join(", ", configured));
    }
    return List.copyOf(protocols);
  }

  private static String javaName(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    if (SSL3.matcher(upper).matches()) {
      return "SSLv3";
    }
    Matcher matcher = TLS.matcher(upper);
    if (!matcher.matches()) {
      throw TlsSettings.wrong("IceSSL.Protocols", "unrecognized protocol \"" + name + "\"");
    }
    String minor = matcher.group(1);
    return minor == null || minor.equals("0") ? "TLSv1" : "TLSv1." + minor;
  }

  /** In Java's names; empty for all that the JDK offers on its own. */
  List<String> suites() {
    Set<String> available = Set.of(supported.getCipherSuites());
    List<String> suites = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    for (String entry : settings.list("IceSSL.Ciphers")) {
      for (String name : entry.split(":")) {
        (available.contains(name) ? suites : unknown).add(name);
      }
    }
    if (!unknown.isEmpty()) {
      logger.warning(
          "IceSSL.Ciphers: ignoring what is not the name of a cipher suite of Java: "
              + String.join(", ", unknown));
    }
    return List.copyOf(suites);
  }
}
