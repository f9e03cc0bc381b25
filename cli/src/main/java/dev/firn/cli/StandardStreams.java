package dev.firn.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;

/** The streams of this process, in the encoding of its terminal or pipe. */
final class StandardStreams {

  private StandardStreams() {}

  static PrintStream output(FileDescriptor descriptor) {
    return new PrintStream(
        new BufferedOutputStream(new FileOutputStream(descriptor)), false, encoding());
  }

  /** The encoding of the terminal or pipe, which Java does not use by itself before version 18. */
  static Charset encoding() {
    String name = System.getProperty("sun.jnu.encoding");
    return name == null || !Charset.isSupported(name)
        ? Charset.defaultCharset()
        : Charset.forName(name);
  }
}
