package dev.firn.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What is written can be read, and nothing else can. */
final class EncodingTest {
  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().excludeChars(surrogates()).ofMaxLength(300);
  }

  /** Lone surrogates have no UTF-8 form. */
  private static char[] surrogates() {
    char[] found = new char[Character.MAX_SURROGATE - Character.MIN_SURROGATE + 1];
    for (int i = 0; i < found.length; i++) {
      found[i] = (char) (Character.MIN_SURROGATE + i);
    }
    return found;
  }

  @Provide
  Arbitrary<byte[]> proxies() {
    Arbitrary<String> names = texts().filter(text -> !text.isEmpty());
    Arbitrary<List<String>> facets = texts().list().ofMaxSize(1);
    Arbitrary<List<byte[]>> endpoints =
        Arbitraries.bytes().array(byte[].class).ofMaxSize(40).list().ofMaxSize(4);
    return Combinators.combine(names, texts(), facets, texts(), endpoints)
        .as(
            (name, category, facet, adapterId, endpoint) ->
                Rows.proxyBytes(new ObjectId(name, category), facet, adapterId, endpoint));
  }

  @Property(seed = "20261122")
  void valuesComeBack(
      @ForAll("texts") String text,
      @ForAll int number,
      @ForAll long large,
      @ForAll byte small,
      @ForAll @IntRange(min = 0) int size) {
    byte[] bytes =
        new EncodingWriter()
            .writeString(text)
            .writeInt(number)
            .writeLong(large)
            .writeByte(small)
            .writeSize(size)
            .toBytes();
    EncodingReader reader = new EncodingReader(bytes);

    assertThat(reader.readString()).isEqualTo(text);
    assertThat(reader.readInt()).isEqualTo(number);
    assertThat(reader.readLong()).isEqualTo(large);
    assertThat(reader.readByte()).isEqualTo(small);
    assertThat(reader.readSize()).isEqualTo(size);
    assertThat(reader.remaining()).isZero();
  }

  @Example
  void sizesAndNumbersHaveIcesForm() {
    assertThat(new EncodingWriter().writeSize(254).toBytes()).containsExactly(254);
    assertThat(new EncodingWriter().writeSize(255).toBytes()).containsExactly(255, 255, 0, 0, 0);
    assertThat(new EncodingWriter().writeInt(0x01020304).toBytes()).containsExactly(4, 3, 2, 1);
    assertThat(new EncodingWriter().writeLong(1).toBytes()).containsExactly(1, 0, 0, 0, 0, 0, 0, 0);
    assertThat(new EncodingWriter().writeString("\u00e9").toBytes()).containsExactly(2, 0xc3, 0xa9);
    assertThatThrownBy(() -> new EncodingWriter().writeSize(-1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Property(seed = "20261122")
  void aProxyComesBackByteByByte(@ForAll("proxies") byte[] bytes) {
    EncodedProxy proxy = EncodedProxy.of(bytes);

    assertThat(proxy.toBytes()).isEqualTo(bytes);
    assertThat(proxy.length()).isEqualTo(bytes.length);
    assertThat(proxy.isNull()).isFalse();
    assertThat(proxy.identity()).isEqualTo(new EncodingReader(bytes).readObjectId());
    assertThat(new EncodingWriter().writeProxy(proxy).toBytes()).isEqualTo(bytes);
    assertThat(proxy).isEqualTo(EncodedProxy.of(bytes)).hasSameHashCodeAs(EncodedProxy.of(bytes));
    byte[] target = new byte[bytes.length + 1];
    proxy.copyTo(target, 1);
    assertThat(Arrays.copyOfRange(target, 1, target.length)).isEqualTo(bytes);
    ByteBuffer buffer = ByteBuffer.allocate(bytes.length);
    proxy.putInto(buffer);
    assertThat(buffer.array()).isEqualTo(bytes);
  }

  @Property(seed = "20261122")
  void aProxyIsFoundAmongOtherThings(
      @ForAll("proxies") byte[] bytes, @ForAll("texts") String text) {
    EncodingReader reader =
        new EncodingReader(
            new EncodingWriter().writeString(text).writeBytes(bytes).writeInt(7).toBytes());

    assertThat(reader.readString()).isEqualTo(text);
    assertThat(reader.readProxy().toBytes()).isEqualTo(bytes);
    assertThat(reader.readInt()).isEqualTo(7);
  }

  @Property(tries = 200, seed = "20261122")
  void everyTruncationIsNoticed(@ForAll("proxies") byte[] bytes) {
    for (int length = 0; length < bytes.length; length++) {
      byte[] truncated = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> EncodedProxy.of(truncated))
          .isInstanceOf(MalformedEncodingException.class);
    }
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
    assertThatThrownBy(() -> EncodedProxy.of(longer))
        .isInstanceOf(MalformedEncodingException.class)
        .hasMessageContaining("1 bytes behind a proxy");
  }

  @Property(seed = "20261122")
  void garbageIsRefusedOrIsAProxy(@ForAll @Size(max = 60) byte[] bytes) {
    try {
      EncodedProxy proxy = EncodedProxy.of(bytes);
      assertThat(proxy.toBytes()).isEqualTo(proxy.isNull() ? new byte[2] : bytes);
      assertThat(proxy.isNull()).isEqualTo(proxy.identity().name().isEmpty());
    } catch (MalformedEncodingException e) {
      assertThat(e).hasMessageContaining(" ");
    }
  }

  @Example
  void everyFormOfTheNullProxyIsTheNullProxy() {
    byte[] withCategory = {0, 1, 'c'};
    byte[] withLongSizes = {-1, 0, 0, 0, 0, -1, 0, 0, 0, 0};

    assertThat(EncodedProxy.of(new byte[2])).isEqualTo(EncodedProxy.NULL);
    assertThat(EncodedProxy.of(withCategory)).isEqualTo(EncodedProxy.NULL);
    assertThat(EncodedProxy.of(withLongSizes)).isEqualTo(EncodedProxy.NULL);
  }

  @Property(seed = "20261122")
  void hostileSizesAllocateNothing(@ForAll @IntRange(min = 100) int size) {
    byte[] bytes = new EncodingWriter().writeByte(255).writeInt(size).writeInt(0).toBytes();

    assertThatThrownBy(() -> new EncodingReader(bytes).readString())
        .isInstanceOf(MalformedEncodingException.class);
    assertThatThrownBy(() -> EncodedProxy.of(bytes)).isInstanceOf(MalformedEncodingException.class);
    assertThatThrownBy(() -> new EncodingReader(bytes).readBytes(size))
        .isInstanceOf(MalformedEncodingException.class);
  }

  @Property(seed = "20261122")
  void negativeSizesAreRefused(@ForAll @IntRange(min = Integer.MIN_VALUE, max = -1) int size) {
    byte[] bytes = new EncodingWriter().writeByte(255).writeInt(size).writeLong(0).toBytes();

    assertThatThrownBy(() -> new EncodingReader(bytes).readSize())
        .isInstanceOf(MalformedEncodingException.class)
        .hasMessageContaining("negative size");
    assertThatThrownBy(() -> new EncodingReader(new byte[9]).readBytes(size))
        .isInstanceOf(RuntimeException.class);
  }

  @Property(seed = "20261122")
  void hostileCountsOfEndpointsEndWithTheBytes(@ForAll @IntRange(min = 2) int count) {
    byte[] bytes =
        new EncodingWriter()
            .writeObjectId(Rows.id("a"))
            .writeSize(0)
            .writeBytes(new byte[6])
            .writeSize(count)
            .writeBytes(new byte[] {1, 0})
            .writeInt(6)
            .writeBytes(new byte[] {1, 1})
            .toBytes();

    assertThatThrownBy(() -> EncodedProxy.of(bytes)).isInstanceOf(MalformedEncodingException.class);
  }

  @Example
  void encapsulationsAndFacetPathsAreChecked() {
    byte[] small =
        new EncodingWriter()
            .writeObjectId(Rows.id("a"))
            .writeSize(0)
            .writeBytes(new byte[6])
            .writeSize(1)
            .writeBytes(new byte[] {1, 0})
            .writeInt(5)
            .writeBytes(new byte[8])
            .toBytes();
    assertThatThrownBy(() -> EncodedProxy.of(small)).hasMessageContaining("encapsulation of 5");

    byte[] facets = Rows.proxyBytes(Rows.id("a"), List.of("one", "two"), "adapter", List.of());
    assertThatThrownBy(() -> EncodedProxy.of(facets)).hasMessageContaining("facet path of 2");
  }

  @Example
  void theNullProxyIsTwoBytes() {
    assertThat(EncodedProxy.NULL.isNull()).isTrue();
    assertThat(EncodedProxy.of(new byte[2])).isEqualTo(EncodedProxy.NULL).hasToString("null");
    assertThat(EncodedProxy.NULL.identity()).isEqualTo(new ObjectId("", ""));
  }
}
