"""Registers adapters and objects with the registry at the port given, with ZeroC's Python."""
import sys

import Ice
import IceGrid

LOCATOR = "IceGrid/Locator:tcp -h 127.0.0.1 -p " + sys.argv[1]

with Ice.initialize(["--Ice.Default.Locator=" + LOCATOR]) as communicator:
    proxy = communicator.stringToProxy
    locator_registry = communicator.getDefaultLocator().getRegistry()
    for i in range(3):
        locator_registry.setReplicatedAdapterDirectProxy(
            "member%d" % i, "group", proxy("dummy:tcp -h 127.0.0.1 -p %d" % (19480 + i)))
    locator_registry.setAdapterDirectProxy(
        "solo", proxy("dummy:tcp -h 127.0.0.1 -p 19484 -t 1000 -z:udp -h 127.0.0.1 -p 19485"))
    registry = IceGrid.RegistryPrx.checkedCast(proxy("IceGrid/Registry"))
    session = registry.createAdminSession("user", "password")
    admin = session.getAdmin()
    for i in range(400):
        admin.addObjectWithType(
            proxy("category/object%d -f facet -e 1.0 -o:tcp -h 127.0.0.1 -p 19486" % i),
            "::Demo::Type%d" % (i % 3))
    admin.addObjectWithType(proxy("indirect @ solo"), "")
    admin.addObjectWithType(proxy("umlaut\u00e4 @ group"), "::Demo::Type0")
    session.destroy()
