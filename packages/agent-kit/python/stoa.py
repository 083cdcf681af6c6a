"""What an agent in a container speaks with its node: JSON on lines of the standard streams."""

import json
import sys


class Refused(Exception):
    """A call that was refused, with the reason: not granted, over its budget, or failed outside."""


class Context:
    """What `run` is given beside its input."""

    def __init__(self, read, write):
        self._read = read
        self._write = write

    def log(self, *parts):
        """Writes a line to the log, which the task's requester reads."""
        print(*parts, file=sys.stderr, flush=True)

    def progress(self, fraction, text=""):
        """Tells how far the work is, from 0 to 1."""
        self._write({"progress": fraction, "text": text})

    def call(self, method, params=None):
        """Calls a granted capability, such as `kv.get`, and gives its reply; raises Refused."""
        self._write({"call": method, "params": params})
        answer = self._read()
        if "refused" in answer:
            raise Refused(answer["refused"])
        return answer["reply"]


def serve(run):
    """Runs one execution: reads the input, calls `run(input, context)`, writes what it returned."""
    lines, output = sys.stdin, sys.stdout
    # What the agent prints is log: standard output is spoken to the node.
    sys.stdout = sys.stderr

    def read():
        return json.loads(lines.readline())

    def write(message):
        output.write(json.dumps(message) + "\n")
        output.flush()

    write({"output": run(read(), Context(read, write))})
