package dev.firn.component;

import dev.firn.election.StateCommand;
import dev.firn.election.StateContent;
import dev.firn.failover.GroupEpoch;
import dev.firn.failover.ServiceCommand;
import dev.firn.failover.ServiceContent;
import dev.firn.failover.ServiceTable.Outcome;
import dev.firn.failover.ServiceTable.Verdict;
import dev.firn.model.EncodingReader;
import dev.firn.model.EncodingWriter;
import dev.firn.model.MalformedEncodingException;
import java.util.Optional;

/** Commands and rows as service locators send them to each other, in Ice's encoding. */
final class ServiceCodec implements ReplicaCodec {
  private static final int ADD_SERVICE = 1;
  private static final int ADD_PARAMS = 2;
  private static final int SUSPEND = 3;
  private static final int REMOVE_SERVICE = 4;
  private static final int ADD_COMPARATOR = 5;
  private static final int REMOVE_COMPARATOR = 6;

  @Override
  public byte[] encode(StateCommand command) {
    EncodingWriter out = new EncodingWriter();
    if (command instanceof ServiceCommand.AddService add) {
      out.writeByte(ADD_SERVICE).writeString(add.guid()).writeString(add.proxy());
      out.writeByte(add.kept() ? 1 : 0);
      ServiceRecords.write(out, add.epoch());
    } else if (command instanceof ServiceCommand.AddParams add) {
      out.writeByte(ADD_PARAMS).writeString(add.guid());
      ServiceRecords.write(out, add.findable());
      ServiceRecords.write(out, add.epoch());
    } else if (command instanceof ServiceCommand.Suspend suspend) {
      out.writeByte(SUSPEND).writeString(suspend.guid());
      out.writeByte(suspend.suspended() ? 1 : 0);
      ServiceRecords.write(out, suspend.epoch());
    } else if (command instanceof ServiceCommand.RemoveService remove) {
      out.writeByte(REMOVE_SERVICE).writeString(remove.guid());
      ServiceRecords.write(out, remove.epoch());
    } else if (command instanceof ServiceCommand.AddComparator add) {
      out.writeByte(ADD_COMPARATOR).writeString(add.guid()).writeString(add.proxy());
    } else if (command instanceof ServiceCommand.RemoveComparator remove) {
      out.writeByte(REMOVE_COMPARATOR).writeString(remove.guid());
    } else {
      throw new IllegalStateException("unknown command " + command);
    }
    return out.toBytes();
  }

  @Override
  public ServiceCommand command(byte[] bytes) {
    EncodingReader in = new EncodingReader(bytes);
    int kind = in.readByte();
    String guid = in.readString();
    return switch (kind) {
      case ADD_SERVICE -> addService(guid, in);
      case ADD_PARAMS ->
          new ServiceCommand.AddParams(guid, ServiceRecords.findable(in), ServiceRecords.epoch(in));
      case SUSPEND ->
          new ServiceCommand.Suspend(guid, in.readByte() != 0, ServiceRecords.epoch(in));
      case REMOVE_SERVICE -> new ServiceCommand.RemoveService(guid, ServiceRecords.epoch(in));
      case ADD_COMPARATOR -> new ServiceCommand.AddComparator(guid, in.readString());
      case REMOVE_COMPARATOR -> new ServiceCommand.RemoveComparator(guid);
      default -> throw new MalformedEncodingException("no command of kind " + kind);
    };
  }

  private static ServiceCommand addService(String guid, EncodingReader in) {
    String proxy = in.readString();
    boolean kept = in.readByte() != 0;
    Optional<GroupEpoch> epoch = ServiceRecords.epoch(in);
    return new ServiceCommand.AddService(guid, proxy, epoch, kept);
  }

  @Override
  public byte[] encode(StateContent content) {
    return ServiceRecords.encode(((ServiceContent) content).row());
  }

  @Override
  public ServiceContent content(byte[] bytes) {
    return new ServiceContent(ServiceRecords.row(bytes));
  }

  byte[] encode(Verdict verdict) {
    return new EncodingWriter()
        .writeString(verdict.outcome().name())
        .writeLong(verdict.current())
        .toBytes();
  }

  @Override
  public Verdict result(byte[] bytes) {
    EncodingReader in = new EncodingReader(bytes);
    String outcome = in.readString();
    try {
      return new Verdict(Outcome.valueOf(outcome), in.readLong());
    } catch (IllegalArgumentException e) {
      throw new MalformedEncodingException("no outcome " + outcome);
    }
  }
}
