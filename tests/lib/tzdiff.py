#!/usr/bin/env python3
"""tzdiff.py SEED: local times in many zones, mostly around changes of clocks, are for `weir clean --tz` what they are for
Python's zoneinfo."""
import datetime
import json
import random
import subprocess
import sys
import zoneinfo

ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca",
         "America/Sao_Paulo", "Pacific/Apia", "America/St_Johns", "Europe/Dublin", "Antarctica/Troll"]


def times(r, zone):
    found = [datetime.datetime(1950, 1, 1) + datetime.timedelta(minutes=r.randrange(100 * 365 * 1440)) for _ in range(500)]
    at, before = datetime.datetime(2000, 1, 1), None
    while at < datetime.datetime(2030, 1, 1):
        offset = at.replace(tzinfo=zone).utcoffset()
        if before is not None and offset != before:
            found += [at + datetime.timedelta(minutes=m) for m in range(-360, 361, 10)]
        before = offset
        at += datetime.timedelta(hours=6)
    return found


def main():
    r = random.Random(int(sys.argv[1]))
    bad = count = 0
    for name in ZONES:
        zone = zoneinfo.ZoneInfo(name)
        local = times(r, zone)
        lines = "".join(json.dumps({"t": t.isoformat()}) + "\n" for t in local)
        run = subprocess.run(["weir", "clean", "--tz", name, "-e", "time .t rfc3339"], input=lines, capture_output=True,
                             text=True)
        utc = [(t, t.replace(tzinfo=zone).astimezone(datetime.timezone.utc)) for t in local]
        expected = [(t, u) for t, u in utc if u.astimezone(zone).replace(tzinfo=None) == t]  # clocks show it
        seen = run.stdout.splitlines()
        bad += len(seen) != len(expected)
        count += len(seen)
        for (t, u), line in zip(expected, seen):
            if json.loads(line)["t"] != u.strftime("%Y-%m-%dT%H:%M:%SZ"):
                bad += 1
                print(f"{name}: {t} is {u}, not {line}")
    print(f"{count} times, {bad} differ")
    sys.exit(bad > 0)


main()
