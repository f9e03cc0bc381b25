package dev.firn.node;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.InputStream;
import com.zeroc.Ice.OutputStream;
import com.zeroc.Ice.Util;
import com.zeroc.IceGrid.InternalServerDescriptor;
import dev.firn.model.EncodedProxy;
import dev.firn.server.RememberedRun;
import dev.firn.server.ServerState;
import dev.firn.wire.InternalDescriptors;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is remembered of a running server, as bytes: in Ice's encoding 1.1, behind a version. */
final class RunCodec {
  private static final int VERSION = 1;

  /** A process and what is to be known in order to take it over. */
  record Remembered(ProcessRecord process, RememberedRun run) {}

  private RunCodec() {}

  static byte[] write(Communicator communicator, Remembered remembered) {
    OutputStream out = new OutputStream(communicator, Util.Encoding_1_1);
    out.startEncapsulation();
    out.writeInt(VERSION);
    out.writeLong(remembered.process().pid());
    out.writeLong(remembered.process().startTicks());
    RememberedRun run = remembered.run();
    out.writeString(run.state().name());
    out.writeByteSeq(run.process().toBytes());
    out.writeSize(run.adapters().size());
    run.adapters()
        .forEach(
            (id, proxy) -> {
              out.writeString(id);
              out.writeByteSeq(proxy.toBytes());
            });
    out.writeBool(run.filesOutdated());
    out.writeValue(InternalDescriptors.write(run.descriptor()));
    out.writePendingValues();
    out.endEncapsulation();
    return out.finished();
  }

  /** Empty if the bytes are damaged, or of another version. */
  static Optional<Remembered> read(Communicator communicator, byte[] bytes) {
    try {
      InputStream in = new InputStream(communicator, Util.Encoding_1_1, bytes);
      in.startEncapsulation();
      if (in.readInt() != VERSION) {
        return Optional.empty();
      }
      ProcessRecord process = new ProcessRecord(in.readLong(), in.readLong());
      ServerState state = ServerState.valueOf(in.readString());
      EncodedProxy proxy = EncodedProxy.of(in.readByteSeq());
      SortedMap<String, EncodedProxy> adapters = new TreeMap<>();
      int count = in.readAndCheckSeqSize(2);
      for (int i = 0; i < count; i++) {
        adapters.put(in.readString(), EncodedProxy.of(in.readByteSeq()));
      }
      boolean filesOutdated = in.readBool();
      Holder descriptor = new Holder();
      in.readValue(value -> descriptor.value = value, InternalServerDescriptor.class);
      in.readPendingValues();
      in.endEncapsulation();
      return InternalDescriptors.read(descriptor.value)
          .map(
              server ->
                  new Remembered(
                      process, new RememberedRun(server, state, proxy, adapters, filesOutdated)));
    } catch (RuntimeException e) {
      // Ice's MarshalException, a state or a proxy that is none: all the same here.
      return Optional.empty();
    }
  }

  private static final class Holder {
    private @Nullable InternalServerDescriptor value;
  }
}
