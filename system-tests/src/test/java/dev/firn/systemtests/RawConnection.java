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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

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

  /** A two-way request with one string as its parameters, encoding 1.1; idempotent. */
  static byte[] request(int id, String category, String name, String operation, String argument) {
    ByteBuffer body = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
    body.putInt(id);
    for (String text : new String[] {name, category}) {
      put(body, text);
    }
    body.put((byte) 0); // no facet
    put(body, operation);
    body.put((byte) 2).put((byte) 0); // idempotent, no context
    byte[] parameters = argument.getBytes(StandardCharsets.UTF_8);
    body.putInt(6 + 1 + parameters.length).put((byte) 1).put((byte) 1);
    put(body, argument);
    return message(0, Arrays.copyOf(body.array(), body.position()));
  }

  private static void put(ByteBuffer to, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    to.put((byte) bytes.length).put(bytes);
  }

  /** Reads a reply to its end; fails unless it is a result. The size of all of it, in bytes. */
  int readResult() {
    try {
      InputStream in = socket.getInputStream();
      ByteBuffer header = ByteBuffer.wrap(in.readNBytes(HEADER_BYTES));
      int size = header.order(ByteOrder.LITTLE_ENDIAN).getInt(10);
      byte[] body = in.readNBytes(size - HEADER_BYTES);
      if (header.get(8) != 2 || body.length != size - HEADER_BYTES || body[4] != 0) {
        throw new AssertionError("not a result: type " + header.get(8) + ", size " + size);
      }
      return size;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /**
   * Waits for the first bytes from the peer; an Ice server says first that the connection is
   * validated.
   */
  RawConnection awaitValidation() {
    try {
      byte[] header = socket.getInputStream().readNBytes(HEADER_BYTES);
      if (header.length != HEADER_BYTES || header[8] != 3) {
        throw new AssertionError("no validation message: " + Arrays.toString(header));
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
