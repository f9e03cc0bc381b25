package dev.firn.cli;

/**
 * A command's help.
 *
 * @param command its name within its category, such as "list"
 * @param syntax the whole line to type, with its arguments in capitals
 * @param description lines to show indented
 */
record HelpEntry(String command, String syntax, String description) {

  private static final String INDENT = "                          ";

  String text() {
    String indented = description.replace("\n", "\n" + INDENT);
    if (syntax.length() < INDENT.length()) {
      return syntax + INDENT.substring(syntax.length()) + indented + "\n";
    }
    return syntax + "\n" + INDENT + indented + "\n";
  }
}
