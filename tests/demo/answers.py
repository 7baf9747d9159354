#!/usr/bin/env python3
"""What a pipeline of weir-examples(7) has found, beside what events.py has planted.

usage: answers.py payments LABELS ALARMS
       answers.py readings LABELS ALARMS READINGS

ALARMS are the records that the pipeline has printed; READINGS all that there were, for the rule of three standard
deviations (of a device's first day), which is what one would do without the pipeline.  Prints a table, and ends with 1
when less than 95 % of what was planted was found, less than 95 % of the alarms were right, or the other rule is better.
"""
import json
import statistics
import sys

DAY = 86_400_000


def unusual(record, rule):
    score = record[rule]["score"]
    return score is not None and score > record[rule]["limit"]


def lines(path):
    with open(path) as f:
        return [line.split() for line in f]


def records(path):
    with open(path) as f:
        for line in f:
            yield json.loads(line)


def payments(labels, alarms):
    planted = {key: (kind, case) for key, kind, case in lines(labels)}
    seen = [a["id"] for a in records(alarms)]
    right = [key for key in seen if key in planted]
    found = {planted[key] for key in right}
    print("%-8s %8s %6s" % ("planted", "cases", "found"))
    for kind in sorted({kind for kind, _ in planted.values()}):
        cases = {case for case in planted.values() if case[0] == kind}
        print("%-8s %8d %6d" % (kind, len(cases), len(cases & found)))
    precision, recall = len(right) / max(len(seen), 1), len(found) / len(set(planted.values()))
    print("precision %.3f of %d alarms, recall %.3f" % (precision, len(seen), recall))
    assert len(seen) == len(set(seen)), "an alarm came twice"
    return precision >= 0.95 and recall >= 0.95


def report(name, labels, alarms, end, devices, kinds):
    """ALARMS are (device, ms).  False ones lie before anything was planted in the device; the first day counts not."""
    planted = {device: (kind, int(begin) * 1000) for device, kind, begin, _ in labels}
    clean = devices * 2 - sum((end - begin) / DAY for _, begin in planted.values())
    delay, false = {}, 0
    for device, ms in sorted(alarms, key=lambda a: a[1]):
        kind, begin = planted.get(device, (None, 1 << 60))
        if ms < begin:
            false += 1
        elif kind in kinds:
            delay.setdefault(device, (ms - begin) / 60000)
    for kind in kinds:
        cases = [d for d, (k, _) in planted.items() if k == kind]
        found = sorted(delay[d] for d in cases if d in delay)
        late = "%.0f" % statistics.median(found) if found else "-"
        print("%-10s %-6s %5d %6d %15s %25.4f" % (name, kind, len(cases), len(found), late, false / clean))
        yield len(found) / len(cases), false / clean


def three_sigma(path):
    first, limits = {}, {}
    for r in records(path):
        device, ms, x = r["device"], r["ts"], r["celsius"]
        if device in limits:
            mean, deviation = limits[device]
            if abs(x - mean) > 3 * deviation:
                yield device, ms
            continue
        values = first.setdefault(device, [])
        values.append((ms, x))
        if ms - values[0][0] >= DAY:
            limits[device] = statistics.fmean(v for _, v in values), statistics.stdev(v for _, v in values)


def readings(labels, alarms, everything):
    labels, alarms = lines(labels), list(records(alarms))
    devices = len({r["device"] for r in records(everything)})
    end = max(r["ts"] for r in records(everything))
    print("%-10s %-6s %5s %6s %15s %25s" % ("rule", "kind", "cases", "found", "delay (minutes)", "false alarms/device-day"))
    ours = {}
    for kind in ("spike", "drift", "stuck"):
        mine = [(a["device"], a["ts"]) for a in alarms if unusual(a, kind)]
        ours[kind] = next(report("detect", labels, mine, end, devices, [kind]))
    theirs = list(report("3 sigma", labels, list(three_sigma(everything)), end, devices, ["spike", "drift", "stuck"]))
    false = sum(f for _, f in ours.values())
    print("false alarms of the three rules of detect together: %.4f a device-day" % false)
    return all(recall >= 0.95 for recall, _ in ours.values()) and false < theirs[0][1] / 10


sys.exit(not {"payments": payments, "readings": readings}[sys.argv[1]](*sys.argv[2:]))
