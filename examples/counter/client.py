#!/usr/bin/env python3
"""Counts as often as it is told: client.py SLICES LOCATOR TIMES. Knows nothing but where the service locator is."""
import os
import sys
import time

import Ice

here = os.path.dirname(os.path.abspath(__file__))
Ice.loadSlice("", ["--all", "-I" + Ice.getSliceDir(), "-I" + sys.argv[1],
                   os.path.join(sys.argv[1], "Discovery.ice"), os.path.join(here, "Counter.ice")])
from AsteriskSCF.Core.Discovery.V1 import ServiceLocatorParams, ServiceLocatorPrx, ServiceNotFound  # noqa: E402
from Firn.Example import CounterPrx  # noqa: E402 (made from the Slice files)


def increment(locator):
    """Counts once, however often the active instance changes meanwhile."""
    while True:
        try:
            found = locator.locate(ServiceLocatorParams("Counter", "", ""))
            return CounterPrx.uncheckedCast(found).ice_invocationTimeout(5000).increment()
        except (ServiceNotFound, Ice.ObjectNotExistException, Ice.ConnectFailedException):
            # Nobody has counted: find the active instance, and ask that one.
            time.sleep(0.05)
        except (Ice.ConnectionLostException, Ice.UnknownException):
            # It was counted or it was not. Counting again could be once too often.
            return "?"


with Ice.initialize(sys.argv) as communicator:
    service = ServiceLocatorPrx.uncheckedCast(communicator.stringToProxy(sys.argv[2]))
    for _ in range(int(sys.argv[3])):
        print(increment(service), flush=True)
