"""A server for nodes to start: it answers questions on every adapter it is configured with, under any identity.

Its properties make it misbehave:
Test.Start=exit N       ends with status N before Ice is there
Test.Start=hang         never gets as far as Ice
Test.Gate=FILE          activates its adapters only when that file is there
Test.Shutdown=hang      never ends after it was shut down
Test.Shutdown=FILE      ends after it was shut down when that file is there
Test.Fork=1             leaves a child process that does nothing
Test.Flood=BYTES        prints that much on standard output and on standard error first
Ends when the process that FIRN_TEST names is gone, whoever else forgets about it.
"""

import os
import resource
import signal
import subprocess
import sys
import threading
import time


def open_files():
    """Descriptors above standard error that are neither sockets nor anonymous: nobody should have left one."""
    names = []
    for number in os.listdir("/proc/self/fd"):
        path = "/proc/self/fd/" + number
        if int(number) > 2 and os.path.lexists(path):
            names.append(os.readlink(path))
    return [name for name in names if name.startswith("/") and not name.startswith("/proc/")]


INHERITED = open_files()  # Ice opens some of its own

import Ice

Ice.loadSlice(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "slice", "Deployed.ice"))
import Deployed

ARGUMENTS = sys.argv[1:]  # Ice takes its own options away


class Server(Deployed.Server):
    def __init__(self, communicator):
        self.communicator = communicator

    def ask(self, what, current=None):
        question, _, rest = what.partition(" ")
        return str(getattr(self, "do_" + question)(rest, current))

    def do_id(self, rest, current):
        return self.communicator.getProperties().getProperty("Ice.Admin.ServerId")

    def do_pid(self, rest, current):
        return os.getpid()

    def do_pgid(self, rest, current):
        return os.getpgid(0)

    def do_pwd(self, rest, current):
        return os.getcwd()

    def do_args(self, rest, current):
        return "\n".join(ARGUMENTS)

    def do_env(self, rest, current):
        return os.environ.get(rest, "<unset>")

    def do_property(self, rest, current):
        return self.communicator.getProperties().getProperty(rest)

    def do_inherited(self, rest, current):
        return "\n".join(INHERITED)

    def do_filelimits(self, rest, current):
        return " ".join(map(str, resource.getrlimit(resource.RLIMIT_NOFILE)))

    def do_print(self, rest, current):
        print(rest, flush=True)
        return ""

    def do_exit(self, rest, current):
        os._exit(int(rest))

    def do_shutdown(self, rest, current):
        self.communicator.shutdown()
        return ""


def await_file(path):
    while not os.path.exists(path):
        time.sleep(0.02)


def end_with(pid):
    while os.path.exists("/proc/" + pid):
        time.sleep(1)
    os._exit(99)


def main():
    if "FIRN_TEST" in os.environ:
        threading.Thread(target=end_with, args=(os.environ["FIRN_TEST"],), daemon=True).start()
    properties = Ice.createProperties(sys.argv)
    start = properties.getProperty("Test.Start")
    if properties.getPropertyAsInt("Test.Fork") > 0:
        subprocess.Popen(["/bin/sleep", "600"], close_fds=False)
    flood = properties.getPropertyAsInt("Test.Flood")
    for stream in (sys.stdout, sys.stderr):
        written = 0
        while written < flood:
            written += stream.write("flood " * 170 + "\n")
        stream.flush()
    if start.startswith("exit"):
        os._exit(int(start.split()[1]))
    if start == "hang":
        threading.Event().wait()

    data = Ice.InitializationData()
    data.properties = properties
    with Ice.initialize(data) as communicator:
        signal.signal(signal.SIGTERM, lambda *_: communicator.shutdown())
        signal.signal(signal.SIGINT, lambda *_: communicator.shutdown())
        if properties.getProperty("Test.Gate"):
            await_file(properties.getProperty("Test.Gate"))
        server = Server(communicator)
        adapters = []
        for name in properties.getPropertiesForPrefix(""):
            if name.endswith(".AdapterId"):
                adapter = communicator.createObjectAdapter(name[: -len(".AdapterId")])
                adapter.addDefaultServant(server, "")
                adapters.append(adapter)
        for adapter in sorted(adapters, key=lambda adapter: adapter.getName()):
            adapter.activate()
        communicator.waitForShutdown()
        hold = properties.getProperty("Test.Shutdown")
        if hold == "hang":
            threading.Event().wait()
        elif hold:
            await_file(hold)


main()
