package dev.firn.registry;

/**
 * The pattern of {@code Admin::getAllObjectInfos}: at most one {@code *}, anywhere, stands for any
 * text, also none.
 */
final class IdentityPattern {
  private final String prefix;
  private final String suffix;
  private final boolean wildcard;

  IdentityPattern(String expression) {
    int star = expression.indexOf('*');
    wildcard = star >= 0;
    prefix = wildcard ? expression.substring(0, star) : expression;
    suffix = wildcard ? expression.substring(star + 1) : "";
  }

  boolean matches(String identity) {
    return wildcard
        ? identity.length() >= prefix.length() + suffix.length()
            && identity.startsWith(prefix)
            && identity.endsWith(suffix)
        : identity.equals(prefix);
  }
}
