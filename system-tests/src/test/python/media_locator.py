"""A component and its client, with params of their own that the service locator knows nothing of.

    media_locator.py SLICE-DIRECTORY OWN-SLICE-DIRECTORY LOCATOR MANAGEMENT

Registers, checks what is found and prints `checked'; once more for each line of the standard input. What does not hold
ends it with a message and status 1.
"""

import sys

import Ice

slices, own, locator_proxy, management_proxy = sys.argv[1:]
Ice.loadSlice("", ["-I" + Ice.getSliceDir(), "-I" + slices, "--all", own + "/MediaParams.ice"])

import AsteriskSCF.Core.Discovery.V1 as Discovery
import Media


class Compare(Discovery.ServiceLocatorParamsCompare):
    """A service can what is asked for if it has one of the formats."""

    def isSupported(self, params, current):
        return isinstance(params, Media.MediaParams) and bool(set(params.formats) & {"ulaw", "alaw"})


def media(*formats):
    return Media.MediaParams("media", "", "", list(formats))


def check(what, holds):
    if not holds:
        print("does not hold: " + what, flush=True)
        sys.exit(1)


def found(locator, params):
    try:
        return [proxy.ice_getIdentity().name for proxy in locator.locateAll(params)]
    except Discovery.ServiceNotFound:
        return []


def checks(locator):
    check("a format it has", found(locator, media("g722", "ulaw")) == ["bridge", "camera"])
    check("a format it lacks", found(locator, media("g722")) == ["camera"])
    check("a class derived from the registered", found(locator, Media.VideoParams("media", "", "", ["ulaw"], 480)) == ["camera"])
    check("a base of both", found(locator, Discovery.ServiceLocatorParams("media", "", "")) == ["camera"])
    check("one", locator.locate(media("alaw")).ice_getIdentity().name == "bridge")
    check("another category", found(locator, Media.MediaParams("other", "", "", ["ulaw"])) == [])
    print("checked", flush=True)


properties = Ice.createProperties()
properties.setProperty("Ice.Default.Host", "127.0.0.1")
data = Ice.InitializationData()
data.properties = properties
with Ice.initialize(data) as communicator:
    adapter = communicator.createObjectAdapterWithEndpoints("own", "tcp -p 0")
    compare = adapter.add(Compare(), Ice.stringToIdentity("compare"))
    bridge = adapter.add(Compare(), Ice.stringToIdentity("bridge"))
    camera = adapter.add(Compare(), Ice.stringToIdentity("camera"))
    adapter.activate()
    locator = Discovery.ServiceLocatorPrx.checkedCast(communicator.stringToProxy(locator_proxy))
    management = Discovery.ServiceLocatorManagementPrx.checkedCast(communicator.stringToProxy(management_proxy))
    management.addCompare("media", Discovery.ServiceLocatorParamsComparePrx.uncheckedCast(compare))
    service = management.addService(bridge, "bridge.Media")
    service.addLocatorParams(media("ulaw", "alaw"), "media")
    other = management.addService(camera, "camera.Video")
    # Needs no comparator, so it answers whatever it is a case of.
    other.addLocatorParams(Media.VideoParams("media", "", "", ["h264"], 1080), "")
    management.removeCompare("media")
    management.addCompare("media", Discovery.ServiceLocatorParamsComparePrx.uncheckedCast(compare))
    print("ready", flush=True)
    for line in sys.stdin:
        checks(locator)
