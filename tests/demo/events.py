#!/usr/bin/env python3
"""Events with known answers, for the examples of weir-examples(7): the same for the same seed.

usage: events.py payments|readings|clicks SEED LABELS [SIZE]

Writes `KEY<TAB>JSON` lines in the order of time, as `weir produce -K '\\t'` takes them, and to the file LABELS what is
known about them, which no event says:

    payments  of SIZE cards (1000), 60 each in 30 days.  Planted in the last 15: bursts (6 to 10 payments within half a
              minute), a country where the card has never been, an amount 20 to 60 times as high as is usual.
              LABELS: ID KIND CASE, a line for each planted payment.
    readings  of SIZE devices (1000), one in 10 minutes for 3 days.  Planted in the last two, one at most for each device:
              spikes, drifts, values that get stuck.  LABELS: DEVICE KIND BEGIN END, times in seconds.
    clicks    of SIZE users (500) in an hour: sessions of page views, searches, carts and purchases, half an hour apart
              or more.  LABELS: SESSION USER EVENTS FURTHEST (view, cart or buy).
"""
import json
import random
import sys

BEGIN = 1740787200  # 2025-03-01T00:00:00Z


def write(events):
    """Events are (time in ms, key, members); IDs are given in the order of time."""
    for ms, key, members in sorted(events, key=lambda e: e[:2]):
        sys.stdout.write("%s\t%s\n" % (key, json.dumps({"ts": ms, **members})))


def payments(rng, labels, cards):
    days, number, planted = 30, 0, {}
    events = []

    def pay(ms, card, amount, country, kind=None, case=None):
        nonlocal number
        number += 1
        key = "p%07d" % (number * 7919 % 9999991)  # an order that gives nothing away
        if kind:
            planted[key] = (kind, case)
        events.append((ms, card, {"id": key, "card": card, "amount": round(amount, 2), "country": country}))

    countries = ["DE", "FR", "PL", "NL", "IT", "ES", "AT", "CZ", "DK", "SE"]
    for i in range(cards):
        card, usual = "c%05d" % i, rng.lognormvariate(3.3, 0.5)
        homes = rng.sample(countries, 2) if rng.random() < 0.2 else [rng.choice(countries)]
        for n in range(60):
            at = (BEGIN + (n + rng.random()) * days * 86400 / 60) * 1000
            home = homes[-1] if rng.random() < 0.4 else homes[0]
            pay(int(at), card, usual * rng.lognormvariate(0, 0.4), home)
        if rng.random() >= 0.15:
            continue
        at = int((BEGIN + rng.uniform(15.5, 29.5) * 86400) * 1000)
        kind, case = rng.choice(["burst", "country", "amount"]), "%s-%d" % (card, at)
        if kind == "burst":
            for _ in range(rng.randrange(6, 11)):
                pay(at + rng.randrange(30000), card, usual * rng.lognormvariate(0, 0.4), homes[0], kind, case)
        elif kind == "country":
            abroad = rng.choice([c for c in countries if c not in homes])
            pay(at, card, usual * rng.lognormvariate(0, 0.4), abroad, kind, case)
        else:
            pay(at, card, usual * rng.uniform(20, 60), homes[0], kind, case)
    for key, (kind, case) in sorted(planted.items()):
        labels.write("%s %s %s\n" % (key, kind, case))
    write(events)


def readings(rng, labels, devices):
    step, count, day = 600, 3 * 144, 144
    events = []
    for i in range(devices):
        device, level, noise = "d%04d" % i, rng.uniform(10, 40), rng.uniform(0.2, 0.6)
        values = [level + rng.gauss(0, noise) for _ in range(count)]
        kind = rng.choices(["", "spike", "drift", "stuck"], [70, 10, 10, 10])[0]
        begin = rng.randrange(day, count - day)
        end = begin + {"": 0, "spike": 1, "drift": 72, "stuck": 18}[kind]
        for n in range(begin, end):
            if kind == "spike":
                values[n] += rng.choice([-1, 1]) * noise * rng.uniform(10, 30)
            elif kind == "drift":
                values[n] += noise * 4 * (n - begin) / (end - begin)
            else:
                values[n] = values[begin]
        if kind:
            labels.write("%s %s %d %d\n" % (device, kind, BEGIN + begin * step, BEGIN + end * step))
        phase = rng.randrange(step * 1000)
        for n, v in enumerate(values):
            at = (BEGIN + n * step) * 1000 + phase
            events.append((at, device, {"device": device, "celsius": round(v, 3)}))
    write(events)


def clicks(rng, labels, users):
    pages = ["/item/%d" % i for i in range(200)]
    weights = [1 / (i + 1) for i in range(200)]
    events, session = [], 0
    for i in range(users):
        user, at = "u%04d" % i, BEGIN + rng.uniform(0, 1800)
        while at < BEGIN + 3600 * 3:
            session, first, furthest = session + 1, len(events), "view"
            for _ in range(rng.randrange(1, 12)):
                search = rng.random() < 0.2
                page = rng.choices(pages, weights)[0]
                members = {"user": user, "action": "search" if search else "view", "page": "/search" if search else page}
                events.append((int(at * 1000), user, members))
                at += rng.expovariate(1 / 25) + 0.5
            if rng.random() < 0.3:
                furthest = "cart"
                events.append((int(at * 1000), user, {"user": user, "action": "cart", "page": page}))
                at += rng.uniform(5, 120)
                if rng.random() < 0.5:
                    furthest = "buy"
                    events.append((int(at * 1000), user, {"user": user, "action": "buy", "page": page}))
            labels.write("s%d %s %d %s\n" % (session, user, len(events) - first, furthest))
            at += 1801 + rng.expovariate(1 / 1800)
    write(events)


def main():
    kinds = {"payments": (payments, 1000), "readings": (readings, 1000), "clicks": (clicks, 500)}
    make, size = kinds[sys.argv[1]]
    with open(sys.argv[3], "w") as labels:
        make(random.Random(int(sys.argv[2])), labels, int(sys.argv[4]) if len(sys.argv) > 4 else size)


main()
