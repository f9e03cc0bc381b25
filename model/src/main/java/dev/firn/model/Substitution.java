package dev.firn.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Replaces {@code ${NAME}} in a value; {@code $${NAME}} is the escape.
 *
 * <p>Of the dollars before a reference every second one goes. References that a later pass replaces
 * stay as they are, with their dollars, and so do escapes until the last pass.
 */
final class Substitution {
  private final Names names;
  private final boolean deferredAllowed;
  private final ExpansionBudget budget;
  private final boolean lastPass;

  /** The variables being replaced, outermost first: to tell what a cycle goes through. */
  private final List<String> replacing = new ArrayList<>();

  private int steps;

  /** What names stand for. */
  interface Names {
    /** Whether a later pass replaces the name. */
    boolean isDeferred(String name);

    /**
     * Finds what a name stands for.
     *
     * @param withParameters whether parameters are visible: not so within the value of a variable
     */
    Optional<Meaning> find(String name, boolean withParameters);
  }

  /**
   * What a name stands for.
   *
   * @param isFinal whether the text is taken as it is, not searched for further names
   */
  record Meaning(String text, boolean isFinal) {}

  Substitution(Names names, boolean deferredAllowed, boolean lastPass, ExpansionBudget budget) {
    this.names = names;
    this.deferredAllowed = deferredAllowed;
    this.lastPass = lastPass;
    this.budget = budget;
  }

  /** The value without names; without a place in its message if that cannot be. */
  String replace(String value) throws DescriptorException {
    if (value.indexOf("${") < 0) {
      return value;
    }
    String replaced;
    try {
      replaced = replace(value, true);
    } catch (DescriptorException e) {
      throw new DescriptorException("invalid variable `" + shown(value) + "':\n" + e.reason());
    }
    budget.spendChars(replaced.length());
    return replaced;
  }

  private String replace(String value, boolean withParameters) throws DescriptorException {
    StringBuilder result = new StringBuilder(value.length());
    int copied = 0;
    int at = value.indexOf("${");
    while (at >= 0) {
      int dollars = at;
      while (dollars > copied && value.charAt(dollars - 1) == '$') {
        dollars--;
      }
      int before = at - dollars;
      result.append(value, copied, dollars);
      int end = at + 2;
      if (before % 2 == 1) {
        appendDollars(result, lastPass ? before / 2 : before);
        result.append("${");
      } else {
        end = value.indexOf('}', at);
        if (end < 0) {
          throw new DescriptorException("malformed variable name `" + shown(value) + "'");
        }
        reference(result, before, value.substring(at + 2, end), withParameters);
        end++;
      }
      checkLength(result);
      copied = end;
      at = value.indexOf("${", end);
    }
    return result.append(value, copied, value.length()).toString();
  }

  private void reference(StringBuilder result, int before, String name, boolean withParameters)
      throws DescriptorException {
    if (names.isDeferred(name)) {
      if (!deferredAllowed) {
        throw new DescriptorException(
            "use of the `"
                + name
                + "' variable is not allowed here: an identifier cannot depend on the node");
      }
      // The dollars wait with it: halved now, they would be halved again.
      appendDollars(result, before);
      result.append("${").append(name).append('}');
      return;
    }
    appendDollars(result, before / 2);
    Meaning meaning =
        names
            .find(name, withParameters)
            .orElseThrow(() -> new DescriptorException("undefined variable `" + shown(name) + "'"));
    result.append(meaning.isFinal() ? meaning.text() : variable(name, meaning.text()));
  }

  private String variable(String name, String text) throws DescriptorException {
    if (text.indexOf("${") < 0) {
      return text;
    }
    if (replacing.contains(name)) {
      throw new DescriptorException(
          "variable `"
              + name
              + "' refers to itself: "
              + String.join(" -> ", replacing)
              + " -> "
              + name);
    }
    if (++steps > budget.limits().valueStepsMax() || replacing.size() > 500) {
      throw new DescriptorException("too many variables within variables");
    }
    replacing.add(name);
    String replaced = replace(text, false);
    replacing.remove(replacing.size() - 1);
    return replaced;
  }

  private void checkLength(StringBuilder result) throws DescriptorException {
    if (++steps > budget.limits().valueStepsMax()
        || result.length() > budget.limits().valueCharsMax()) {
      throw new DescriptorException(
          "the value takes more than "
              + budget.limits().valueCharsMax()
              + " characters or "
              + budget.limits().valueStepsMax()
              + " variables");
    }
  }

  private static void appendDollars(StringBuilder result, int count) {
    result.append("$".repeat(count));
  }

  private static String shown(String value) {
    return value.length() <= 200 ? value : value.substring(0, 200) + "...";
  }
}
