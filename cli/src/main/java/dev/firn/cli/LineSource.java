package dev.firn.cli;

import java.io.IOException;
import java.util.Optional;

/** Where command text comes from. */
interface LineSource {

  /**
   * The next piece of text, usually one line with its newline.
   *
   * @param continued whether the piece goes on with a command that was continued by a backslash
   * @return empty at the end of input
   */
  Optional<String> next(boolean continued) throws IOException;
}
