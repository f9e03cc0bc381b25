package dev.firn.model;

/** A descriptor file that is not as it should be; the message says where, and what is expected. */
public final class DescriptorFileException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String problem;
  private final boolean located;

  /**
   * @param line from 1
   * @param column from 1
   */
  public DescriptorFileException(String file, int line, int column, String problem) {
    super(
        "error in <"
            + file
            + "> descriptor, line "
            + line
            + ", column "
            + column
            + ":\n"
            + problem);
    this.problem = problem;
    located = true;
  }

  /** A file as a whole. */
  public DescriptorFileException(String problem) {
    super(problem);
    this.problem = problem;
    located = false;
  }

  /** Whether the message names a line. */
  public boolean isLocated() {
    return located;
  }

  /** What is wrong, without the place. */
  public String problem() {
    return problem;
  }
}
