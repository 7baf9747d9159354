#!/usr/bin/env python3
"""mapdiff.py SEED PROGRAMS: random programs of assignments for map, each beside jq's on the same random records.

Each program runs twice, the second time with a statement that removes a field that no record has, which takes the other
way through map (a row instead of splices).  Differences that are meant, see weir-expr(7): null in, null out; whole
numbers stay whole; the order of keys is the record's; text() keeps escapes as
they are written.  So fields have types that do not change, and jq gets keys_unsorted.
"""
import json
import random
import subprocess
import sys

WORDS = ["", "a", "Abc", "x,y", "a-b-c", " pad ", "\u00e4\u00f6", 'q"q', "1.5", "\\", "line\nline", "aXbXc"]


class Gen:
    def __init__(self, seed):
        self.r = random.Random(seed)

    def record(self):
        r = self.r
        return {"s": r.choice(WORDS), "u": r.choice(WORDS), "n": r.randrange(-50, 50), "m": r.randrange(1, 9),
                "f": r.choice([0.5, -1.25, 3.75, 1e3]), "a": [r.randrange(9) for _ in range(r.randrange(1, 5))],
                "t": [r.choice(WORDS) for _ in range(r.randrange(4))],
                "o": {"k": r.randrange(5), "v": r.choice(WORDS), "w": [1, {"x": r.randrange(3)}]}, "b": r.random() < 0.5,
                "z": None}

    # Each returns the pair (for weir, for jq).
    def number(self, depth):
        r = self.r
        if depth <= 0:
            return r.choice([(".n",) * 2, (".m",) * 2, (".f",) * 2, (".o.k",) * 2, (".a[0]",) * 2, (".a[-1]",) * 2,
                             ("7",) * 2, ("2.5",) * 2, (".o.w[1].x",) * 2])
        x, y = self.number(depth - 1), self.number(depth - 1)
        s, a = self.string(depth - 1), self.numbers(depth - 1)
        return r.choice([
            (f"({x[0]} + {y[0]})", f"({x[1]} + {y[1]})"), (f"({x[0]} - {y[0]})", f"({x[1]} - {y[1]})"),
            (f"({x[0]} * {y[0]})", f"({x[1]} * {y[1]})"), (f"({x[0]} / .m)", f"({x[1]} / .m)"),
            (f"length({s[0]})", f"({s[1]} | length)"), (f"length({a[0]})", f"({a[1]} | length)"),
            (f"sum({a[0]})", f"({a[1]} | add // 0)"), (f"sum({a[0]}, it * it)", f"({a[1]} | map(. * .) | add // 0)"),
            (f"floor({x[0]})", f"({x[1]} | floor)"), (f"ceil({x[0]})", f"({x[1]} | ceil)"),
            (f"abs({x[0]})", f"({x[1]} | fabs)"), (f"min({x[0]}, {y[0]})", f"([{x[1]}, {y[1]}] | min)"),
            (f"max({x[0]}, {y[0]})", f"([{x[1]}, {y[1]}] | max)"), (f"sqrt(abs({x[0]}))", f"({x[1]} | fabs | sqrt)"),
            (f"if(.b, {x[0]}, {y[0]})", f"(if .b then {x[1]} else {y[1]} end)"), (f"(.z ?? {x[0]})", x[1]),
            (f"if({x[0]} < {y[0]}, 1, 2)", f"(if {x[1]} < {y[1]} then 1 else 2 end)"),
            (f"json(text({x[0]}))", f"({x[1]} | tojson | fromjson)"), (f"int({x[0]})", f"({x[1]} | trunc)")])

    def string(self, depth):
        r = self.r
        if depth <= 0:
            return r.choice([(".s",) * 2, (".u",) * 2, (".o.v",) * 2, ('"k-K"',) * 2])
        x, y, t = self.string(depth - 1), self.string(depth - 1), self.strings(depth - 1)
        i, j = r.randrange(-4, 5), r.randrange(-4, 5)
        return r.choice([
            (f"({x[0]} + {y[0]})", f"({x[1]} + {y[1]})"), (f"concat({x[0]}, {y[0]})", f"({x[1]} + {y[1]})"),
            (f"replace({x[0]}, \"a\", \"<>\")", f"({x[1]} | split(\"a\") | join(\"<>\"))"),
            (f"gsub({x[0]}, \"[a-c]\", \"#\")", f"({x[1]} | gsub(\"[a-c]\"; \"#\"))"),
            (f"gsub({x[0]}, \"([a-c])(.)\", \"\\2\\1\")", f"({x[1]} | gsub(\"(?<p>[a-c])(?<q>.)\"; \"\\(.q)\\(.p)\"))"),
            (f"sub({x[0]}, \"[A-Z]\", \"_\")", f"({x[1]} | sub(\"[A-Z]\"; \"_\"))"),
            (f"join({t[0]}, \"+\")", f"({t[1]} | join(\"+\"))"), (f"reverse({x[0]})", f"({x[1]} | explode | reverse | implode)"),
            (f"({x[0]})[{i}:{j}]", f"({x[1]} | .[{i}:{j}])"), (f"base64({x[0]})", f"({x[1]} | @base64)"),
            (f"unbase64(base64({x[0]}))", x[1]), (f"text({x[0]})", f"({x[1]} | tojson)"), (f"json(text({x[0]}))", x[1]),
            (f"if(contains({x[0]}, \"b\"), {x[0]}, {y[0]})", f"(if {x[1]} | contains(\"b\") then {x[1]} else {y[1]} end)"),
            (f"(match({x[0]}, \"(?<p>b.)\").p ?? \"-\")", f"([{x[1]} | capture(\"(?<p>b.)\") | .p][0] // \"-\")"),
            (f"unhex(hex({x[0]}))", x[1])])

    def numbers(self, depth):
        r = self.r
        if depth <= 0:
            return (".a",) * 2
        x, i, n = self.numbers(depth - 1), r.randrange(-3, 4), self.number(0)
        return r.choice([
            (f"map({x[0]}, it + 1)", f"({x[1]} | map(. + 1))"), (f"filter({x[0]}, it > 3)", f"({x[1]} | map(select(. > 3)))"),
            (f"reverse({x[0]})", f"({x[1]} | reverse)"), (f"({x[0]})[{i}:]", f"({x[1]} | .[{i}:])"),
            (f"[{n[0]}, sum({x[0]})]", f"[{n[1]}, ({x[1]} | add // 0)]"),
            (f"map({x[0]}, if(it > 3, it, 0))", f"({x[1]} | map(if . > 3 then . else 0 end))")])

    def strings(self, depth):
        r = self.r
        if depth <= 0:
            return (".t",) * 2
        x, s = self.strings(depth - 1), self.string(depth - 1)
        return r.choice([
            (f"split({s[0]}, \"-\")", f"({s[1]} | split(\"-\"))"), (f"split({s[0]}, \"X\")", f"({s[1]} | split(\"X\"))"),
            (f"map({x[0]}, it + \"!\")", f"({x[1]} | map(. + \"!\"))"), (f"reverse({x[0]})", f"({x[1]} | reverse)"),
            (f"filter({x[0]}, length(it) > 1)", f"({x[1]} | map(select(length > 1)))"), (f"keys(.o)", "(.o | keys_unsorted)"),
            (f"[{s[0]}]", f"[{s[1]}]")])

    def other(self, depth):
        a, t = self.numbers(depth), self.strings(depth)
        n, s = self.number(depth), self.string(depth)
        return self.r.choice([
            (f"any({a[0]}, it > 5)", f"({a[1]} | any(. > 5))"), (f"all({a[0]}, it < 5)", f"({a[1]} | all(. < 5))"),
            (f"{{x: {n[0]}, \"y z\": {s[0]}}}", f"{{x: {n[1]}, \"y z\": {s[1]}}}"), (f"values(.o)", "[.o[]]"),
            (f"{{(.u): {t[0]}}}", f"{{(.u): {t[1]}}}"), (f".o[\"k\"]", ".o[\"k\"]"), (f"{s[0]} == {self.string(0)[0]}",) * 2])

    def program(self):
        weir, jq = [], []
        for _ in range(self.r.randrange(1, 5)):
            target = self.r.choice([".p", ".q", ".s", ".n", ".o.k", ".o.new.deep", ".a"])
            make = {".s": self.string, ".n": self.number, ".o.k": self.number, ".a": self.numbers}.get(target) or self.r.choice(
                [self.number, self.string, self.numbers, self.strings, self.other])
            w, j = make(self.r.randrange(3))
            weir.append(f"{target} = {w}")
            jq.append(f"{target} = ({j})")
        return weir, jq


def output(command, lines):
    run = subprocess.run(command, input=lines, capture_output=True, text=True)
    return [json.loads(line) for line in run.stdout.splitlines()], run.stderr


def same(a, b):
    if isinstance(a, bool) or isinstance(b, bool) or not isinstance(a, (int, float)) or not isinstance(b, (int, float)):
        if type(a) is not type(b):
            return False
        if isinstance(a, list):
            return len(a) == len(b) and all(map(same, a, b))
        if isinstance(a, dict):
            return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
        return a == b
    return abs(a - b) <= 1e-9 * max(1, abs(a), abs(b))


def main():
    gen, compared, wrong = Gen(int(sys.argv[1])), 0, 0
    for _ in range(int(sys.argv[2])):
        lines = "".join(json.dumps(gen.record(), ensure_ascii=False) + "\n" for _ in range(20))
        weir, jq = gen.program()
        # An error of jq ends it: such programs, which index what is too short, are left out.
        wanted, error = output(["jq", "-c", " | ".join(jq)], lines)
        if error:
            continue
        for way in ([], ["del .never"]):
            seen, message = output(["weir", "map", "; ".join(weir + way)], lines)
            compared += 1
            if len(seen) != len(wanted) or not all(map(same, seen, wanted)):
                at = next((i for i in range(min(len(seen), len(wanted))) if not same(seen[i], wanted[i])), -1)
                print("; ".join(weir + way), message, lines.splitlines()[at], seen[at:at + 1], wanted[at:at + 1], sep="\n  ")
                wrong += 1
    if compared < int(sys.argv[2]):
        print("too few programs were compared:", compared)
        wrong += 1
    sys.exit(wrong > 0)


main()
