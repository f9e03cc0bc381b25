"""Writes what ZeroC's registry makes of the descriptors of the corpus, as NAME.expected.

usage: expected.py DIRECTORY LOCATOR CONFIG [NODE-DATA-DIRECTORY]

CONFIG is a configuration for icegridadmin. With the data directory of a running node, what the
registry loads on that node is written as NAME.loaded instead.
"""

import json
import os
import re
import subprocess
import sys
import time

import Ice
import IceGrid


def dump(lines, path, value):
    if value is None:
        lines.append(path + " = null")
    elif isinstance(value, (str, bool, int)):
        lines.append(path + " = " + json.dumps(value, ensure_ascii=False))
    elif isinstance(value, (list, tuple)):
        if not value:
            lines.append(path + " = []")
        for i, element in enumerate(value):
            dump(lines, "%s[%d]" % (path, i), element)
    elif isinstance(value, dict):
        if not value:
            lines.append(path + " = {}")
        for key in sorted(value):
            dump(lines, "%s{%s}" % (path, key), value[key])
    else:
        if isinstance(value, Ice.Value):
            lines.append(path + " : " + value.ice_staticId())
        for name in sorted(vars(value)):
            if not name.startswith("_"):
                dump(lines, path + "." + name, getattr(value, name))


def arguments(file):
    with open(file, encoding="utf-8") as xml:
        found = re.search(r"<!-- arguments: (.*?) -->", xml.read(), re.S)
    return found.group(1) if found else ""


def admin_command(config, command):
    return subprocess.run(
        ["icegridadmin", "--Ice.Config=" + config, "-e", command],
        capture_output=True, text=True, timeout=60)


def servers_of(admin, application):
    found = []
    for server in admin.getAllServerIds():
        info = admin.getServerInfo(server)
        if info.application == application:
            found.append(info)
    return sorted(found, key=lambda info: info.descriptor.id)


def node_info(admin):
    for _ in range(100):
        try:
            return admin.getNodeInfo("n")
        except IceGrid.NodeUnreachableException:
            time.sleep(0.2)
    raise SystemExit("node n is not there")


def main(directory, locator, config, data=None):
    communicator = Ice.initialize(["--Ice.Default.Locator=" + locator])
    registry = IceGrid.RegistryPrx.checkedCast(communicator.stringToProxy("Ref/Registry"))
    session = registry.createAdminSession("u", "p")
    admin = session.getAdmin()
    for name in sorted(os.listdir(directory)):
        if not name.endswith(".xml"):
            continue
        file = os.path.join(directory, name)
        for application in admin.getAllApplicationNames():
            admin.removeApplication(application)
        added = admin_command(config, "application add -n '%s' %s" % (file, arguments(file)))
        lines = []
        if added.stderr:
            print(name, added.stderr)
            continue
        application = [a for a in admin.getAllApplicationNames()][0]
        if data is None:
            dump(lines, "application", admin.getApplicationInfo(application).descriptor)
            for info in servers_of(admin, application):
                dump(lines, "server{%s}@%s" % (info.descriptor.id, info.node), info.descriptor)
        else:
            info = node_info(admin)
            lines += ["node.%s = %s" % (k, json.dumps(getattr(info, k))) for k in
                      ("os", "hostname", "release", "version", "machine", "dataDir")]
            for info in servers_of(admin, application):
                if info.node != "n":
                    continue
                dump(lines, "server{%s}@%s" % (info.descriptor.id, info.node), info.descriptor)
                path = os.path.join(data, "servers", info.descriptor.id, "config")
                for f in sorted(os.listdir(path)):
                    with open(os.path.join(path, f), encoding="utf-8") as content:
                        for line in content.read().split("\n"):
                            lines.append("file{%s/%s} %s" % (info.descriptor.id, f, line))
        if not data or any(line.startswith("server") for line in lines):
            ending = ".loaded" if data else ".expected"
            with open(file[:-4] + ending, "w", encoding="utf-8") as out:
                out.write("\n".join(lines) + "\n")
    communicator.destroy()


main(*sys.argv[1:])
