"""Listeners of components, with what this client's own Slice says of them (Replicas.ice, Streams.ice)."""

import threading

import values


def replica_listener(sink):
    """Remembers the changes of roles that it is told."""

    def recording(operation):
        def method(self, replica, current=None):
            sink.add(operation, [replica], current.ctx)

        return method

    base = values.named("AsteriskSCF.System.Component.V1.ReplicaListener")
    return type("ReplicaListener", (base,), {name: recording(name) for name in ("activated", "onStandby")})()


class Followed:
    """The state that a listener has built from what it was sent; safe to read from any thread."""

    def __init__(self):
        self.lock = threading.Lock()
        self.items = {}
        self.coming = None
        self.seq = 0
        self.snapshots = 0
        self.updates = 0
        self.heartbeats = 0
        self.faults = []

    def begin(self, stream, epoch, seq):
        with self.lock:
            self.coming = {}

    def add(self, items):
        with self.lock:
            if self.coming is None:
                self.faults.append("items outside of a snapshot")
                return
            for item in items:
                self.coming[item.key] = item.payload

    def end(self, seq):
        with self.lock:
            if self.coming is None:
                self.faults.append("the end of no snapshot")
                return
            self.items, self.coming = self.coming, None
            self.seq = seq
            self.snapshots += 1

    def update(self, updates):
        """Returns the sequence number to acknowledge."""
        with self.lock:
            self.heartbeats += not updates
            for update in updates:
                if update.seq != self.seq + 1:
                    self.faults.append("update %d follows %d" % (update.seq, self.seq))
                self.seq = update.seq
                self.updates += 1
                for item in update.set:
                    self.items[item.key] = item.payload
                for key in update.removed:
                    self.items.pop(key, None)
            return self.seq

    def summary(self):
        with self.lock:
            return {
                "items": {key: payload.hex() for key, payload in self.items.items()},
                "seq": self.seq,
                "snapshots": self.snapshots,
                "updates": self.updates,
                "heartbeats": self.heartbeats,
                "faults": list(self.faults),
            }


def state_listener(followed, stream, options, release):
    """Options: instance; acks: says what it has; holds: answers nothing but the snapshot before it is released."""

    class StateListener(values.named("Failover.V1.StateListener")):
        def snapshotBegin(self, name, epoch, seq, current=None):
            followed.begin(name, epoch, seq)

        def snapshotItems(self, items, current=None):
            followed.add(items)

        def snapshotEnd(self, seq, current=None):
            followed.end(seq)
            self.acknowledge(seq)

        def updates(self, updates, current=None):
            if options.get("holds"):
                release.wait()
            seq = followed.update(updates)
            if updates:
                self.acknowledge(seq)

        def acknowledge(self, seq):
            if options.get("acks"):
                stream.ack(options["instance"], seq)

    return StateListener()
