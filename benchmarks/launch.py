"""Runs one command, and prints what it took as JSON: `launch.py COMMAND…`.

It stands between the benchmark and the measured process because Linux counts the peak memory of
the process that starts another into the one started; this one is small.
"""

import json
import os
import resource
import sys
import time


def main() -> int:
    begun = time.perf_counter()
    # The command's own output goes elsewhere: ours is the measurement alone.
    quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    process = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=quiet)
    _, status = os.waitpid(process, 0)
    seconds = time.perf_counter() - begun
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    bytes_a_unit = 1 if sys.platform == "darwin" else 1024
    measured = {
        "seconds": seconds,
        "cpu_seconds": used.ru_utime + used.ru_stime,
        "peak_mb": used.ru_maxrss * bytes_a_unit / 2**20,
    }
    print(json.dumps(measured))
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main())
