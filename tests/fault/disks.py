"""Cases of the fault matrix: disks that are full, directories that may not be written any more."""

import errno
import os
import signal
import subprocess
import time

from actors import Failure, call, until


def small_disk(case, size="16m"):
    """The lake is on a file system of its own, which is gone with the mount namespace of the matrix."""
    disk = case.directory / "disk"
    disk.mkdir()
    call("mount", "-t", "tmpfs", "-o", f"size={size},nr_inodes=4000,mode=755", "tmpfs", disk)
    case.cleanups.append(lambda: call("umount", "-l", disk))
    case.lake = disk / "lake"
    return disk


def fill(disk, what):
    """Take all space, or all inodes."""
    try:
        if what == "inodes":
            for i in range(5000):
                (disk / f"fill-{i}").touch()
        else:
            with open(disk / "fill", "ab", buffering=0) as out:
                for size in (65536, 4096, 1):
                    try:
                        while True:
                            out.write(b"." * size)
                    except OSError as error:
                        if error.errno != errno.ENOSPC:
                            raise
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise


def free(disk):
    for path in disk.glob("fill*"):
        path.unlink()


def full_at(case, point, what):
    """The disk fills up while lake-put is stopped at this point, and stays full until its next run has failed, too."""
    disk = small_disk(case)
    case.create()
    case.produce()
    s = case.supervise(kills=[{"lake-put": f"stop {point}:2"}])
    until("the stop", lambda: s.pipeline.stopped("lake-put"), 30)
    fill(disk, what)
    s.signal(signal.SIGCONT, "lake-put")
    until("failures", lambda: s.runs > 2, 30)
    free(disk)
    return case.settle()


def full_at_random(case, what):
    disk = small_disk(case)
    case.create()
    case.produce()
    case.supervise()
    for _ in range(4):
        time.sleep(case.random.uniform(0.3, 2))
        fill(disk, what)
        time.sleep(case.random.uniform(0.3, 2))
        free(disk)
    return case.settle()


def set_mode(case, mode):
    for directory, _, _ in os.walk(case.lake):
        os.chmod(directory, mode)


def read_only_at(case, point):
    """The table's directories become read-only while lake-put is stopped at this point: 78; once they are writable, it continues."""
    if os.geteuid() == 0:  # run as a user for whom permissions are checked
        drop = "-dac_override,-dac_read_search"
        case.before_sink = ["setpriv", f"--bounding-set={drop}", f"--inh-caps={drop}", "--"]
    case.create()
    case.produce()
    s = case.supervise(kills=[{"lake-put": f"stop {point}:2"}])
    until("the stop", lambda: s.pipeline.stopped("lake-put"), 30)
    set_mode(case, 0o555)
    s.signal(signal.SIGCONT, "lake-put")
    # a lake-put that ends before it says hello is missed after --sink-timeout (30 s) only, if split has not written yet
    until("the end of the pipeline", lambda: not s.thread.is_alive(), 75)
    set_mode(case, 0o755)
    if s.status != 78:
        raise Failure(f"ends with {s.status}, not 78: {s.state()}")
    case.retire(s)
    case.supervise("b")
    return case.settle()


NAMESPACE = ["unshare", "-m" if os.geteuid() == 0 else "-rm"]
MOUNTING = (full_at, full_at_random)


def can_mount():
    command = [*NAMESPACE, "mount", "-t", "tmpfs", "tmpfs", "/tmp"]
    return subprocess.call(command, stderr=subprocess.DEVNULL) == 0


STEPS = """stage-announced stage-created stage-written stage-sealed staged before-commit before-link committed
before-publish after-publish published before-ack""".split()


def cases():
    for what in ("space", "inodes"):
        for point in STEPS:
            yield f"no {what} left, from {point} on", full_at, (point, what)
        yield f"no {what} left, random times", full_at_random, (what,)
    for point in STEPS:
        yield f"lake read-only, from {point} on", read_only_at, (point,)
