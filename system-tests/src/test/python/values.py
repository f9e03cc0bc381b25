"""Ice values as JSON and back.

What JSON cannot say is tagged: {"$proxy": text}, {"$identity": text}, {"$enum": "Module.Type.name"},
{"$struct": "Module.Type", ...fields}, {"$bytes": hex}. Results use the same tags; structs and exceptions
become plain objects with a "$type".
"""

import IceGrid  # its types are looked up by name
import Glacier2  # likewise
import Ice
import IceStorm  # likewise

MODULES = {"Ice": Ice, "IceGrid": IceGrid, "Glacier2": Glacier2, "IceStorm": IceStorm}


def named(path):
    parts = path.replace("::", ".").strip(".").split(".")
    value = MODULES.get(parts[0]) or __import__(parts[0])
    for part in parts[1:]:
        value = getattr(value, part)
    return value


def decode(value, communicator):
    if isinstance(value, list):
        return [decode(item, communicator) for item in value]
    if not isinstance(value, dict):
        return value
    if "$proxy" in value:
        return proxy(value, communicator)
    if "$identity" in value:
        return Ice.stringToIdentity(value["$identity"])
    if "$enum" in value:
        return named(value["$enum"])
    if "$bytes" in value:
        return bytes.fromhex(value["$bytes"])
    if "$struct" in value:
        made = named(value["$struct"])()
        for name, field in value.items():
            if name != "$struct":
                setattr(made, name, decode(field, communicator))
        return made
    return {key: decode(item, communicator) for key, item in value.items()}


def proxy(value, communicator):
    made = communicator.stringToProxy(value["$proxy"])
    if "$type" in value:
        made = named(value["$type"] + "Prx").uncheckedCast(made)
    return made


def encode(value):
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, Ice.ObjectPrx):
        return {"$proxy": str(value), "$identity": Ice.identityToString(value.ice_getIdentity())}
    if isinstance(value, Ice.Identity):
        return {"$identity": Ice.identityToString(value)}
    if isinstance(value, Ice.EnumBase):
        return value.name
    if isinstance(value, bytes):
        return {"$bytes": value.hex()}
    if isinstance(value, (list, tuple)):
        return [encode(item) for item in value]
    if isinstance(value, dict):
        return {key if isinstance(key, str) else str(key): encode(item) for key, item in value.items()}
    fields = {name: encode(item) for name, item in vars(value).items() if not name.startswith("_")}
    fields["$type"] = type(value).__module__ + "." + type(value).__name__
    return fields


def failure(error):
    if isinstance(error, Ice.Exception):
        told = {name: encode(item) for name, item in vars(error).items() if not name.startswith("_")}
        return {"type": error.ice_id().lstrip(":").replace("::", "."), "text": str(error), "fields": told}
    return {"type": "python." + type(error).__name__, "text": str(error), "fields": {}}
