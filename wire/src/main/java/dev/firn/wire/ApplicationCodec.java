package dev.firn.wire;

import com.zeroc.Ice.EncodingVersion;
import com.zeroc.Ice.InputStream;
import com.zeroc.Ice.OutputStream;
import com.zeroc.Ice.ValueFactory;
import com.zeroc.Ice.ValueFactoryManager;
import com.zeroc.IceGrid.ApplicationDescriptor;
import com.zeroc.IceGrid.ApplicationInfo;
import com.zeroc.IceGrid.DistributionDescriptor;
import com.zeroc.IceGrid.LoadBalancingPolicy;
import com.zeroc.IceGrid.NodeDescriptorDictHelper;
import com.zeroc.IceGrid.ObjectDescriptorSeqHelper;
import com.zeroc.IceGrid.PropertySetDescriptorDictHelper;
import com.zeroc.IceGrid.ReplicaGroupDescriptor;
import com.zeroc.IceGrid.StringStringDictHelper;
import com.zeroc.IceGrid.TemplateDescriptorDictHelper;
import java.util.ArrayList;
import java.util.List;

/**
 * Applications from and to their encoded form, without a communicator: tools must start fast.
 *
 * <p>What is written is byte for byte what ZeroC's registry writes.
 */
final class ApplicationCodec {
  private static final EncodingVersion ENCODING = new EncodingVersion((byte) 1, (byte) 1);

  /** The least that an application can take: seven empty or fixed fields and a descriptor. */
  private static final int APPLICATION_BYTES_MIN = 1 + 8 + 1 + 8 + 1 + 4 + 10;

  /** A replica group of five empty fields. */
  private static final int REPLICA_GROUP_BYTES_MIN = 5;

  private ApplicationCodec() {}

  /**
   * @param info its dictionaries are put in order
   */
  static byte[] encode(ApplicationInfo info) {
    Descriptors.sort(info.descriptor);
    OutputStream out = output();
    ApplicationInfo.ice_write(out, info);
    out.writePendingValues();
    return out.finished();
  }

  /**
   * @throws com.zeroc.Ice.MarshalException if the bytes do not start with an application
   */
  static ApplicationInfo decode(byte[] bytes) {
    InputStream in = input(bytes);
    ApplicationInfo info = ApplicationInfo.ice_read(in);
    in.readPendingValues();
    return info;
  }

  /** A stream to read applications from; proxies cannot be read from it. */
  static InputStream input(byte[] bytes) {
    var in = new InputStream(ENCODING, bytes);
    in.setValueFactoryManager(new DescriptorFactories());
    return in;
  }

  static OutputStream output() {
    return new OutputStream(); // of the current encoding, 1.1
  }

  /**
   * Reads a sequence of applications, which share one table of instances.
   *
   * @param withFilter whether replica groups have a filter: not so in Ice 3.5
   */
  static List<ApplicationInfo> readAll(InputStream in, boolean withFilter) {
    int count = in.readAndCheckSeqSize(APPLICATION_BYTES_MIN);
    List<ApplicationInfo> infos = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      infos.add(withFilter ? ApplicationInfo.ice_read(in) : readWithoutFilter(in));
    }
    in.readPendingValues();
    return infos;
  }

  static void writeAll(OutputStream out, List<ApplicationInfo> infos) {
    out.writeSize(infos.size());
    for (ApplicationInfo info : infos) {
      Descriptors.sort(info.descriptor);
      ApplicationInfo.ice_write(out, info);
    }
    out.writePendingValues();
  }

  private static ApplicationInfo readWithoutFilter(InputStream in) {
    var info = new ApplicationInfo();
    info.uuid = in.readString();
    info.createTime = in.readLong();
    info.createUser = in.readString();
    info.updateTime = in.readLong();
    info.updateUser = in.readString();
    info.revision = in.readInt();
    info.descriptor = readDescriptorWithoutFilter(in);
    return info;
  }

  private static ApplicationDescriptor readDescriptorWithoutFilter(InputStream in) {
    var descriptor = new ApplicationDescriptor();
    descriptor.name = in.readString();
    descriptor.variables = StringStringDictHelper.read(in);
    descriptor.replicaGroups = new ArrayList<>();
    int count = in.readAndCheckSeqSize(REPLICA_GROUP_BYTES_MIN);
    for (int i = 0; i < count; i++) {
      descriptor.replicaGroups.add(readReplicaGroupWithoutFilter(in));
    }
    descriptor.serverTemplates = TemplateDescriptorDictHelper.read(in);
    descriptor.serviceTemplates = TemplateDescriptorDictHelper.read(in);
    descriptor.nodes = NodeDescriptorDictHelper.read(in);
    descriptor.distrib = DistributionDescriptor.ice_read(in);
    descriptor.description = in.readString();
    descriptor.propertySets = PropertySetDescriptorDictHelper.read(in);
    return descriptor;
  }

  private static ReplicaGroupDescriptor readReplicaGroupWithoutFilter(InputStream in) {
    var group = new ReplicaGroupDescriptor();
    group.id = in.readString();
    in.readValue(policy -> group.loadBalancing = policy, LoadBalancingPolicy.class);
    group.proxyOptions = in.readString();
    group.objects = ObjectDescriptorSeqHelper.read(in);
    group.description = in.readString();
    group.filter = "";
    return group;
  }

  /** Knows the classes of descriptors, and no others. */
  private static final class DescriptorFactories implements ValueFactoryManager {
    @Override
    public void add(ValueFactory factory, String id) {
      throw new UnsupportedOperationException("no other classes than descriptors: " + id);
    }

    @Override
    public ValueFactory find(String id) {
      return Descriptors::create;
    }
  }
}
