package dev.firn.cli;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One word of a command.
 *
 * @param text without quotes
 * @param quoted whether it started with a quote; such a word is never a keyword
 */
record Token(String text, boolean quoted) {

  private static final Set<String> KEYWORDS =
      Set.of(
          "help",
          "quit",
          "exit",
          "application",
          "server",
          "adapter",
          "add",
          "remove",
          "list",
          "shutdown",
          "describe",
          "properties",
          "property",
          "state",
          "pid",
          "endpoints",
          "start",
          "patch",
          "stop",
          "signal",
          "stdout",
          "stderr",
          "node",
          "registry",
          "ping",
          "load",
          "processors",
          "sockets",
          "activation",
          "object",
          "find",
          "show",
          "copying",
          "warranty",
          "diff",
          "update",
          "instantiate",
          "template",
          "service",
          "enable",
          "disable");

  /** How a command is understood. */
  static String trace(List<Token> words, Predicate<Token> isKeyword) {
    var text = new StringBuilder("command:");
    for (Token word : words) {
      text.append(isKeyword.test(word) ? " keyword `" : " string `");
      text.append(word.text()).append('\'');
    }
    return text.toString();
  }

  boolean isKeyword() {
    return !quoted && KEYWORDS.contains(text);
  }

  boolean is(String keyword) {
    return !quoted && text.equals(keyword);
  }
}
