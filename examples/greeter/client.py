#!/usr/bin/env python3
"""Calls the greeter as often as it is told. Knows nothing but where the registry is."""
import os
import sys

import Ice

Ice.loadSlice(os.path.join(os.path.dirname(os.path.abspath(__file__)), "Greeter.ice"))
import Greetings  # noqa: E402 (made from the Slice file)

with Ice.initialize(sys.argv) as communicator:
    greeter = communicator.stringToProxy("greeter").ice_connectionCached(False).ice_locatorCacheTimeout(0)
    for _ in range(int(sys.argv[1])):
        print(Greetings.GreeterPrx.uncheckedCast(greeter).greet("Python"))
