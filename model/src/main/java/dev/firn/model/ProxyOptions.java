package dev.firn.model;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The options of a proxy in its stringified form, as {@code -o -e 1.0}: without endpoints. */
final class ProxyOptions {
  private static final String WITHOUT_ARGUMENT = "tsoOdD";
  private static final Pattern VERSION = Pattern.compile("\\d{1,3}\\.\\d{1,3}");
  private static final String BLANKS = " \t\r\n";

  private ProxyOptions() {}

  /**
   * @throws DescriptorException if no proxy could have these options
   */
  static void check(String options) throws DescriptorException {
    List<String> words = words(options);
    for (int i = 0; i < words.size(); i++) {
      String option = words.get(i);
      if (option.length() < 2 || option.charAt(0) != '-') {
        throw bad("expected a proxy option but found `" + option + "'", options);
      }
      boolean argument = i + 1 < words.size() && !words.get(i + 1).startsWith("-");
      char letter = option.charAt(1);
      if (option.length() > 2 || (WITHOUT_ARGUMENT + "fep").indexOf(letter) < 0) {
        throw bad("unknown option `" + option + "'", options);
      } else if (WITHOUT_ARGUMENT.indexOf(letter) >= 0) {
        if (argument) {
          throw bad(
              "unexpected argument `" + words.get(i + 1) + "' provided for " + option + " option",
              options);
        }
      } else if (!argument) {
        throw bad("no argument provided for " + option + " option", options);
      } else {
        i++;
        checkVersion(letter, words.get(i), options);
      }
    }
  }

  private static void checkVersion(char letter, String version, String options)
      throws DescriptorException {
    if (letter != 'f' && !VERSION.matcher(version).matches()) {
      throw bad(
          "invalid "
              + (letter == 'e' ? "encoding" : "protocol")
              + " version `"
              + version
              + "', expected MAJOR.MINOR,",
          options);
    }
  }

  private static List<String> words(String options) throws DescriptorException {
    List<String> words = new ArrayList<>();
    int at = 0;
    while (at < options.length()) {
      char c = options.charAt(at);
      if (BLANKS.indexOf(c) >= 0) {
        at++;
      } else if (c == '"' || c == '\'') {
        int end = options.indexOf(c, at + 1);
        if (end < 0) {
          throw bad("mismatched quotes", options);
        }
        words.add(options.substring(at + 1, end));
        at = end + 1;
      } else if (c == ':' || c == '@') {
        throw bad("endpoints and adapters are not allowed", options);
      } else {
        int end = at;
        while (end < options.length() && (BLANKS + ":@").indexOf(options.charAt(end)) < 0) {
          end++;
        }
        words.add(options.substring(at, end));
        at = end;
      }
    }
    return words;
  }

  private static DescriptorException bad(String problem, String options) {
    return new DescriptorException("invalid proxy options: " + problem + " in `" + options + "'");
  }
}
