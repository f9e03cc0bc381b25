package dev.firn.cli;

import java.util.List;
import java.util.function.Consumer;

/**
 * Passes on what a storm's replica prints, but of its traces of the election only what changes its
 * state. For the one thread that reads that replica's output.
 */
final class ElectionLines implements Consumer<String> {
  private static final List<String> CHANGES =
      List.of("transition from ", "reporting for duty ", "lost connection ", "not enough nodes ");

  private final Consumer<String> lines;
  private boolean shown = true;

  ElectionLines(Consumer<String> lines) {
    this.lines = lines;
  }

  /**
   * @param line with the replica's name and a colon before it
   */
  @Override
  public void accept(String line) {
    String text = line.substring(line.indexOf(": ") + 2);
    boolean continued = text.startsWith(" ") || text.startsWith("\t");
    if (!continued) {
      shown =
          !text.startsWith("-- ")
              || !text.contains(" Election: ")
              || CHANGES.stream().anyMatch(text::contains);
    }
    if (shown) {
      lines.accept(line);
    }
  }
}
