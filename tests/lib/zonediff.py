#!/usr/bin/env python3
"""zonediff.py SEED: windows of aggregate with --tz beside those that Python's zoneinfo gives, around changes of clocks."""
import datetime
import json
import random
import subprocess
import sys
from zoneinfo import ZoneInfo

UTC = datetime.timezone.utc
# Around the changes of a year, and days without one.
ZONES = {"Europe/Berlin": ["2026-03-29", "2026-10-25", "2026-07-01"], "America/New_York": ["2026-03-08", "2026-11-01"],
         "Asia/Kolkata": ["2026-01-01"], "Australia/Adelaide": ["2026-04-05", "2026-10-04"], "America/Havana": ["2026-11-01"]}


def windows(records, size, zone, options=()):
    text = "".join(json.dumps({"t": t}) + "\n" for t in records)
    out = subprocess.run(["weir", "aggregate", "--tz", zone, "--window", size, "--time", ".t", *options, "count"],
                         input=text, capture_output=True, check=True, text=True).stdout
    return [(r["window_start"], r["window_end"], r["count"]) for r in map(json.loads, out.splitlines())]


def iso(t):
    return t.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def day_start(day, zone):
    # fold=0 is the first of two midnights; none of these zones skips one
    return datetime.datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone), fold=0)


def expected_days(records, zone):
    found = {}
    for t in records:
        day = datetime.datetime.fromisoformat(t).astimezone(ZoneInfo(zone)).date()
        found[day] = found.get(day, 0) + 1
    return [(iso(day_start(d, zone)), iso(day_start(d + datetime.timedelta(days=1), zone)), n) for d, n in sorted(found.items())]


def expected_hours(records, zone, minutes):
    # equally long, and moved by what the zone is beside full hours
    found = {}
    size = minutes * 60
    for t in records:
        moment = datetime.datetime.fromisoformat(t)
        offset = int(moment.astimezone(ZoneInfo(zone)).utcoffset().total_seconds())
        at = int(moment.timestamp())
        start = (at + offset % size) // size * size - offset % size
        found[start] = found.get(start, 0) + 1
    moments = {s: datetime.datetime.fromtimestamp(s, UTC) for s in found}
    return [(iso(moments[s]), iso(moments[s] + datetime.timedelta(seconds=size)), found[s]) for s in sorted(found)]


def check(what, ours, theirs):
    if ours != theirs:
        wrong = [p for p in zip(ours, theirs) if p[0] != p[1]][:3]
        sys.exit(f"{what}: {len(ours)} windows, not {len(theirs)}: {wrong}")


def main():
    r = random.Random(int(sys.argv[1]))
    for zone, days in ZONES.items():
        for day in days:
            middle = datetime.datetime.fromisoformat(day).replace(tzinfo=UTC)
            records = [(middle + datetime.timedelta(seconds=r.randrange(-3 * 86400, 4 * 86400))).isoformat() for _ in range(800)]
            check(f"{zone} {day}", windows(records, "tumbling 1d", zone), expected_days(records, zone))
            for minutes in (15, 60):
                check(f"{zone} {day} {minutes}m", windows(records, f"tumbling {minutes}m", zone),
                      expected_hours(records, zone, minutes))
            records.sort()
            check(f"{zone} {day} closed", windows(records, "tumbling 1d", zone, ["--lateness", "0s"]), expected_days(records, zone))


main()
