package dev.firn.component;

import dev.firn.election.StateCommand;
import dev.firn.election.StateContent;
import dev.firn.election.StateResult;
import dev.firn.failover.Bytes;
import dev.firn.failover.StateItem;
import dev.firn.failover.StreamCommand;
import dev.firn.failover.StreamContent;
import dev.firn.failover.StreamState;
import dev.firn.model.EncodingReader;
import dev.firn.model.EncodingWriter;
import dev.firn.model.MalformedEncodingException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.pcollections.TreePMap;

/** Commands and streams as replicators send them to each other, in Ice's encoding. */
final class StreamCodec implements ReplicaCodec {
  private static final int CLAIM = 1;
  private static final int PUBLISH = 2;
  private static final int REPLACE = 3;
  private static final int CONFIGURE = 4;

  @Override
  public byte[] encode(StateCommand command) {
    EncodingWriter out = new EncodingWriter();
    if (command instanceof StreamCommand.Claim claim) {
      out.writeByte(CLAIM).writeString(claim.stream());
      out.writeString(claim.instance()).writeLong(claim.proposedEpoch());
      out.writeLong(claim.firstSeq());
      writeFlag(out, claim.replaces());
    } else if (command instanceof StreamCommand.Publish publish) {
      out.writeByte(PUBLISH).writeString(publish.stream());
      out.writeLong(publish.epoch()).writeLong(publish.clientSeq());
      write(out, publish.set());
      writeStrings(out, publish.removed());
    } else if (command instanceof StreamCommand.Replace replace) {
      out.writeByte(REPLACE).writeString(replace.stream());
      out.writeLong(replace.epoch()).writeLong(replace.clientSeq());
      writeFlag(out, replace.first());
      writeFlag(out, replace.last());
      write(out, replace.set());
    } else if (command instanceof StreamCommand.Configure configure) {
      out.writeByte(CONFIGURE).writeString(configure.stream());
      write(out, configure.set());
      write(out, configure.removed());
      writeStrings(out, configure.removedPrefixes());
    } else {
      throw new IllegalStateException("unknown command " + command);
    }
    return out.toBytes();
  }

  @Override
  public StreamCommand command(byte[] bytes) {
    EncodingReader in = new EncodingReader(bytes);
    int kind = in.readByte();
    String stream = in.readString();
    return switch (kind) {
      case CLAIM ->
          new StreamCommand.Claim(stream, in.readString(), in.readLong(), in.readLong(), flag(in));
      case PUBLISH ->
          new StreamCommand.Publish(stream, in.readLong(), in.readLong(), items(in), strings(in));
      case REPLACE ->
          new StreamCommand.Replace(
              stream, in.readLong(), in.readLong(), flag(in), flag(in), items(in));
      case CONFIGURE -> new StreamCommand.Configure(stream, items(in), items(in), strings(in));
      default -> throw new MalformedEncodingException("no command of kind " + kind);
    };
  }

  @Override
  public byte[] encode(StateContent content) {
    StreamState state = ((StreamContent) content).stream();
    EncodingWriter out = new EncodingWriter();
    out.writeString(state.name()).writeLong(state.epoch()).writeString(state.writer());
    out.writeLong(state.seq()).writeLong(state.clientSeq());
    writeFlag(out, state.whole());
    write(out, state.items().values());
    out.writeLong(state.partsSeq());
    write(out, state.parts().values());
    return out.toBytes();
  }

  /** Writers talk to the coordinator themselves. */
  @Override
  public StateResult result(byte[] bytes) {
    throw new MalformedEncodingException("replicators do not answer for each other");
  }

  @Override
  public StreamContent content(byte[] bytes) {
    EncodingReader in = new EncodingReader(bytes);
    String name = in.readString();
    long epoch = in.readLong();
    String writer = in.readString();
    long seq = in.readLong();
    long clientSeq = in.readLong();
    boolean whole = flag(in);
    TreePMap<String, StateItem> items = map(in);
    long partsSeq = in.readLong();
    return new StreamContent(
        new StreamState(name, epoch, writer, seq, clientSeq, whole, items, partsSeq, map(in)));
  }

  private static TreePMap<String, StateItem> map(EncodingReader in) {
    TreePMap<String, StateItem> map = TreePMap.empty();
    for (StateItem item : items(in)) {
      map = map.plus(item.key(), item);
    }
    return map;
  }

  private static void write(EncodingWriter out, Collection<StateItem> items) {
    out.writeSize(items.size());
    for (StateItem item : items) {
      out.writeString(item.key()).writeString(item.typeId()).writeLong(item.version());
      out.writeSize(item.payload().length()).writeBytes(item.payload().toArray());
    }
  }

  private static List<StateItem> items(EncodingReader in) {
    int count = in.readSize();
    List<StateItem> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(
          new StateItem(
              in.readString(),
              in.readString(),
              in.readLong(),
              Bytes.of(in.readBytes(in.readSize()))));
    }
    return items;
  }

  private static void writeStrings(EncodingWriter out, List<String> strings) {
    out.writeSize(strings.size());
    strings.forEach(out::writeString);
  }

  private static List<String> strings(EncodingReader in) {
    int count = in.readSize();
    List<String> strings = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      strings.add(in.readString());
    }
    return strings;
  }

  private static void writeFlag(EncodingWriter out, boolean flag) {
    out.writeByte(flag ? 1 : 0);
  }

  private static boolean flag(EncodingReader in) {
    return in.readByte() != 0;
  }
}
