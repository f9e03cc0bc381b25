package dev.firn.tls;

import com.zeroc.Ice.PluginInitializationException;
import com.zeroc.Ice.SecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The peers that IceSSL.TrustOnly and its more special variants accept and refuse by name, on top
 * of the verification of their certificates.
 *
 * <p>The lists that apply to a connection count together: a peer is refused if any entry refuses
 * it, or if there are accepting entries and none accepts it.
 */
final class TrustOnly {
  private static final String ALL = "IceSSL.TrustOnly";
  private static final String CLIENT = ALL + ".Client";
  private static final String SERVER = ALL + ".Server";
  private static final String ADAPTER_PREFIX = SERVER + ".";

  private record Entry(DistinguishedName pattern, boolean isRefusal) {}

  private final List<Entry> outgoing = new ArrayList<>();
  private final List<Entry> incoming = new ArrayList<>();
  private final Map<String, List<Entry>> byAdapter = new HashMap<>();

  /**
   * Reads the properties.
   *
   * @throws PluginInitializationException naming the property with a malformed entry
   */
  TrustOnly(TlsSettings settings) {
    List<Entry> all = entries(settings, ALL);
    outgoing.addAll(all);
    outgoing.addAll(entries(settings, CLIENT));
    incoming.addAll(all);
    incoming.addAll(entries(settings, SERVER));
    for (String property : settings.properties().getPropertiesForPrefix(ADAPTER_PREFIX).keySet()) {
      byAdapter.put(property.substring(ADAPTER_PREFIX.length()), entries(settings, property));
    }
  }

  private static List<Entry> entries(TlsSettings settings, String property) {
    String value = settings.text(property);
    List<Entry> entries = new ArrayList<>();
    try {
      int start = 0;
      while (start < value.length()) {
        int end = Quoting.indexOfUnquoted(value, ";", start);
        String entry = value.substring(start, end).strip();
        boolean isRefusal = entry.startsWith("!");
        if (!entry.isEmpty()) {
          entries.add(
              new Entry(
                  DistinguishedName.parse(isRefusal ? entry.substring(1) : entry), isRefusal));
        }
        start = end + 1;
      }
    } catch (IllegalArgumentException ex) {
      throw TlsSettings.wrong(property, "malformed name in \"" + value + "\": " + ex.getMessage());
    }
    return entries;
  }

  /** Requires that a server is one of those to talk to. */
  void requireServer(Peer peer) {
    require(peer, outgoing, CLIENT);
  }

  /** Requires that a client is one of those that may talk to the adapter. */
  void requireClient(Peer peer, String adapterName) {
    List<Entry> own = byAdapter.getOrDefault(adapterName, List.of());
    List<Entry> both = new ArrayList<>(incoming);
    both.addAll(own);
    require(peer, both, own.isEmpty() ? SERVER : ADAPTER_PREFIX + adapterName);
  }

  private static void require(Peer peer, List<Entry> entries, String property) {
    if (entries.isEmpty()) {
      return;
    }
    if (peer.chain().isEmpty()) {
      throw refused("a peer without certificate", property);
    }
    DistinguishedName name = DistinguishedName.of(peer.chain().get(0).getSubjectX500Principal());
    Optional<Entry> refusing =
        entries.stream()
            .filter(entry -> entry.isRefusal() && name.hasAllOf(entry.pattern()))
            .findFirst();
    boolean hasAccepting = entries.stream().anyMatch(entry -> !entry.isRefusal());
    boolean isAccepted =
        entries.stream().anyMatch(entry -> !entry.isRefusal() && name.hasAllOf(entry.pattern()));
    if (refusing.isPresent() || (hasAccepting && !isAccepted)) {
      throw refused(
          "\"" + DistinguishedName.text(peer.chain().get(0).getSubjectX500Principal()) + "\"",
          property);
    }
  }

  private static SecurityException refused(String who, String property) {
    return new SecurityException(
        "IceSSL: " + who + " is not trusted by " + ALL + " or " + property);
  }
}
