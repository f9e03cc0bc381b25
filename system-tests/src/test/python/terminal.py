"""Runs a program on a terminal that has no size, and types everything that comes on standard input ahead of it.

What the terminal shows goes to standard output; the status is the program's.
"""

import os
import pty
import sys

typed = sys.stdin.buffer.read()
program, terminal = pty.fork()
if program == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
os.write(terminal, typed)
try:
    while shown := os.read(terminal, 4096):
        sys.stdout.buffer.write(shown)
except OSError:
    pass  # the program has ended
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(program, 0)[1]))
