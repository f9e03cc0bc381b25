package dev.firn.systemtests;

import static dev.firn.systemtests.Json.identityOf;
import static dev.firn.systemtests.Json.proxyOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What strangers send to the ports of a registry harms nobody but themselves. */
@EachImplementation
class BadInputTest {
  private static final Duration CLOSED_WITHIN = Await.LIMIT;
  private static final int REQUEST = 0;
  private static final int BATCH_REQUEST = 1;
  private static final int REPLY = 2;
  private static final int VALIDATE = 3;

  private Lab lab;
  private RegistryProcess registry;
  private IceClient client;
  private int internalPort;

  @Initializer
  void start(Lab lab, Implementation implementation) {
    this.lab = lab;
    registry = lab.registry(implementation).start();
    client = lab.client();
    internalPort =
        Cluster.ports(
                client
                    .query(registry)
                    .call("findObjectById", identityOf("IceGrid/InternalRegistry-Master"))
                    .proxy())
            .get(0);
  }

  @AfterEach
  void theRegistryWorks() {
    IceClient next = lab.client();
    AdminSession session = next.adminSession(registry);
    session.addObject("works:tcp -h 127.0.0.1 -p 1", "::Works");
    assertThat(next.query(registry).call("findObjectById", identityOf("works")).isNull()).isFalse();
    session.removeObject("works");
    next.locatorRegistry(registry)
        .call("setAdapterDirectProxy", "works", proxyOf("d:tcp -h 127.0.0.1 -p 1"));
    next.locatorRegistry(registry).call("setAdapterDirectProxy", "works", null);
    session.destroy();
    next.close();
  }

  private List<Integer> ports() {
    return List.of(registry.clientPort(), registry.serverPort(), internalPort);
  }

  private void expectClosed(String what, byte[] bytes) {
    for (int port : ports()) {
      try (RawConnection connection = new RawConnection(port)) {
        connection.awaitValidation().send(bytes);
        assertThat(connection.isClosedWithin(CLOSED_WITHIN))
            .as("%s on port %d", what, port)
            .isTrue();
      }
    }
  }

  @Test
  void garbageEndsTheConnection() {
    byte[] garbage = new byte[4096];
    new Random(7).nextBytes(garbage);
    expectClosed("random bytes", garbage);
    expectClosed(
        "an HTTP request",
        "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    expectClosed("zeros", new byte[64]);
  }

  @Test
  void impossibleHeadersEndTheConnection() {
    byte[] protocol = RawConnection.message(REQUEST);
    protocol[4] = 9;
    expectClosed("unknown protocol", protocol);
    byte[] encoding = RawConnection.message(REQUEST);
    encoding[6] = 9;
    expectClosed("unknown encoding", encoding);
    expectClosed("unknown message type", RawConnection.message(77));
    expectClosed("message shorter than its header", RawConnection.message(REQUEST, 3));
    expectClosed("negative size", RawConnection.message(REQUEST, -1));
  }

  @Test
  void answersThatNobodyAskedForAreIgnored() {
    for (int port : ports()) {
      try (RawConnection connection = new RawConnection(port)) {
        connection.awaitValidation();
        connection.send(
            RawConnection.message(REPLY, (byte) 1, (byte) 0, (byte) 0, (byte) 0, (byte) 0));
        theRegistryWorks();
      }
    }
  }

  @Test
  void anOversizedMessageIsRefusedBeforeItComes() {
    for (int port : List.of(registry.clientPort(), registry.serverPort())) {
      try (RawConnection connection = new RawConnection(port)) {
        connection.awaitValidation().send(RawConnection.message(REQUEST, 2_000_000_000));
        assertThat(connection.isClosedWithin(CLOSED_WITHIN)).isTrue();
      }
    }
    try (RawConnection connection = new RawConnection(registry.clientPort())) {
      // One byte more than Ice.MessageSizeMax.
      connection.awaitValidation().send(RawConnection.message(REQUEST, 1024 * 1024 + 1));
      assertThat(connection.isClosedWithin(CLOSED_WITHIN)).isTrue();
    }
  }

  @Test
  void truncatedMessagesEndWithTheirConnection() {
    for (int port : ports()) {
      try (RawConnection connection = new RawConnection(port)) {
        connection.awaitValidation().send(RawConnection.message(REQUEST, 500, new byte[20]));
        connection.endOutput();
        assertThat(connection.isClosedWithin(CLOSED_WITHIN)).isTrue();
      }
    }
  }

  @Test
  void malformedRequestsHarmOnlyTheirSender() {
    byte[] endless = new byte[40];
    java.util.Arrays.fill(endless, (byte) 0xff);
    for (byte[] body :
        List.of(
            new byte[0],
            new byte[] {1, 0, 0, 0},
            // A request id, then an identity whose name says to be two thousand million bytes long.
            new byte[] {1, 0, 0, 0, (byte) 0xff, 0, 0, 0, 0x77},
            endless)) {
      for (int port : ports()) {
        try (RawConnection connection = new RawConnection(port)) {
          connection.awaitValidation().send(RawConnection.message(REQUEST, body));
          connection.send(RawConnection.message(BATCH_REQUEST, body));
          connection.endOutput();
          assertThat(connection.isClosedWithin(CLOSED_WITHIN)).isTrue();
        }
      }
    }
  }

  @Test
  void connectionsThatStallHoldUpNobody() {
    List<RawConnection> stalled = new ArrayList<>();
    for (int port : ports()) {
      stalled.add(new RawConnection(port));
      stalled.add(new RawConnection(port).send(new byte[] {'I', 'c', 'e'}));
      stalled.add(
          new RawConnection(port)
              .awaitValidation()
              .send(RawConnection.message(REQUEST, 5000, new byte[9])));
    }
    theRegistryWorks();
    stalled.forEach(RawConnection::close);
  }

  @Test
  void aThousandIdleConnectionsHoldUpNobody() {
    List<RawConnection> idle = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      idle.add(
          new RawConnection(registry.clientPort())
              .awaitValidation()
              .send(RawConnection.message(VALIDATE)));
    }
    theRegistryWorks();
    idle.forEach(RawConnection::close);
  }

  @Test
  void aClientThatDoesNotReadItsAnswersHoldsUpNobody() {
    AdminSession session = client.adminSession(registry);
    for (int i = 0; i < 300; i++) {
      session.addObject("bulk/" + i + ":tcp -h 127.0.0.1 -p 1", "::Bulk");
    }
    try (RawConnection greedy = new RawConnection(registry.clientPort())) {
      greedy.awaitValidation();
      byte[] request = RawConnection.message(REQUEST, findAllObjects("::Bulk"));
      for (int i = 0; i < 500; i++) {
        greedy.send(request);
      }
      theRegistryWorks();
    }
    for (int i = 0; i < 300; i++) {
      session.removeObject("bulk/" + i);
    }
    session.destroy();
  }

  /** The body of a twoway request to IceGrid/Query. */
  private static byte[] findAllObjects(String type) {
    ByteBuffer body = ByteBuffer.allocate(200).order(ByteOrder.LITTLE_ENDIAN);
    body.putInt(1);
    text(body, "Query");
    text(body, "IceGrid");
    body.put((byte) 0);
    text(body, "findAllObjectsByType");
    body.put((byte) 1).put((byte) 0);
    body.putInt(6 + 1 + type.length()).put((byte) 1).put((byte) 1);
    text(body, type);
    byte[] bytes = new byte[body.position()];
    body.flip().get(bytes);
    return bytes;
  }

  private static void text(ByteBuffer body, String ascii) {
    body.put((byte) ascii.length()).put(ascii.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void theInternalInterfaceRefusesNonsense() {
    Remote internal =
        client.at(
            "IceGrid.InternalRegistry",
            "IceGrid/InternalRegistry-Master:tcp -h 127.0.0.1 -p " + internalPort);
    assertThat(internal.call("registerReplica", null, null).isNull()).isTrue();
    Map<String, Object> load =
        Map.of("$struct", "IceGrid.LoadInfo", "avg1", 0.0, "avg5", 0.0, "avg15", 0.0);
    assertThat(internal.call("registerNode", null, null, load).isNull()).isTrue();
    assertThat(internal.failure("read", "no-such-file", 0, 100).type())
        .isEqualTo("IceGrid.FileNotAvailableException");
    assertThat(internal.failure("getOffsetFromEnd", "/etc/passwd", -1).reason())
        .isEqualTo("unknown file");
  }

  @Test
  void emptyNamesAreUnknown() {
    assertThat(client.locator(registry).failure("findObjectById", identityOf("")).type())
        .isEqualTo("Ice.ObjectNotFoundException");
    assertThat(client.query(registry).call("findObjectByType", "").isNull()).isTrue();
    assertThat(client.query(registry).call("findAllObjectsByType", "").items()).isEmpty();
  }

  @Test
  void aProxyWithoutEndpointsIsAnAdaptersOwnMistake() {
    Remote adapters = client.locatorRegistry(registry);
    adapters.call("setAdapterDirectProxy", "nowhere", proxyOf("dummy"));
    assertThat(client.locator(registry).call("findAdapterById", "nowhere").proxy())
        .isEqualTo("dummy -t -e 1.1");
    adapters.call("setAdapterDirectProxy", "circular", proxyOf("dummy @ circular"));
    IceClient caller = lab.client("Ice.Default.Locator=" + registry.locatorProxy());
    for (String adapter : List.of("nowhere", "circular")) {
      assertThat(caller.object("x @ " + adapter).failure("ice_ping").type())
          .isEqualTo("Ice.NoEndpointException");
      adapters.call("setAdapterDirectProxy", adapter, null);
    }
    caller.close();
  }

  @Test
  void longNamesAreStoredOrRefusedButNeverHalf() {
    AdminSession session = client.adminSession(registry);
    String name = "long/" + "x".repeat(2000);
    try {
      session.addObject(name + ":tcp -h 127.0.0.1 -p 1", "::Long");
      assertThat(session.objectInfo(name).get("type").text()).isEqualTo("::Long");
      session.removeObject(name);
    } catch (IceFailure tooLong) {
      // Keys of the reference's database are limited, which it tells as an unknown exception.
      if (registry.isFirn()) {
        assertThat(tooLong.type()).isEqualTo("IceGrid.DeploymentException");
      }
    }
    assertThat(session.admin().call("getAllObjectInfos", "long/*").items()).isEmpty();
    session.destroy();
  }

  @Test
  void anObserverThatGoesAwayIsForgotten() {
    IceClient leaving = lab.client();
    AdminSession session = leaving.adminSession(registry);
    session
        .session()
        .call(
            "setObservers",
            null,
            null,
            null,
            null,
            proxyOf("absent:tcp -h 127.0.0.1 -p " + Ports.free(), "IceGrid.ObjectObserver"));
    theRegistryWorks();
    leaving.close();
  }
}
