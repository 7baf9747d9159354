#!/usr/bin/env python3
"""windows.py events N | cuts WEIR | crashes AGGREGATE: that neither batches nor crashes have an effect on windows.

events prints N records in nearly ascending order of time.  cuts runs `weir aggregate` over one stream that is cut into
batches in many ways, by the times of events alone: where windows close at marks, batches show.  crashes kills AGGREGATE, built with KILL=1, at each point and each time that it comes there, goes
on from what had been passed on, and compares all that was passed on with an uninterrupted run.
"""
import json
import os
import random
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
QUERIES = [
    ["--window", "tumbling 20s", "--lateness", "3s"],
    ["--window", "sliding 40s 10s", "--lateness", "3s"],
    ["--window", "session 5s", "--lateness", "0s"],
]
METRICS = "--time .t -g .k count sum(.x) var(.x) quantile(.x,0.5) distinct(.x) top(.x,2) first(.x) last(.x)".split()
HEALTHY = 0, 1  # 1: late records were left out
POINTS = "state-before-head state-before-sync state-before-rename state-after-rename state-after-sync before-mark after-mark".split()


def events(n, seed=1):
    r = random.Random(seed)
    t = 1_000_000_000.0
    for _ in range(n):
        t += r.choice([0, 0.2, 0.5, 1, 9]) * r.random()
        x = r.choice([r.randrange(50), r.randrange(1000) / 8, None])
        yield json.dumps({"t": round(t - r.random() ** 4 * 6, 3), "k": r.choice("abcde"), "x": x}, separators=(",", ":"))


def source_time(lines):
    """What the source says after these, sometimes: that a partition is no further than a while ago."""
    newest = max(json.loads(line)["t"] for line in lines)
    return f" wm={int(newest * 1000) - 9000} slow=0" if len(lines) % 3 else ""


def stream(lines, cuts, start=0):
    """The marked stream of LINES from offset START on, cut at the offsets CUTS."""
    script = ["S", f"R 0 0:{'-' if not start else start}:{start}"]
    at, batch = start, 0
    for cut in [c for c in cuts if c > start] + [len(lines)]:
        batch += 1
        script += lines[at:cut] + [f"B {batch} 0:{at}:{cut}{source_time(lines[:cut])}"]
        at = cut
    script.append(f"F {batch}")
    text = "\n".join(script) + "\n"
    return subprocess.run([sys.executable, HERE + "/marks.py"], input=text.encode(), stdout=subprocess.PIPE, check=True).stdout


def run(command, data, **env):
    p = subprocess.run(command, input=data, capture_output=True, env={**os.environ, **env})
    return p.returncode, p.stdout, p.stderr.decode()


def passed_on(out):
    """The rows before the last B, and the offset after it; None: there was nothing."""
    rows, done, offset = [], [], None
    for line in out.split(b"\n")[:-1]:
        if not line.startswith(b"\x17"):
            rows.append(line)
            continue
        mark = json.loads(line[1:])
        if mark["k"] == "B":
            done += rows
            offset = mark["off"]["t"]["0"][1]
        if mark["k"] in "BF":
            rows = []
    return done, offset


def check(what, is_, wanted):
    if is_ != wanted:
        first = next((i for i, (a, b) in enumerate(zip(is_, wanted)) if a != b), min(len(is_), len(wanted)))
        sys.exit(f"{what}: {len(is_)} rows, not {len(wanted)}; row {first}: {is_[first:first + 1]}, not {wanted[first:first + 1]}")


def cuts(weir):
    for seed in range(6):
        lines = list(events(600, seed))
        r = random.Random(seed)
        for query in QUERIES:
            command = [weir, "aggregate", *query, "--state", "none", "--watermark", "event", *METRICS]
            status, out, err = run(command, "\n".join(lines).encode())
            assert status in HEALTHY, err
            wanted = out.split(b"\n")[:-1]
            assert len(wanted) > 50
            for n in (0, 1, 5, 50, 599):
                status, out, err = run(command, stream(lines, sorted(r.sample(range(1, 600), n))))
                assert status in HEALTHY, err
                rows = [line for line in out.split(b"\n")[:-1] if not line.startswith(b"\x17")]
                check(f"{query}, {n} cuts", rows, wanted)


def crash(program, query, lines, where, point, nth, wanted):
    """Kill at the NTH time that the program comes to POINT; each run continues from what was passed on."""
    with tempfile.TemporaryDirectory() as directory:
        command = [program, *query, "--state", directory + "/state", *METRICS]
        rows, start, died = [], 0, False
        env = {"WEIR_KILL_AT": f"{point}:{nth}"}
        for _ in range(5):
            status, out, err = run(command, stream(lines, where, start), **env)
            done, offset = passed_on(out)
            rows += done
            start = start if offset is None else offset
            if status in HEALTHY:
                break
            assert status == -9, f"{point}:{nth}: {status} {err}"
            died, env = True, {}
        check(f"{query}, {point}:{nth}", rows, wanted)
        return died


def crashes(program):
    lines = list(events(120, 7))
    where = [10, 30, 31, 70, 100]
    for query in QUERIES:
        with tempfile.TemporaryDirectory() as directory:
            status, out, err = run([program, *query, "--state", directory + "/state", *METRICS], stream(lines, where))
            assert status in HEALTHY, err
        wanted, _ = passed_on(out)
        assert len(wanted) > 15, len(wanted)
        for point in POINTS:
            deaths = 0
            for nth in range(1, 12):
                if not crash(program, query, lines, where, point, nth, wanted):
                    break
                deaths += 1
            assert deaths > 1, f"{point} was passed {deaths} times only"


if __name__ == "__main__":
    if sys.argv[1] == "events":
        print("\n".join(events(int(sys.argv[2]))))
    else:
        {"cuts": cuts, "crashes": crashes}[sys.argv[1]](sys.argv[2])
