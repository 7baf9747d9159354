#!/usr/bin/env python3
"""Random CSV through `mlr --icsv --ojson cat` and `weir map --header --to json --infer-types ""`: the same values, but
for what INTENDED says.

usage: mlrdiff.py SEED FILES
"""
import json
import random
import re
import subprocess
import sys

NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")

# What a field holds, and what map makes of it where Miller does something else (why).
INTENDED = [
    ("true and false are these, in Miller they are strings", lambda t: t in ("true", "false"), lambda t: t == "true"),
    ("what is no number of JSON stays a string: hexadecimal, octal and binary, a sign or zeros at the beginning, no "
     "digit before or behind the point, Inf and NaN, digits with _", lambda t: not NUMBER.fullmatch(t), lambda t: t),
    ("a number in quotes is a number: quotes of CSV only protect", NUMBER.fullmatch, lambda t: Number(t)),
]


class Number(str):
    """A number as it is written: both keep its digits."""


def record(line):
    """A flat object; Miller writes what it takes for a number as it is, be it 0x1F or +5, which is no JSON."""
    decoder, at, ret = json.JSONDecoder(), 1, {}
    while line[at] != "}":
        at += len(re.match(r"[, ]*", line[at:])[0])
        name, at = decoder.raw_decode(line, at)
        at += len(re.match(r"[: ]*", line[at:])[0])
        if line[at] == '"':
            ret[name], at = decoder.raw_decode(line, at)
        else:
            token = re.match(r"[^,}]*", line[at:])[0]
            ret[name] = token == "true" if token in ("true", "false") else Number(token)
            at += len(token)
    return ret


def parse(text):
    return [record(line) for line in text.split("\n")[:-1]]


def field(r):
    kind = r.randrange(14)
    if kind < 4:
        return str(r.randrange(-10 ** r.randrange(1, 25), 10 ** r.randrange(1, 25)))
    if kind < 6:
        return "%.*f" % (r.randrange(1, 9), r.uniform(-1e6, 1e6))
    if kind == 6:
        return "%se%s%d" % (r.choice(["1", "-2.5", "0", "9.99"]), r.choice(["", "+", "-"]), r.randrange(400))
    if kind == 7:
        return r.choice(["true", "false", "True", "TRUE", "null", "yes"])
    if kind == 8:
        return r.choice(["0x1F", "0b11", "0o17", "007", "-007", "+5", "5.", ".5", "-.5", "1_000", "Inf", "-inf", "NaN", "1e", "e5",
                         "--1", "1-2", "1.2.3", "0x", "-", "+", ".", "1e+", "2026-11-22", "10:30", "-0", "-0.0", "1E5"])
    if kind == 9:
        return ""
    return "".join(r.choice('abc xyz 0123,;"\\/\t\u00e4\u20ac\n\'') for _ in range(r.randrange(1, 12)))


def quoted(r, text):
    if any(c in text for c in ',"\n\r') or text != text.strip() or r.random() < .15:
        return '"' + text.replace('"', '""') + '"'
    return text


def rows(r):
    width = r.randrange(1, 7)
    return [["c%d" % i for i in range(width)]] + [[field(r) for _ in range(width)] for _ in range(r.randrange(1, 40))]


def expected(text, there):
    for _, applies, value in INTENDED[:2]:
        if applies(text):
            return value(text)
    return Number(text) if NUMBER.fullmatch(text) else there


def same(a, b):
    return type(a) is type(b) and a == b


def check(r):
    table = rows(r)
    text = "".join(",".join(quoted(r, f) for f in row) + "\n" for row in table)
    if len(table[0]) == 1:  # Miller skips empty lines, other readers do, too; map writes them as ""
        text = "\n".join(line or '""' for line in text.split("\n")[:-1]) + "\n"
    run = lambda *command: parse(subprocess.run(command, input=text.encode(), stdout=subprocess.PIPE, check=True).stdout.decode())
    theirs, ours = run("mlr", "--icsv", "--ojsonl", "cat"), run("weir", "map", "--header", "--input", "csv", "--to", "json", "--infer-types", "")
    if len(ours) != len(theirs) or len(ours) != len(table) - 1:
        sys.exit("%d records of Miller, %d of map, %d of %r" % (len(theirs), len(ours), len(table) - 1, text))
    for row, their, our in zip(table[1:], theirs, ours):
        if list(our) != list(their):
            sys.exit("names differ: %r, %r" % (their, our))
        for f, name in zip(row, our):
            if not same(our[name], their[name]) and not same(our[name], expected(f, their[name])):
                sys.exit("%r is %r in Miller, %r in map; expected %r" % (f, their[name], our[name], expected(f, their[name])))


def main():
    r = random.Random(int(sys.argv[1]))
    for _ in range(int(sys.argv[2])):
        check(r)


main()
