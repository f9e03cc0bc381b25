package dev.firn.systemtests;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;

/** A TCP connection that speaks Ice badly on purpose. */
final class RawConnection implements AutoCloseable {
  private static final int HEADER_BYTES = 14;

  private final Socket socket = new Socket();

  RawConnection(int port) {
    try {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
    } catch (IOException refused) {
      throw new UncheckedIOException(refused);
    }
  }

  /** An Ice 1.0 message header; the size counts the header, whatever really follows. */
  static byte[] message(int type, int size, byte... body) {
    ByteBuffer bytes =
        ByteBuffer.allocate(HEADER_BYTES + body.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(new byte[] {'I', 'c', 'e', 'P', 1, 0, 1, 0, (byte) type, 0});
    return bytes.putInt(size).put(body).array();
  }

  static byte[] message(int type, byte... body) {
    return message(type, HEADER_BYTES + body.length, body);
  }

  RawConnection send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    } catch (SocketException closed) {
      // The peer may close at the first bad byte.
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    return this;
  }

  /**
   * Waits for the first bytes from the peer; an Ice server says first that the connection is
   * validated.
   */
  RawConnection awaitValidation() {
    try {
      byte[] header = socket.getInputStream().readNBytes(HEADER_BYTES);
      if (header.length != HEADER_BYTES || header[8] != 3) {
        throw new AssertionError("no validation message: " + java.util.Arrays.toString(header));
      }
      return this;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /**
   * Whether the peer closes the connection within the limit; what it says until then does not
   * matter.
   */
  boolean isClosedWithin(Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    try {
      InputStream in = socket.getInputStream();
      byte[] buffer = new byte[4096];
      while (true) {
        long left = (end - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          return false;
        }
        socket.setSoTimeout((int) left);
        if (in.read(buffer) < 0) {
          return true;
        }
      }
    } catch (SocketTimeoutException stillOpen) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  void endOutput() {
    try {
      socket.shutdownOutput();
    } catch (IOException closed) {
      // Closed by the peer already.
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
