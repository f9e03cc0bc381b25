package dev.firn.registry;

import com.zeroc.IceGrid.FileNotAvailableException;
import com.zeroc.IceGrid.FileReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Reads a text file in pieces, from a number of lines before its end. Any thread. */
public final class LogFile {
  /** What a line costs in an answer besides its bytes: the length of a long string. */
  private static final int LINE_OVERHEAD_BYTES = 5;

  private static final int BLOCK_BYTES = 64 * 1024;

  private LogFile() {}

  /**
   * Where to start in order to read the last lines.
   *
   * @param lines 0: at the end; negative: at the start. Nothing behind a final newline is no line.
   * @return an offset in bytes
   */
  public static long offsetFromEnd(Path path, int lines) throws FileNotAvailableException {
    try (FileChannel file = open(path)) {
      long size = file.size();
      if (lines < 0) {
        return 0;
      }
      return lines == 0 ? size : startOfLastLines(file, size, lines);
    } catch (IOException ex) {
      throw readError(path, ex);
    }
  }

  /**
   * Reads lines as long as the sum of their bytes and 5 per line stays within {@code size}.
   *
   * <p>The last line of an answer is never complete: what follows in the file continues it.
   *
   * @param pos bytes from the start
   * @param size at least 6
   * @return true at the end of the file, with the position behind what was read
   */
  public static FileReader.ReadResult read(Path path, long pos, int size)
      throws FileNotAvailableException {
    if (size <= LINE_OVERHEAD_BYTES) {
      throw new FileNotAvailableException("maximum bytes per read request is too low");
    }
    try (FileChannel file = open(path)) {
      long fileSize = file.size();
      if (pos >= fileSize) {
        return new FileReader.ReadResult(true, fileSize, new String[0]);
      }
      long start = Math.max(pos, 0);
      byte[] bytes = new byte[(int) Math.min(size, fileSize - start)];
      int length = readFully(file, ByteBuffer.wrap(bytes), start);
      return split(bytes, length, start, size, start + length >= fileSize);
    } catch (IOException ex) {
      throw readError(path, ex);
    }
  }

  private static FileReader.ReadResult split(
      byte[] bytes, int length, long pos, int size, boolean end) {
    List<String> lines = new ArrayList<>();
    int sum = 0;
    int start = 0;
    while (true) {
      int newline = indexOfNewline(bytes, start, length);
      boolean last = newline == length;
      if ((!last || end) && newline - start + LINE_OVERHEAD_BYTES <= size - sum) {
        lines.add(text(bytes, start, newline));
        sum += newline - start + LINE_OVERHEAD_BYTES;
        start = newline + 1;
        if (last) {
          return result(true, pos + length, lines);
        }
      } else {
        int room = Math.min(Math.max(size - sum - LINE_OVERHEAD_BYTES, 0), newline - start);
        int cut = endOfCharacter(bytes, start, start + room);
        if (cut == start && lines.isEmpty()) {
          cut = start + room; // A torn character is better than no progress.
        }
        lines.add(text(bytes, start, cut));
        return result(false, pos + cut, lines);
      }
    }
  }

  private static FileReader.ReadResult result(boolean end, long newPos, List<String> lines) {
    return new FileReader.ReadResult(end, newPos, lines.toArray(String[]::new));
  }

  /** The end of the last whole UTF-8 character before {@code end}. */
  private static int endOfCharacter(byte[] bytes, int start, int end) {
    int lead = end;
    for (int back = 1; back <= 4 && end - back >= start; back++) {
      int octet = bytes[end - back] & 0xff;
      if ((octet & 0xc0) != 0x80) {
        lead = end - back;
        int needed = octet < 0xc0 ? 1 : octet < 0xe0 ? 2 : octet < 0xf0 ? 3 : 4;
        return end - lead < needed ? lead : end;
      }
    }
    return end;
  }

  /** What is not UTF-8 becomes a question mark: one byte for one, so that the sum stays true. */
  private static String text(byte[] bytes, int start, int end) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE)
            .replaceWith("?");
    try {
      return decoder.decode(ByteBuffer.wrap(bytes, start, end - start)).toString();
    } catch (java.nio.charset.CharacterCodingException ex) {
      throw new IllegalStateException("a replacing decoder does not fail", ex);
    }
  }

  private static int indexOfNewline(byte[] bytes, int start, int length) {
    for (int index = start; index < length; index++) {
      if (bytes[index] == '\n') {
        return index;
      }
    }
    return length;
  }

  private static long startOfLastLines(FileChannel file, long size, int lines) throws IOException {
    byte[] block = new byte[BLOCK_BYTES];
    long found = 0;
    long end = size;
    while (end > 0) {
      int length = (int) Math.min(block.length, end);
      long start = end - length;
      if (readFully(file, ByteBuffer.wrap(block, 0, length), start) < length) {
        throw new IOException("the file became shorter");
      }
      for (int index = length - 1; index >= 0; index--) {
        long at = start + index;
        if (block[index] == '\n' && at != size - 1 && ++found == lines) {
          return at + 1;
        }
      }
      end = start;
    }
    return 0;
  }

  /** The bytes read; fewer than asked for only if the file became shorter. */
  private static int readFully(FileChannel file, ByteBuffer target, long pos) throws IOException {
    int start = target.position();
    while (target.hasRemaining()) {
      if (file.read(target, pos + target.position() - start) < 0) {
        break;
      }
    }
    return target.position() - start;
  }

  private static FileChannel open(Path path) throws FileNotAvailableException {
    try {
      return FileChannel.open(path, StandardOpenOption.READ);
    } catch (IOException ex) {
      FileNotAvailableException failure =
          new FileNotAvailableException("failed to open file `" + path + "'");
      failure.initCause(ex);
      throw failure;
    }
  }

  private static FileNotAvailableException readError(Path path, IOException cause) {
    FileNotAvailableException failure =
        new FileNotAvailableException(
            "unrecoverable error occurred while reading file `" + path + "'");
    failure.initCause(cause);
    return failure;
  }
}
