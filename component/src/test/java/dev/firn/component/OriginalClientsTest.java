package dev.firn.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.InputStream;
import com.zeroc.Ice.Object.Ice_invokeResult;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.OperationMode;
import com.zeroc.Ice.OutputStream;
import com.zeroc.Ice.UserException;
import dev.firn.wire.Failover.V1.ReplicaState;
import dev.firn.wire.Failover.V1.UnknownStream;
import org.junit.jupiter.api.Test;

/** What clients may rely on whose Slice differs from ours where the original is not known. */
class OriginalClientsTest extends InstanceFixture {
  @Test
  void aReplicaHasTheNameWithoutAVersionToo() {
    start();
    for (ObjectPrx replica : new ObjectPrx[] {replica(), managed()}) {
      assertThat(replica.ice_isA("::AsteriskSCF::System::Component::Replica")).isTrue();
      assertThat(replica.ice_isA("::AsteriskSCF::System::Component::V1::Replica")).isTrue();
      assertThat(replica.ice_isA("::AsteriskSCF::System::Component::V1::ReplicaListener"))
          .isFalse();
      assertThat(replica.ice_ids()).isSorted().contains("::Ice::Object", replica.ice_id());
    }
    assertThat(managed().ice_isA("::Failover::V1::ManagedReplica")).isTrue();
    assertThat(replica().ice_isA("::Failover::V1::ManagedReplica")).isFalse();
  }

  @Test
  void configurationsTakeEitherMode() {
    locator();
    set("Standalone", "true");
    start();
    Eventually.await("active", () -> managed().getStatus().state == ReplicaState.Active);
    ObjectPrx configuration =
        replica().ice_identity(com.zeroc.Ice.Util.stringToIdentity(NAME + ".ConfigurationService"));
    for (OperationMode mode :
        new OperationMode[] {OperationMode.Normal, OperationMode.Idempotent}) {
      assertThat(groups(configuration, "getConfigurationGroups", mode, false)).isZero();
      groups(configuration, "setConfiguration", mode, true);
      assertThat(configuration.ice_isA("::Ice::Object")).isTrue();
    }
  }

  /**
   * How many groups the answer has; none are given, nor expected of operations without a result.
   */
  private int groups(ObjectPrx proxy, String operation, OperationMode mode, boolean isVoid) {
    OutputStream out = new OutputStream(client);
    out.startEncapsulation();
    if (isVoid) {
      out.writeSize(0);
      out.writePendingValues();
    }
    out.endEncapsulation();
    Ice_invokeResult result = proxy.ice_invoke(operation, mode, out.finished());
    assertThat(result.returnValue).isTrue();
    InputStream in = new InputStream(client, result.outParams);
    in.startEncapsulation();
    return isVoid ? 0 : in.readSize();
  }

  /** What an exception says for people is no reason why a client could not read it. */
  @Test
  void anExceptionMayHaveNoMembersForTheClient() throws Exception {
    OutputStream out = new OutputStream(client);
    out.startEncapsulation();
    out.writeException(new UnknownStream("said for people"));
    out.endEncapsulation();
    InputStream in = new InputStream(client, out.finished());
    in.startEncapsulation();
    assertThatThrownBy(() -> in.throwException(id -> throwBare(id))).isInstanceOf(Bare.class);
    in.endEncapsulation();
  }

  private static void throwBare(String id) throws UserException {
    if (id.equals("::Failover::V1::UnknownStream")) {
      throw new Bare();
    }
  }

  /** {@code exception UnknownStream {}}. */
  private static final class Bare extends UserException {
    private static final long serialVersionUID = 1;

    @Override
    public String ice_id() {
      return "::Failover::V1::UnknownStream";
    }

    @Override
    protected void _writeImpl(OutputStream out) {
      out.startSlice("::Failover::V1::UnknownStream", -1, true);
      out.endSlice();
    }

    @Override
    protected void _readImpl(InputStream in) {
      in.startSlice();
      in.endSlice();
    }
  }
}
