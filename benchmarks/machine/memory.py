"""Memory: what a process of a benchmark takes at most."""

from pathlib import Path


def peak_mib() -> float:
    """The highest memory of this process: what ``getrusage`` tells may be its parent's."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    [peak] = [int(line.split()[1]) for line in lines if line.startswith("VmHWM")]
    return peak / 1024
