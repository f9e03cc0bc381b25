package dev.firn.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.Optional;

/** Lines of a stream, read no further than needed: what follows belongs to whoever reads next. */
final class StandardInput {

  private final InputStream stream;
  private final Charset charset;

  StandardInput(InputStream stream, Charset charset) {
    this.stream = stream;
    this.charset = charset;
  }

  /** The next line without its newline; empty at the end of input. */
  Optional<String> readLine() throws IOException {
    var bytes = new ByteArrayOutputStream();
    int next = stream.read();
    if (next < 0) {
      return Optional.empty();
    }
    while (next >= 0 && next != '\n') {
      bytes.write(next);
      next = stream.read();
    }
    return Optional.of(bytes.toString(charset));
  }
}
