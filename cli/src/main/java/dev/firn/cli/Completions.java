package dev.firn.cli;

import java.util.List;

/** What may be typed next on a terminal. */
interface Completions {

  /** What may follow the words before. */
  List<String> candidates(List<String> words);
}
