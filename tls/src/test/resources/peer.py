"""A client or server of ZeroC's run time: peer.py serve|call|tell ENDPOINT [property=value ...]."""

import sys
import threading

import Ice


class Echo(Ice.Blobject):
    def ice_invoke(self, content, current):
        if current.operation == "stop":
            threading.Thread(target=current.adapter.getCommunicator().shutdown).start()
        return True, content


def encapsulated(content):
    size = len(content) + 6
    return size.to_bytes(4, "little") + bytes([1, 1]) + content


def serve(communicator, endpoint):
    adapter = communicator.createObjectAdapterWithEndpoints("Echo", endpoint)
    adapter.add(Echo(), Ice.stringToIdentity("echo"))
    adapter.activate()
    print("READY", adapter.getEndpoints()[0], flush=True)
    communicator.waitForShutdown()


def call(communicator, endpoint):
    echo = communicator.stringToProxy("echo:" + endpoint)
    for size in (0, 100, 16384, 1000000, 20000000):
        content = encapsulated(bytes(i % 251 for i in range(min(size, 1000))) * (size // 1000 or 1))
        ok, result = echo.ice_invoke("echo", Ice.OperationMode.Normal, content)
        assert ok and bytes(result) == content, size
    info = echo.ice_getConnection().getInfo()
    if isinstance(info, Ice.WSConnectionInfo):
        info = info.underlying
    assert len(info.certs) > 0 and info.cipher, info
    echo.ice_getConnection().close(Ice.ConnectionClose.GracefullyWithWait)
    echo.ice_invoke("echo", Ice.OperationMode.Normal, encapsulated(b""))
    print("OK", info.cipher, len(info.certs))


def tell(communicator, endpoint):
    """Passes proxies as parameters, one for each line of the input."""
    registry = communicator.stringToProxy("echo:" + endpoint)
    registry = Ice.LocatorRegistryPrx.uncheckedCast(registry)
    for line in sys.stdin:
        registry.setAdapterDirectProxy("a", communicator.stringToProxy(line.strip()))
    print("OK")


properties = Ice.createProperties()
properties.setProperty("Ice.Plugin.IceSSL", "IceSSL:createIceSSL")
properties.setProperty("Ice.MessageSizeMax", "30000")
for setting in sys.argv[3:]:
    name, value = setting.split("=", 1)
    properties.setProperty(name, value)
data = Ice.InitializationData()
data.properties = properties
with Ice.initialize(data) as communicator:
    {"serve": serve, "call": call, "tell": tell}[sys.argv[1]](communicator, sys.argv[2])
