package dev.firn.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Splits command text into commands, and these into words.
 *
 * <p>A command ends at a semicolon or a newline. A backslash followed by blanks and a newline,
 * where a word could start, continues it on the next line. Comments count only where a word could
 * start; a line comment swallows its newline. A word that starts with a quote ends with it; quoted
 * parts within another word belong to that word, or quotes are characters there like any others.
 *
 * <p>Differs from the reference, which hangs or eats all memory when the input ends within a string
 * or a comment: the command so far is executed after a warning. Lines may be longer than its 8 KiB.
 */
final class CommandScanner {

  private static final int LINE_CHARS_MAX = 1 << 20;

  private final LineSource source;
  private final Console console;
  private final boolean quotesWithinWords;
  private String buffer = "";
  private int position;
  private boolean ended;

  /**
   * @param quotesWithinWords whether a quote within a word means something
   */
  CommandScanner(LineSource source, Console console, boolean quotesWithinWords) {
    this.source = source;
    this.console = console;
    this.quotesWithinWords = quotesWithinWords;
  }

  /** The words of the next command, none for an empty one; empty at the end of input. */
  Optional<List<Token>> next() throws IOException {
    List<Token> words = new ArrayList<>();
    while (true) {
      if (!available(false)) {
        return words.isEmpty() ? Optional.empty() : Optional.of(words);
      }
      char c = buffer.charAt(position);
      if (c == ';' || c == '\n') {
        position++;
        return Optional.of(words);
      } else if (isBlank(c)) {
        position++;
      } else if (c == '\\' && continuationEnd() > 0) {
        position = continuationEnd();
        available(true);
      } else if (buffer.startsWith("//", position)) {
        skipLineComment();
      } else if (buffer.startsWith("/*", position)) {
        skipComment();
      } else if (c == '"' || c == '\'') {
        var text = new StringBuilder();
        readQuoted(text);
        words.add(new Token(text.toString(), true));
      } else {
        words.add(readWord());
      }
    }
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\u000b' || c == '\f' || c == '\r';
  }

  /** Makes sure that there is a character at the position, reading on if need be. */
  private boolean available(boolean continued) throws IOException {
    while (position >= buffer.length()) {
      if (ended) {
        return false;
      }
      Optional<String> piece = source.next(continued);
      if (piece.isEmpty()) {
        ended = true;
        return false;
      }
      position = 0;
      buffer = piece.get();
      if (buffer.length() > LINE_CHARS_MAX) {
        console.error("input line too long");
        buffer = "";
      }
    }
    return true;
  }

  /** Where the text goes on after a continuation that starts here, or 0 if this is none. */
  private int continuationEnd() {
    int end = position + 1;
    while (end < buffer.length() && isBlank(buffer.charAt(end))) {
      end++;
    }
    return end < buffer.length() && buffer.charAt(end) == '\n' ? end + 1 : 0;
  }

  private void skipLineComment() {
    int newline = buffer.indexOf('\n', position);
    position = newline < 0 ? buffer.length() : newline + 1;
  }

  private void skipComment() throws IOException {
    position += 2;
    while (true) {
      int end = buffer.indexOf("*/", position);
      if (end >= 0) {
        position = end + 2;
        return;
      }
      position = buffer.length();
      if (!available(false)) {
        console.warning("EOF in comment");
        return;
      }
    }
  }

  private Token readWord() throws IOException {
    var text = new StringBuilder();
    while (position < buffer.length()) {
      char c = buffer.charAt(position);
      if (c == ';' || c == '\n' || isBlank(c)) {
        break;
      } else if (quotesWithinWords && (c == '"' || c == '\'')) {
        readQuoted(text);
      } else {
        text.append(c);
        position++;
      }
    }
    return new Token(text.toString(), false);
  }

  /** Appends what stands between the quote at the position and the next one like it. */
  private void readQuoted(StringBuilder text) throws IOException {
    char quote = buffer.charAt(position++);
    while (available(false)) {
      char c = buffer.charAt(position++);
      if (c == quote) {
        return;
      }
      if (c == '\\' && quote == '"' && position < buffer.length() && isEscaped()) {
        c = buffer.charAt(position++);
      }
      text.append(c);
    }
    console.warning("EOF in string");
  }

  private boolean isEscaped() {
    return buffer.charAt(position) == '"' || buffer.charAt(position) == '\\';
  }
}
