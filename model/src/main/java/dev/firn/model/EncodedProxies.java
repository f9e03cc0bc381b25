package dev.firn.model;

import java.util.Arrays;
import java.util.List;

/**
 * What a locator does with proxies, without decoding them. Of the direct proxy of an adapter
 * clients take no more than its endpoints and its encoding.
 */
public final class EncodedProxies {
  /** The identity of all answers, encoded: name {@code dummy}, no category. */
  private static final byte[] DUMMY = {5, 'd', 'u', 'm', 'm', 'y', 0};

  /** Behind the identity: no facet, twoway, not secure, protocol 1.0; the encoding follows. */
  private static final byte[] OPTIONS = {0, 0, 0, 1, 0};

  private EncodedProxies() {}

  /**
   * Whether what is behind the proxy understands requests in an encoding.
   *
   * @param proxy not null
   */
  public static boolean supports(EncodedProxy proxy, int major, int minor) {
    byte[] bytes = proxy.bytes();
    int encoding = endOfFacet(bytes) + 4;
    return bytes[encoding] == major && bytes[encoding + 1] >= minor;
  }

  /**
   * The same proxy with the identity {@code dummy}.
   *
   * @param proxy not null
   * @return the argument if it has that identity, as all proxies of adapters do that a server's Ice
   *     run time registers
   */
  public static EncodedProxy dummy(EncodedProxy proxy) {
    byte[] bytes = proxy.bytes();
    int facet = endOfString(bytes, endOfString(bytes, 0));
    if (startsWithDummy(bytes) && bytes[facet] == 0) {
      return proxy;
    }
    int options = endOfFacet(bytes);
    return EncodedProxy.of(
        new EncodingWriter()
            .writeBytes(DUMMY)
            .writeByte(0)
            .writeBytes(bytes, options, bytes.length - options)
            .toBytes());
  }

  /**
   * A proxy {@code dummy} with default options and the endpoints of all these, in this order.
   *
   * @param proxies not null
   * @param defaultEncodingMinor of proxies without options
   * @return the null proxy if none has an endpoint
   */
  public static EncodedProxy merged(List<EncodedProxy> proxies, int defaultEncodingMinor) {
    int endpoints = 0;
    EncodingWriter all = new EncodingWriter();
    for (EncodedProxy proxy : proxies) {
      byte[] bytes = proxy.bytes();
      int place = endOfFacet(bytes) + 6;
      int number = size(bytes, place);
      if (number > 0) {
        endpoints += number;
        int first = place + sizeLength(bytes, place);
        all.writeBytes(bytes, first, bytes.length - first);
      }
    }
    if (endpoints == 0) {
      return EncodedProxy.NULL;
    }
    return EncodedProxy.of(
        new EncodingWriter()
            .writeBytes(DUMMY)
            .writeBytes(OPTIONS)
            .writeByte(1)
            .writeByte(defaultEncodingMinor)
            .writeSize(endpoints)
            .writeBytes(all.toBytes())
            .toBytes());
  }

  /**
   * The options of a proxy, for {@link #indirect}: facet, mode, whether secure, versions.
   *
   * @param proxy not null
   */
  public static byte[] options(EncodedProxy proxy) {
    byte[] bytes = proxy.bytes();
    return Arrays.copyOfRange(
        bytes, endOfString(bytes, endOfString(bytes, 0)), endOfFacet(bytes) + 6);
  }

  /**
   * A proxy that is to be located.
   *
   * @param options as {@link #options} gives them
   * @param adapterId or the id of a replica group
   */
  public static EncodedProxy indirect(ObjectId id, byte[] options, String adapterId) {
    return EncodedProxy.of(
        new EncodingWriter()
            .writeObjectId(id)
            .writeBytes(options)
            .writeSize(0) // no endpoints
            .writeString(adapterId)
            .toBytes());
  }

  private static boolean startsWithDummy(byte[] bytes) {
    for (int i = 0; i < DUMMY.length; i++) {
      if (bytes[i] != DUMMY[i]) {
        return false;
      }
    }
    return true;
  }

  /** Where the mode stands. The proxy was checked when it was made. */
  private static int endOfFacet(byte[] bytes) {
    int facet = endOfString(bytes, endOfString(bytes, 0));
    int next = facet + sizeLength(bytes, facet);
    return size(bytes, facet) == 0 ? next : endOfString(bytes, next);
  }

  private static int endOfString(byte[] bytes, int start) {
    return start + sizeLength(bytes, start) + size(bytes, start);
  }

  private static int sizeLength(byte[] bytes, int at) {
    return bytes[at] == -1 ? 5 : 1;
  }

  private static int size(byte[] bytes, int at) {
    if (bytes[at] != -1) {
      return bytes[at] & 0xff;
    }
    return (bytes[at + 1] & 0xff)
        | (bytes[at + 2] & 0xff) << 8
        | (bytes[at + 3] & 0xff) << 16
        | (bytes[at + 4] & 0xff) << 24;
  }
}
