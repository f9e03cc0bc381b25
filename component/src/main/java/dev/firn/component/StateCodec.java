package dev.firn.component;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.util.function.Function;

/**
 * How values of one type become the payload of items, and back. Every version of a component that
 * may stand by for another has to read what that one writes.
 *
 * @param typeId what the payload is
 * @param encode any thread
 * @param decode any thread; what it throws makes the instance fail to follow the state
 */
public record StateCodec<T>(String typeId, Function<T, byte[]> encode, Function<byte[], T> decode) {
  public StateCodec {
    requireNonNull(typeId, "typeId");
    requireNonNull(encode, "encode");
    requireNonNull(decode, "decode");
  }

  public static StateCodec<Long> ofLong() {
    return new StateCodec<>(
        "long",
        value -> ByteBuffer.allocate(Long.BYTES).putLong(value).array(),
        bytes -> ByteBuffer.wrap(bytes).getLong());
  }

  public static StateCodec<String> ofString() {
    return new StateCodec<>(
        "string", value -> value.getBytes(UTF_8), bytes -> new String(bytes, UTF_8));
  }

  public static StateCodec<byte[]> ofBytes() {
    return new StateCodec<>("bytes", value -> value.clone(), bytes -> bytes.clone());
  }
}
