package dev.firn.wire;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.EncodingVersion;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.InputStream;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.OutputStream;
import com.zeroc.IceGrid.AdapterInfo;
import com.zeroc.IceGrid.ApplicationInfo;
import com.zeroc.IceGrid.ObjectInfo;
import dev.firn.model.AdapterEntry;
import dev.firn.model.ApplicationEntry;
import dev.firn.model.DescriptorException;
import dev.firn.model.EncodedProxy;
import dev.firn.model.ObjectEntry;
import dev.firn.model.ObjectId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ice's types from and to the model's. */
public final class Mapping {
  private static final EncodingVersion ENCODING = new EncodingVersion((byte) 1, (byte) 1);

  private Mapping() {}

  public static Identity identity(ObjectId id) {
    return new Identity(id.name(), id.category());
  }

  public static ObjectId objectId(Identity identity) {
    return new ObjectId(identity.name, identity.category);
  }

  public static EncodedProxy encode(Communicator communicator, @Nullable ObjectPrx proxy) {
    if (proxy == null) {
      return EncodedProxy.NULL;
    }
    OutputStream out = new OutputStream(communicator, ENCODING);
    out.writeProxy(proxy);
    return EncodedProxy.of(out.finished());
  }

  /** The proxy, {@code null} for the null proxy. */
  public static @Nullable ObjectPrx decode(Communicator communicator, EncodedProxy proxy) {
    return proxy.isNull()
        ? null
        : new InputStream(communicator, ENCODING, proxy.toBytes()).readProxy();
  }

  public static ObjectEntry objectEntry(Communicator communicator, ObjectInfo info) {
    return ObjectEntry.of(encode(communicator, info.proxy), info.type);
  }

  public static ObjectInfo objectInfo(Communicator communicator, ObjectEntry entry) {
    return new ObjectInfo(decode(communicator, entry.proxy()), entry.type());
  }

  public static ObjectInfo[] objectInfos(
      Communicator communicator, Collection<ObjectEntry> entries) {
    return entries.stream()
        .map(entry -> objectInfo(communicator, entry))
        .toArray(ObjectInfo[]::new);
  }

  public static AdapterEntry adapterEntry(Communicator communicator, AdapterInfo info) {
    return new AdapterEntry(info.id, encode(communicator, info.proxy), info.replicaGroupId);
  }

  public static AdapterInfo adapterInfo(Communicator communicator, AdapterEntry entry) {
    return new AdapterInfo(entry.id(), decode(communicator, entry.proxy()), entry.replicaGroupId());
  }

  public static AdapterInfo[] adapterInfos(
      Communicator communicator, Collection<AdapterEntry> entries) {
    return entries.stream()
        .map(entry -> adapterInfo(communicator, entry))
        .toArray(AdapterInfo[]::new);
  }

  /**
   * An application that another registry has accepted; expands it.
   *
   * @throws DescriptorException if it is none, because members are missing
   */
  public static ApplicationEntry applicationEntry(ApplicationInfo info) throws DescriptorException {
    return ApplicationEntry.of(DescriptorReader.info(info));
  }

  /** As {@link #applicationEntry}, for several. */
  public static List<ApplicationEntry> applicationEntries(List<ApplicationInfo> infos)
      throws DescriptorException {
    List<ApplicationEntry> entries = new ArrayList<>(infos.size());
    for (ApplicationInfo info : infos) {
      entries.add(applicationEntry(info));
    }
    return entries;
  }

  public static ApplicationInfo applicationInfo(ApplicationEntry entry) {
    return DescriptorWriter.info(entry.info());
  }

  public static List<ApplicationInfo> applicationInfos(Collection<ApplicationEntry> entries) {
    return entries.stream().map(Mapping::applicationInfo).toList();
  }
}
