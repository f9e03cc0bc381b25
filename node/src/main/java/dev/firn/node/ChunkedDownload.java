package dev.firn.node;

import java.io.IOException;
import java.io.InputStream;

/** A file that is fetched piece by piece while it is read. One thread. */
final class ChunkedDownload extends InputStream {
  /** Fetches a piece. */
  interface Chunks {
    /**
     * @return up to {@code count} bytes; fewer at the end of the file only
     */
    byte[] at(long position, int count) throws IOException;
  }

  private final Chunks chunks;
  private final long size;
  private final int chunkMax;
  private long fetched;
  private byte[] chunk = new byte[0];
  private int next;

  ChunkedDownload(Chunks chunks, long size, int chunkMax) {
    this.chunks = chunks;
    this.size = size;
    this.chunkMax = chunkMax;
  }

  @Override
  public int read() throws IOException {
    return isAtEnd() ? -1 : Byte.toUnsignedInt(chunk[next++]);
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    } else if (isAtEnd()) {
      return -1;
    }
    int count = Math.min(length, chunk.length - next);
    System.arraycopy(chunk, next, buffer, offset, count);
    next += count;
    return count;
  }

  private boolean isAtEnd() throws IOException {
    if (next < chunk.length) {
      return false;
    } else if (fetched >= size) {
      return true;
    }
    int wanted = (int) Math.min(chunkMax, size - fetched);
    chunk = chunks.at(fetched, wanted);
    if (chunk.length == 0 || chunk.length > wanted) {
      throw new IOException(
          "the file server gave " + chunk.length + " bytes where " + wanted + " were expected");
    }
    next = 0;
    fetched += chunk.length;
    return false;
  }
}
