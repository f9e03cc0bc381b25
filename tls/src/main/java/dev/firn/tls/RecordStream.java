package dev.firn.tls;

import com.zeroc.Ice.ConnectionLostException;
import com.zeroc.IceInternal.SocketOperation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/**
 * The records of TLS on a non-blocking socket. Calls return the {@link SocketOperation} that has to
 * be waited for, None when done.
 *
 * <p>Errors: SSLException for what TLS finds wrong, ConnectionLostException for what the socket
 * does, and when the peer has closed. Not safe from several threads.
 */
final class RecordStream {
  /** A peer that makes us answer without ever reading the answers is cut off beyond this. */
  private static final int UNSENT_REPLY_BYTES_MAX = 128 * 1024;

  private final SocketChannel channel;
  private final SSLEngine engine;

  /** As the socket gave it. */
  private final RecordBuffer received;

  /** Decrypted, beyond what the reader wanted. */
  private final RecordBuffer decrypted;

  /** Encrypted, not yet taken by the socket. */
  private final RecordBuffer unsent;

  private boolean isEstablished;

  RecordStream(SocketChannel channel, SSLEngine engine, BufferPool buffers) throws SSLException {
    this.channel = channel;
    this.engine = engine;
    received = new RecordBuffer(buffers);
    decrypted = new RecordBuffer(buffers);
    unsent = new RecordBuffer(buffers);
    engine.beginHandshake();
  }

  SSLSession session() {
    return engine.getSession();
  }

  /** Whether a read may get something without the socket. */
  boolean hasInput() {
    return !decrypted.isEmpty() || Records.hasWhole(received.view());
  }

  int handshake() throws SSLException {
    try {
      int waiting = advanceHandshake();
      isEstablished = waiting == SocketOperation.None;
      return waiting;
    } catch (SSLException ex) {
      sendAlert();
      throw ex;
    }
  }

  private int advanceHandshake() throws SSLException {
    while (true) {
      if (!flush()) {
        return SocketOperation.Write;
      }
      switch (engine.getHandshakeStatus()) {
        case NOT_HANDSHAKING, FINISHED -> {
          return SocketOperation.None;
        }
        case NEED_TASK -> runTasks();
        case NEED_WRAP -> wrap(Records.EMPTY);
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          if (!unwrap(Records.EMPTY) && !receive()) {
            return SocketOperation.Read;
          }
        }
      }
    }
  }

  /** Best effort: the peer may learn why, and this side fails in any case. */
  private void sendAlert() {
    try {
      while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && flush()) {
        wrap(Records.EMPTY);
      }
      flush();
    } catch (SSLException | ConnectionLostException ex) {
      // The failure that led here is the one to report.
    }
  }

  /** Fills the target as far as possible. */
  int read(ByteBuffer target) throws SSLException {
    while (target.hasRemaining()) {
      if (!decrypted.drainTo(target) && !unwrap(target) && !receive()) {
        received.releaseIfEmpty();
        return SocketOperation.Read;
      }
    }
    received.releaseIfEmpty();
    return SocketOperation.None;
  }

  /** Done only when the socket has taken the last byte. */
  int write(ByteBuffer source) throws SSLException {
    while (flush()) {
      if (!source.hasRemaining()) {
        return SocketOperation.None;
      }
      SSLEngineResult result = wrap(source);
      if (result.getStatus() == Status.CLOSED) {
        throw new ConnectionLostException();
      }
      require(result.getHandshakeStatus() != HandshakeStatus.NEED_UNWRAP, "renegotiation refused");
      runTasks();
    }
    return SocketOperation.Write;
  }

  /** Tells the peer if the socket takes it at once, and gives all buffers back. */
  void close() {
    engine.closeOutbound();
    try {
      for (int records = 0; !engine.isOutboundDone() && records < Records.CLOSING_MAX; records++) {
        if (!flush()) {
          break;
        }
        wrap(Records.EMPTY);
      }
      flush();
    } catch (SSLException | ConnectionLostException ex) {
      // It is being closed: a peer that is gone needs no word of it.
    } finally {
      received.discard();
      decrypted.discard();
      unsent.discard();
    }
  }

  /**
   * Decrypts one record, into the target if it has room for any record, else into {@link
   * #decrypted}, which is empty then.
   *
   * @return false if bytes of the socket are missing
   */
  private boolean unwrap(ByteBuffer target) throws SSLException {
    if (received.isEmpty()) {
      return false;
    }
    int recordBytes = session().getApplicationBufferSize();
    boolean isDirect = target.remaining() >= recordBytes;
    SSLEngineResult result =
        isDirect
            ? engine.unwrap(received.view(), target)
            : decrypted.append(recordBytes, free -> engine.unwrap(received.view(), free));
    decrypted.releaseIfEmpty();
    switch (result.getStatus()) {
      case BUFFER_UNDERFLOW -> {
        return false;
      }
      case BUFFER_OVERFLOW ->
          // The engine has just learned that the peer's records are larger than it had thought.
          require(session().getApplicationBufferSize() > recordBytes, "record too large");
      case CLOSED -> throw new ConnectionLostException();
      case OK -> answer(result.getHandshakeStatus());
    }
    return true;
  }

  /** After the handshake, TLS 1.3 has tickets and new keys; TLS 1.2 would negotiate again. */
  private void answer(HandshakeStatus status) throws SSLException {
    if (!isEstablished
        || status == HandshakeStatus.NOT_HANDSHAKING
        || status == HandshakeStatus.FINISHED) {
      return;
    }
    boolean isClosing = engine.isInboundDone() || engine.isOutboundDone();
    require(isClosing || session().getProtocol().equals("TLSv1.3"), "renegotiation refused");
    runTasks();
    while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
      wrap(Records.EMPTY);
      // What the socket does not take goes out in front of the next message.
      flush();
      require(unsent.bytes() <= UNSENT_REPLY_BYTES_MAX, "too many unread replies");
      runTasks();
    }
  }

  private SSLEngineResult wrap(ByteBuffer source) throws SSLException {
    int recordBytes = session().getPacketBufferSize();
    SSLEngineResult result = unsent.append(recordBytes, free -> engine.wrap(source, free));
    require(
        result.getStatus() != Status.BUFFER_OVERFLOW
            || session().getPacketBufferSize() > recordBytes,
        "record too large");
    return result;
  }

  private void runTasks() {
    for (Runnable task = engine.getDelegatedTask();
        task != null;
        task = engine.getDelegatedTask()) {
      task.run();
    }
  }

  /** False if the socket has nothing. */
  private boolean receive() throws SSLException {
    int recordBytes = session().getPacketBufferSize();
    require(received.bytes() < recordBytes, "record too large");
    try {
      int bytes = received.append(recordBytes - received.bytes(), channel::read);
      if (bytes < 0) {
        throw new ConnectionLostException();
      }
      return bytes > 0;
    } catch (SSLException ex) {
      throw ex;
    } catch (IOException ex) {
      throw new ConnectionLostException(ex);
    }
  }

  /** False if the socket does not take all. */
  private boolean flush() {
    try {
      while (!unsent.isEmpty()) {
        if (channel.write(unsent.view()) == 0) {
          return false;
        }
      }
    } catch (IOException ex) {
      throw new ConnectionLostException(ex);
    }
    unsent.releaseIfEmpty();
    return true;
  }

  private static void require(boolean condition, String otherwise) throws SSLException {
    if (!condition) {
      throw new SSLException(otherwise);
    }
  }
}
