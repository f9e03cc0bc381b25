package dev.firn.component;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.EncodingVersion;
import com.zeroc.Ice.FormatType;
import com.zeroc.Ice.InputStream;
import com.zeroc.Ice.OutputStream;
import com.zeroc.Ice.SliceInfo;
import com.zeroc.Ice.SlicedData;
import com.zeroc.Ice.Util;
import dev.firn.failover.Bytes;
import dev.firn.failover.ServiceParams;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParams;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Params of services between Slice and the table. Derived classes that nobody here knows are kept
 * as they came: Ice preserves what it does not understand, and their type ids count.
 */
final class ParamsCodec {
  private static final EncodingVersion ENCODING = Util.Encoding_1_1;
  private static final int TEXT_MAX = 1 << 16;
  private static final String BASE = ServiceLocatorParams.ice_staticId();

  private final Communicator communicator;

  ParamsCodec(Communicator communicator) {
    this.communicator = communicator;
  }

  /**
   * @param params null asks for anything
   */
  ServiceParams decode(@Nullable ServiceLocatorParams params) {
    ServiceLocatorParams given = params == null ? new ServiceLocatorParams("", "", "") : params;
    return new ServiceParams(
        types(given), given.category, given.service, given.id, Bytes.of(bytes(given)));
  }

  /** The object with all that its derived classes have. */
  ServiceLocatorParams encode(ServiceParams params) {
    return read(params.encoded().toArray());
  }

  /** As one line, for a request's context. */
  String text(List<ServiceLocatorParams> all) {
    return all.stream()
        .map(params -> Base64.getEncoder().encodeToString(bytes(params)))
        .collect(Collectors.joining(","));
  }

  /**
   * What {@link #text} made.
   *
   * @throws RuntimeException it did not make this
   */
  List<ServiceLocatorParams> ofText(String text) {
    if (text.length() > TEXT_MAX) {
      throw new IllegalArgumentException("params have more than " + TEXT_MAX + " characters");
    }
    return Arrays.stream(text.split(","))
        .map(params -> read(Base64.getDecoder().decode(params)))
        .toList();
  }

  private ServiceLocatorParams read(byte[] bytes) {
    InputStream in = new InputStream(communicator, ENCODING, bytes);
    AtomicReference<ServiceLocatorParams> read = new AtomicReference<>();
    in.startEncapsulation();
    in.readValue(read::set, ServiceLocatorParams.class);
    in.readPendingValues();
    in.endEncapsulation();
    ServiceLocatorParams result = read.get();
    if (result == null) {
      throw new IllegalStateException("params are null");
    }
    return result;
  }

  private byte[] bytes(ServiceLocatorParams params) {
    OutputStream out = new OutputStream(communicator, ENCODING);
    out.startEncapsulation(ENCODING, FormatType.SlicedFormat);
    out.writeValue(params);
    out.writePendingValues();
    out.endEncapsulation();
    return out.finished();
  }

  /** Most derived first. What Ice does not know it keeps in slices, in the same order. */
  private static List<String> types(ServiceLocatorParams params) {
    List<String> types = new ArrayList<>();
    SlicedData unknown = params.ice_getSlicedData();
    if (unknown != null) {
      for (SliceInfo slice : unknown.slices) {
        types.add(slice.typeId.isEmpty() ? "compact:" + slice.compactId : slice.typeId);
      }
    }
    if (!params.ice_id().equals(BASE)) {
      types.add(params.ice_id());
    }
    types.add(BASE);
    return types;
  }
}
