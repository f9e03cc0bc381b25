"""Prints what the registry at the port given knows, with ZeroC's Python; a line for each fact."""
import sys

import Ice
import IceGrid

LOCATOR = "IceGrid/Locator:tcp -h 127.0.0.1 -p " + sys.argv[1]

with Ice.initialize(["--Ice.Default.Locator=" + LOCATOR]) as communicator:
    query = IceGrid.QueryPrx.checkedCast(communicator.stringToProxy("IceGrid/Query"))
    for type_id in sys.argv[2].split(","):
        for proxy in query.findAllObjectsByType(type_id):
            print("object %s %s" % (type_id, communicator.identityToString(proxy.ice_getIdentity())))
    registry = IceGrid.RegistryPrx.checkedCast(communicator.stringToProxy("IceGrid/Registry"))
    session = registry.createAdminSession("user", "password")
    admin = session.getAdmin()
    for group in sys.argv[3].split(","):
        for info in admin.getAdapterInfo(group):
            print("adapter %s %s" % (group, info.id))
    for name in admin.getAllApplicationNames():
        print("application %s" % name)
    session.destroy()
