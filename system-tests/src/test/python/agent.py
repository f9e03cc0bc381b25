"""An Ice client and server driven by JSON lines: one request a line in, one answer a line out.

{"id": 7, "do": "call", ...} is answered by {"id": 7, "value": ...} or {"id": 7, "error": {...}}, in the order in
which the work ends: every request has a thread of its own. Ends when its input ends.
"""

import json
import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import Glacier2
import Ice
import IceBox
import IceGrid
import IceMX
import IceStorm

import listeners
import servants
import storms
import values


class Side:
    """One communicator with the adapters, sinks and loops that belong to it."""

    def __init__(self, properties):
        data = Ice.InitializationData()
        data.properties = Ice.createProperties()
        for name, value in properties.items():
            data.properties.setProperty(name, value)
        self.communicator = Ice.initialize(data)
        self.adapters = {}
        self.sinks = {}
        self.received = {}
        self.followed = {}
        self.loops = {}


class Agent:
    def __init__(self):
        self.sides = {}
        self.release = threading.Event()
        self.output = threading.Lock()

    def answer(self, request):
        told = {"id": request["id"]}
        try:
            told["value"] = values.encode(getattr(self, "do_" + request["do"])(request))
        except BaseException as error:  # every failure is the caller's to judge
            told["error"] = values.failure(error)
        with self.output:
            sys.stdout.write(json.dumps(told) + "\n")
            sys.stdout.flush()

    def side(self, request):
        return self.sides[request["side"]]

    def target(self, request):
        return values.proxy(request["target"], self.side(request).communicator)

    def do_open(self, request):
        self.sides[request["side"]] = Side(request["properties"])

    def do_close(self, request):
        side = self.sides.pop(request["side"])
        for loop in side.loops.values():
            loop.stop()
        side.communicator.destroy()

    def do_call(self, request):
        arguments = values.decode(request["args"], self.side(request).communicator)
        if "context" in request:
            arguments.append(request["context"])
        return getattr(self.target(request), request["op"])(*arguments)

    def do_proxy(self, request):
        """Parses, changes and prints a proxy: a chain of [method, arguments...]."""
        made = self.target(request)
        for method, *arguments in request["chain"]:
            made = getattr(made, method)(*values.decode(arguments, self.side(request).communicator))
        return made

    def do_cast(self, request):
        prx = values.named(request["target"]["$type"] + "Prx")
        return prx.checkedCast(self.target(request), *request["args"])

    def do_default_locator(self, request):
        return self.side(request).communicator.getDefaultLocator()

    def do_log_in(self, request):
        """Opens a session with the default router, which is not reached through itself."""
        router = Glacier2.RouterPrx.uncheckedCast(self.side(request).communicator.getDefaultRouter())
        return router.createSession(request["user"], "secret")

    def do_log_in_secure(self, request):
        """The same, for who shows a certificate."""
        router = Glacier2.RouterPrx.uncheckedCast(self.side(request).communicator.getDefaultRouter())
        return router.createSessionFromSecureConnection()

    def do_lose_router(self, request):
        router = self.side(request).communicator.getDefaultRouter()
        router.ice_getConnection().close(Ice.ConnectionClose.Forcefully)

    def do_locator(self, request):
        locator = values.decode(request["value"], self.side(request).communicator)
        self.side(request).communicator.setDefaultLocator(Ice.LocatorPrx.uncheckedCast(locator))

    def do_adapter(self, request):
        side = self.side(request)
        properties = side.communicator.getProperties()
        for name, value in request.get("properties", {}).items():
            properties.setProperty(request["adapter"] + "." + name, value)
        if request.get("bidirectional"):
            side.adapters[request["adapter"]] = side.communicator.createObjectAdapter("")
        else:
            side.adapters[request["adapter"]] = side.communicator.createObjectAdapter(request["adapter"])

    def do_activate(self, request):
        self.side(request).adapters[request["adapter"]].activate()

    def do_deactivate(self, request):
        self.side(request).adapters.pop(request["adapter"]).destroy()

    def do_bind(self, request):
        """Binds an adapter to the connection of a proxy, for callbacks over the client's own connection."""
        self.target(request).ice_getConnection().setAdapter(self.side(request).adapters[request["adapter"]])

    def do_servant(self, request):
        side = self.side(request)
        sink = side.sinks.setdefault(request["identity"], servants.Sink())
        made = servants.make(request["kind"], request.get("options", {}), sink, self.release)
        adapter = side.adapters[request["adapter"]]
        return adapter.add(made, Ice.stringToIdentity(request["identity"]))

    def do_subscriber(self, request):
        side = self.side(request)
        received = side.received.setdefault(request["identity"], storms.Received())
        made = storms.Subscriber(request["options"], received, self.release)
        adapter = side.adapters[request["adapter"]]
        identity = Ice.stringToIdentity(request["identity"])
        if "facet" in request["options"]:
            return adapter.addFacet(made, identity, request["options"]["facet"])
        return adapter.add(made, identity)

    def do_received(self, request):
        return self.side(request).received[request["identity"]].summary(request.get("start", 0))

    def do_follow(self, request):
        """Adds a listener to a stream; again, if it was there before."""
        side = self.side(request)
        options = request["options"]
        stream = self.target(request)
        adapter = side.adapters[request["adapter"]]
        identity = Ice.stringToIdentity(options["instance"])
        followed = side.followed.get(options["instance"])
        if followed is None:
            followed = side.followed[options["instance"]] = listeners.Followed()
            adapter.add(listeners.state_listener(followed, stream, options, self.release), identity)
        listener = values.named("Failover.V1.StateListenerPrx").uncheckedCast(adapter.createProxy(identity))
        stream.addListener(options["instance"], listener, 0, 0)

    def do_followed(self, request):
        return self.side(request).followed[request["instance"]].summary()

    def do_publish(self, request):
        storms.publish(self.target(request), request)

    def do_storm_content(self, request):
        return storms.content(self.target(request))

    def do_many_subscribers(self, request):
        side = self.side(request)
        received = side.received.setdefault("many", storms.Received())
        return storms.receive_all(
            side.communicator, side.adapters[request["adapter"]], request["count"], received
        )

    def do_create_topics(self, request):
        storms.create_topics(self.target(request), request["prefix"], request["count"])

    def do_destroy_all(self, request):
        storms.destroy_all(self.target(request))

    def do_subscribe_many(self, request):
        storms.subscribe_many(self.target(request), self.side(request).communicator, request["proxies"])

    def do_events(self, request):
        return self.side(request).sinks[request["identity"]].read(request.get("start", 0))

    def do_connection(self, request):
        connection = self.target(request).ice_getConnection()
        if request["what"] == "close":
            connection.close(Ice.ConnectionClose.GracefullyWithWait)
            return None
        if request["what"] == "abort":
            connection.close(Ice.ConnectionClose.Forcefully)
            return None
        if request["what"] == "heartbeat":
            connection.setACM(request["timeout"], Ice.ACMClose.CloseOff, Ice.ACMHeartbeat.HeartbeatAlways)
            return None
        return connection.toString()

    def do_loop(self, request):
        side = self.side(request)
        side.loops[request["loop"]] = Loop(
            self.target(request), request["op"], values.decode(request["args"], side.communicator), request.get("keeps")
        )

    def do_loop_state(self, request):
        return self.side(request).loops[request["loop"]].state()

    def do_loop_stop(self, request):
        return self.side(request).loops.pop(request["loop"]).stop()

    def do_slice(self, request):
        Ice.loadSlice("", ["-I/usr/share/ice/slice", request["file"]])

    def do_release(self, request):
        self.release.set()

    def do_crypt(self, request):
        import warnings

        warnings.simplefilter("ignore")
        import crypt

        return crypt.crypt(request["password"], request["salt"])


class Loop:
    """Makes the same call over and over and keeps the count, the errors and the longest time without success.

    One that keeps also has the answers, in order.
    """

    def __init__(self, target, operation, arguments, keeps):
        self.call = getattr(target, operation)
        self.arguments = arguments
        self.keeps = keeps
        self.answers = []
        self.done = threading.Event()
        self.lock = threading.Lock()
        self.count = 0
        self.errors = []
        self.gap = 0.0
        self.last = time.monotonic()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.done.wait(0.005):
            try:
                answer = self.call(*self.arguments)
                error = None
            except Ice.Exception as failed:
                error = values.failure(failed)["type"] + ": " + str(failed)[:200]
            with self.lock:
                now = time.monotonic()
                if error is None:
                    self.count += 1
                    if self.keeps:
                        self.answers.append(answer)
                    self.gap = max(self.gap, now - self.last)
                    self.last = now
                else:
                    self.errors.append(error)

    def state(self):
        with self.lock:
            gap = max(self.gap, time.monotonic() - self.last)
            told = {"count": self.count, "errors": list(self.errors), "gapMillis": int(gap * 1000)}
            if self.keeps:
                told["answers"] = list(self.answers)
            return told

    def stop(self):
        self.done.set()
        self.thread.join(60)
        return self.state()


def main():
    agent = Agent()
    pool = ThreadPoolExecutor(max_workers=64)
    sys.stdout.write('{"ready": "' + Ice.stringVersion() + '"}\n')
    sys.stdout.flush()
    for line in sys.stdin:
        pool.submit(agent.answer, json.loads(line))
    os._exit(0)


main()
