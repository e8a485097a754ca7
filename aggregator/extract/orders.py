"""The words between the nursery and its fork server."""

import struct

START = b"S"
KILL = b"K"
READY = b"R"
NUMBER = struct.Struct("!q")
