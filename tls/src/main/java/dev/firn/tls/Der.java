package dev.firn.tls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.HexFormat;

/** As much of DER as it takes to put older formats of keys into the envelope that Java reads. */
final class Der {
  private static final int INTEGER = 0x02;
  private static final int OCTET_STRING = 0x04;
  private static final int SEQUENCE = 0x30;

  /** The curve of a key of RFC 5915. */
  private static final int EC_PARAMETERS = 0xA0;

  private static final byte[] VERSION = HexFormat.of().parseHex("020100");

  /** Algorithm identifier of rsaEncryption, whose parameters are null. */
  private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");

  /** Object identifier of ecPublicKey. */
  private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");

  private Der() {}

  /** From PKCS#1. */
  static PKCS8EncodedKeySpec pkcs8OfRsa(byte[] key) {
    return pkcs8(RSA, key);
  }

  /** From RFC 5915, "EC PRIVATE KEY". */
  static PKCS8EncodedKeySpec pkcs8OfEc(byte[] key) throws IOException {
    try {
      ByteBuffer fields = value(ByteBuffer.wrap(key), SEQUENCE);
      value(fields, INTEGER);
      value(fields, OCTET_STRING);
      ByteBuffer curve = value(fields, EC_PARAMETERS);
      byte[] parameters = new byte[curve.remaining()];
      curve.get(parameters);
      return pkcs8(element(SEQUENCE, EC, parameters), key);
    } catch (BufferUnderflowException ex) {
      throw new IOException("malformed EC key", ex);
    }
  }

  private static PKCS8EncodedKeySpec pkcs8(byte[] algorithm, byte[] key) {
    return new PKCS8EncodedKeySpec(
        element(SEQUENCE, VERSION, algorithm, element(OCTET_STRING, key)));
  }

  /** Consumes one element; the answer spans its content. */
  private static ByteBuffer value(ByteBuffer in, int tag) throws IOException {
    int found = Byte.toUnsignedInt(in.get());
    if (found != tag) {
      throw new IOException("malformed EC key: tag " + found + " instead of " + tag);
    }
    int bytes = Byte.toUnsignedInt(in.get());
    if (bytes > 0x80) {
      int lengthBytes = bytes - 0x80;
      bytes = 0;
      for (int index = 0; index < lengthBytes; index++) {
        bytes = (bytes << 8) | Byte.toUnsignedInt(in.get());
      }
    }
    if (bytes < 0 || bytes > in.remaining()) {
      throw new IOException("malformed EC key: truncated");
    }
    ByteBuffer content = in.slice(in.position(), bytes);
    in.position(in.position() + bytes);
    return content;
  }

  private static byte[] element(int tag, byte[]... contents) {
    int bytes = 0;
    for (byte[] content : contents) {
      bytes += content.length;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes + 5);
    out.write(tag);
    int lengthBytes = (Integer.SIZE - Integer.numberOfLeadingZeros(bytes) + 7) / 8;
    if (bytes < 0x80) {
      out.write(bytes);
    } else {
      out.write(0x80 + lengthBytes);
      for (int index = lengthBytes - 1; index >= 0; index--) {
        out.write(bytes >> (8 * index));
      }
    }
    for (byte[] content : contents) {
      out.writeBytes(content);
    }
    return out.toByteArray();
  }
}
