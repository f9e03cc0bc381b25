"""Publishers and subscribers of a storm: numbered events, sent and received as bytes.

The parameter of an event is an encapsulation with its number (an int) and as many bytes of padding as asked for.
"""

import struct
import threading
import time

import Ice
import IceStorm

HEADER = 6


def event(number, padding=0, encoding=(1, 1)):
    body = struct.pack("<i", number) + bytes(padding)
    return struct.pack("<iBB", HEADER + len(body), *encoding) + body


def number_of(data):
    return struct.unpack_from("<i", data, HEADER)[0] if len(data) >= HEADER + 4 else None


def publish(proxy, request):
    """Publishes count events from first on, one call after the other; a batch proxy is flushed at the end."""
    mode = getattr(Ice.OperationMode, request.get("mode", "Normal"))
    context = request.get("context", {})
    encoding = tuple(request.get("encoding", (1, 1)))
    first = request.get("first", 0)
    every = request.get("everyMillis", 0) / 1000
    waiter = threading.Event()
    for number in range(first, first + request.get("count", 1)):
        proxy.ice_invoke(request["op"], mode, event(number, request.get("padding", 0), encoding), context)
        if every:
            waiter.wait(every)
    proxy.ice_flushBatchRequests()


class Received:
    """What a subscriber was sent, in order of dispatch; safe to read from any thread."""

    def __init__(self):
        self.lock = threading.Lock()
        self.numbers = []
        self.details = []
        self.connections = set()
        self.transports = set()
        self.oneway = 0
        self.sizes = set()

    def add(self, data, current):
        connection = current.con
        transport = connection.type() if connection else "none"
        with self.lock:
            self.numbers.append(number_of(data))
            if len(self.details) < 200:
                self.details.append(
                    {
                        "op": current.operation,
                        "mode": current.mode.name,
                        "context": dict(current.ctx),
                        "facet": current.facet,
                        "identity": Ice.identityToString(current.id),
                        "data": data.hex() if len(data) < 100 else "",
                    }
                )
            if current.requestId == 0:
                self.oneway += 1
            self.transports.add(transport)
            if connection:
                self.connections.add(connection.toString())
            self.sizes.add(len(data))

    def summary(self, start):
        with self.lock:
            return {
                "count": len(self.numbers),
                "numbers": self.numbers[start:],
                "details": self.details,
                "oneway": self.oneway,
                "transports": sorted(self.transports),
                "connections": len(self.connections),
                "sizes": sorted(self.sizes),
            }


class Subscriber(Ice.Blobject):
    """Receives anything. Options: delayMillis, holdFirst (until released), closeEvery, raises."""

    def __init__(self, options, received, release):
        self.options = options
        self.received = received
        self.release = release
        self.lock = threading.Lock()
        self.calls = 0

    def ice_invoke(self, data, current):
        if current.operation == "ice_isA" and not self.options.get("untyped"):
            return True, struct.pack("<iBBB", HEADER + 1, 1, 1, 1)
        self.received.add(data, current)
        with self.lock:
            self.calls += 1
            calls = self.calls
        if self.options.get("holds"):
            self.release.wait()
        delay = self.options.get("delayMillis", 0)
        if delay:
            time.sleep(delay / 1000)
        if self.options.get("closeEvery") and calls % self.options["closeEvery"] == 0:
            current.con.close(Ice.ConnectionClose.Forcefully)
        raised = self.options.get("raises", "")
        if raised == "user":
            return False, struct.pack("<iBB", HEADER + 0, 1, 1)
        if raised:
            raise getattr(Ice, raised)()
        return True, struct.pack("<iBB", HEADER, 1, 1)


def content(manager):
    """Topics with the identities of their subscribers (links included, sorted) and their links with cost."""
    told = {}
    for name, topic in manager.retrieveAll().items():
        topic = IceStorm.TopicPrx.uncheckedCast(same_place(topic, manager))
        try:
            links = {link.name: link.cost for link in topic.getLinkInfoSeq()}
            ids = sorted(Ice.identityToString(subscriber) for subscriber in topic.getSubscribers())
        except Ice.ObjectNotExistException:
            continue  # destroyed meanwhile
        told[name] = {"subscribers": ids, "links": links}
    return told


def same_place(topic, manager):
    """The topic at the endpoints of exactly this manager."""
    return manager.ice_identity(topic.ice_getIdentity())


def receive_all(communicator, adapter, count, received):
    """Adds one servant for all identities of the category "many" and returns its proxies' prefix."""

    class Locator(Ice.ServantLocator):
        def __init__(self):
            self.servant = Subscriber({}, received, threading.Event())

        def locate(self, current):
            return self.servant, None

        def finished(self, current, servant, cookie):
            pass

        def deactivate(self, category):
            pass

    adapter.addServantLocator(Locator(), "many")
    return [str(adapter.createProxy(Ice.Identity("s%d" % i, "many"))) for i in range(count)]


def create_topics(manager, prefix, count):
    """Creates topics with as many calls under way as a pool allows."""
    pending = []
    for i in range(count):
        pending.append(manager.createAsync("%s%d" % (prefix, i)))
        if len(pending) >= 64:
            pending.pop(0).result()
    for future in pending:
        future.result()


def destroy_all(manager):
    for topic in manager.retrieveAll().values():
        try:
            IceStorm.TopicPrx.uncheckedCast(topic).destroy()
        except Ice.ObjectNotExistException:
            pass


def subscribe_many(topic, communicator, proxies):
    pending = []
    for text in proxies:
        pending.append(topic.subscribeAndGetPublisherAsync({}, communicator.stringToProxy(text)))
        if len(pending) >= 64:
            pending.pop(0).result()
    for future in pending:
        future.result()
