package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.zeroc.Ice.LocatorPrx;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectPrx;
import dev.firn.wire.IceLocatorDiscovery.LookupPrx;
import dev.firn.wire.IceLocatorDiscovery.LookupReply;
import dev.firn.wire.IceLocatorDiscovery.LookupReplyPrx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DiscoveryServantTest {
  private final TestRegistry registry = TestRegistry.start("--IceGrid.Registry.Trace.Discovery=2");

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void theOwnInstanceAndAnyInstanceAreAnswered() {
    LookupPrx lookup =
        LookupPrx.uncheckedCast(
            registry
                .internal()
                .addWithUUID(
                    new DiscoveryServant("IceGrid", registry::locator, registry.traces())));
    ObjectAdapter adapter =
        registry
            .newClient()
            .createObjectAdapterWithEndpoints(
                "Reply", TestRegistry.endpoint().replace("tcp", "udp"));
    List<String> replies = new CopyOnWriteArrayList<>();
    LookupReply servant =
        (LocatorPrx locator, com.zeroc.Ice.Current current) ->
            replies.add(locator.ice_getIdentity().name);
    ObjectPrx reply = adapter.addWithUUID(servant).ice_datagram();
    adapter.activate();
    LookupReplyPrx datagram =
        LookupReplyPrx.uncheckedCast(TestRegistry.from(registry.communicator(), reply));

    lookup.findLocator("Other", datagram);
    lookup.findLocator("IceGrid", null);
    lookup.findLocator("IceGrid", datagram);
    lookup.findLocator("", datagram);

    Eventually.await("two replies", () -> replies.size() == 2);
    assertThat(replies).containsExactly("Locator", "Locator");
    assertThat(registry.log())
        .filteredOn(line -> line.startsWith("Discovery: "))
        .containsExactly(
            "Discovery: ignored discovery lookup for instance name `Other':\nreply = " + datagram,
            "Discovery: replying to discovery lookup:\nreply = " + datagram,
            "Discovery: replying to discovery lookup:\nreply = " + datagram);
  }
}
