package dev.firn.tls;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.security.auth.x500.X500Principal;

/**
 * The name of a certificate's owner, or a pattern for it.
 *
 * @param attributes in the order of the text
 */
record DistinguishedName(List<Attribute> attributes) {
  /** One assertion; the type is in upper case, the value as is. */
  record Attribute(String type, String value) {}

  /** The names that OpenSSL, and so the C++ run time, has for what Java writes as numbers. */
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("1.2.840.113549.1.9.1", "emailAddress"),
          Map.entry("1.2.840.113549.1.9.2", "unstructuredName"),
          Map.entry("2.5.4.4", "SN"),
          Map.entry("2.5.4.5", "serialNumber"),
          Map.entry("2.5.4.9", "street"),
          Map.entry("2.5.4.12", "title"),
          Map.entry("2.5.4.13", "description"),
          Map.entry("2.5.4.17", "postalCode"),
          Map.entry("2.5.4.41", "name"),
          Map.entry("2.5.4.42", "GN"),
          Map.entry("2.5.4.43", "initials"),
          Map.entry("2.5.4.44", "generationQualifier"),
          Map.entry("2.5.4.46", "dnQualifier"),
          Map.entry("2.5.4.65", "pseudonym"));

  DistinguishedName {
    attributes = List.copyOf(attributes);
  }

  /** As RFC 2253 writes it, in OpenSSL's form of it, which is that of the C++ run time. */
  static String text(X500Principal principal) {
    return opensslForm(principal.getName(X500Principal.RFC2253, TYPES));
  }

  /**
   * RFC 2253 leaves a choice of what to escape, and ids must not depend on the implementation. As
   * OpenSSL chooses: not {@code =}, {@code #} only at the start of a value, but each byte that is
   * no printable ASCII.
   *
   * @param name as the JDK escapes it
   */
  private static String opensslForm(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    StringBuilder form = new StringBuilder();
    boolean valueStarts = false;
    for (int index = 0; index < bytes.length; index++) {
      int octet = bytes[index];
      boolean escape = octet == '\\' && index + 1 < bytes.length;
      if (escape) {
        octet = bytes[++index];
        if (octet != '=' && (octet != '#' || valueStarts)) {
          form.append('\\');
        }
      }
      if (octet >= ' ' && octet < 0x7f) {
        form.append((char) octet);
      } else {
        form.append(String.format("\\%02X", octet & 0xff));
      }
      valueStarts = octet == '=' && !escape;
    }
    return form.toString();
  }

  static DistinguishedName of(X500Principal principal) {
    return parse(text(principal));
  }

  /**
   * Reads RFC 2253, and white space around the separators.
   *
   * @throws IllegalArgumentException if an attribute has no type or a quote no end
   */
  static DistinguishedName parse(String text) {
    List<Attribute> attributes = new ArrayList<>();
    int start = 0;
    while (start <= text.length()) {
      int end = Quoting.indexOfUnquoted(text, ",+", start);
      String assertion = text.substring(start, end).strip();
      int equals = assertion.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("no attribute in \"" + assertion + "\"");
      }
      attributes.add(
          new Attribute(
              assertion.substring(0, equals).strip().toUpperCase(Locale.ROOT),
              Quoting.unquote(assertion.substring(equals + 1).strip())));
      start = end + 1;
    }
    return new DistinguishedName(attributes);
  }

  /** Whether the name has all of these attributes, in any order. */
  boolean hasAllOf(DistinguishedName pattern) {
    return attributes.containsAll(pattern.attributes);
  }

  List<String> values(String type) {
    return attributes.stream()
        .filter(attribute -> attribute.type().equals(type))
        .map(Attribute::value)
        .toList();
  }
}
