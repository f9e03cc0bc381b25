"""Servants that the tests host: they answer what they were told to and remember what they were asked."""

import threading

import Glacier2
import Ice
import IceGrid

import listeners

OPERATIONS = {
    "RegistryObserver": ["registryInit", "registryUp", "registryDown"],
    "NodeObserver": ["nodeInit", "nodeUp", "nodeDown", "updateServer", "updateAdapter"],
    "ApplicationObserver": ["applicationInit", "applicationAdded", "applicationRemoved", "applicationUpdated"],
    "AdapterObserver": ["adapterInit", "adapterAdded", "adapterUpdated", "adapterRemoved"],
    "ObjectObserver": ["objectInit", "objectAdded", "objectUpdated", "objectRemoved"],
}


class Sink:
    """What a servant was asked, in order; safe to read from any thread."""

    def __init__(self):
        self.lock = threading.Lock()
        self.events = []

    def add(self, operation, arguments, context):
        with self.lock:
            self.events.append({"op": operation, "args": list(arguments), "context": dict(context or {})})

    def read(self, start):
        with self.lock:
            return self.events[start:]


def observer(name, sink):
    def recording(operation):
        def method(self, *arguments):
            sink.add(operation, arguments[:-1], arguments[-1].ctx)

        return method

    methods = {operation: recording(operation) for operation in OPERATIONS[name]}
    return type("Recording" + name, (getattr(IceGrid, name),), methods)()


class Echo(Ice.Object):
    """Answers ice_ping, and ice_ids with the types it was given."""

    def __init__(self, types):
        self.types = types

    def ice_ids(self, current=None):
        return sorted(set(self.types + ["::Ice::Object"]))

    def ice_id(self, current=None):
        return self.types[0] if self.types else "::Ice::Object"

    def ice_isA(self, type_id, current=None):
        return type_id in self.ice_ids()


class Verifier(Glacier2.PermissionsVerifier):
    """Accepts the users of its table; user "refused" gets a reason, "denied" an exception, "broken" a bug."""

    def __init__(self, users, sink):
        self.users = users
        self.sink = sink

    def checkPermissions(self, user, password, current=None):
        self.sink.add("checkPermissions", [user, password], current.ctx)
        if user == "denied":
            raise Glacier2.PermissionDeniedException("denied by exception")
        if user == "broken":
            raise RuntimeError("a bug of the verifier")
        if user == "refused":
            return False, "refused by answer"
        return self.users.get(user) == password, ""


class SecureVerifier(Glacier2.SSLPermissionsVerifier):
    """Accepts certificates whose text it has seen before, or all; reports what it was shown."""

    def __init__(self, accept, sink):
        self.accept = accept
        self.sink = sink

    def authorize(self, info, current=None):
        shown = {
            "remoteHost": info.remoteHost,
            "remotePort": info.remotePort,
            "localHost": info.localHost,
            "localPort": info.localPort,
            "cipher": info.cipher,
            "certs": list(info.certs),
        }
        self.sink.add("authorize", [shown], current.ctx)
        return (True, "") if self.accept else (False, "certificate not welcome")


class SessionControl(Glacier2.SessionControl):
    """What a Glacier2 router hands to a session manager; has no filters."""

    def __init__(self, timeout, sink):
        self.timeout = timeout
        self.sink = sink

    def getSessionTimeout(self, current=None):
        return self.timeout

    def destroy(self, current=None):
        self.sink.add("destroy", [], current.ctx)

    def categories(self, current=None):
        return None

    adapterIds = identities = categories


class RemoteLogger(Ice.RemoteLogger):
    def __init__(self, sink):
        self.sink = sink

    def init(self, prefix, messages, current=None):
        self.sink.add("init", [prefix, list(messages)], current.ctx)

    def log(self, message, current=None):
        self.sink.add("log", [message], current.ctx)


class Silent(Ice.Blobject):
    """Takes every request and never answers: an observer or verifier that hangs."""

    def __init__(self, release):
        self.release = release

    def ice_invoke(self, input_bytes, current):
        self.release.wait()
        return True, bytes()


def make(kind, options, sink, release):
    if kind in OPERATIONS:
        return observer(kind, sink)
    if kind == "echo":
        return Echo(options.get("types", []))
    if kind == "verifier":
        return Verifier(options.get("users", {}), sink)
    if kind == "secureVerifier":
        return SecureVerifier(options.get("accept", True), sink)
    if kind == "sessionControl":
        return SessionControl(options.get("timeout", 0), sink)
    if kind == "remoteLogger":
        return RemoteLogger(sink)
    if kind == "silent":
        return Silent(release)
    if kind == "replicaListener":
        return listeners.replica_listener(sink)
    if kind == "lookupReply":
        return lookup_reply(sink)
    raise ValueError("no servant of kind " + kind)


def lookup_reply(sink):
    import IceLocatorDiscovery

    class LookupReply(IceLocatorDiscovery.LookupReply):
        def foundLocator(self, proxy, current=None):
            sink.add("foundLocator", [proxy], current.ctx)

    return LookupReply()
