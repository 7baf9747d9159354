#!/usr/bin/env python3
"""jqdiff.py SEED EXPRESSIONS RECORDS: random expressions over random records; filter must select the same records as jq.

The expressions cover every operator; fields may be missing, null, or of a type that changes.  weir's language and jq's
differ in what weir-expr(7) lists (unlike types have no order, null neither), so a comparison is written for jq with a
test of the types around it.  jq runs once, for all expressions.
"""
import json
import random
import subprocess
import sys

FIELDS = ["a", "b", "s", "t", "n", "x.y"]
# weir's rules in jq: null is equal only to null, and different types are not comparable.
PRELUDE = """
def k: if . == null then "n" elif type == "boolean" then "b" else type end;
def eq($a; $b): ($a|k) == ($b|k) and (($a|k) as $t | $t != "array" and $t != "object") and $a == $b;
def ord($a; $b): ($a|k) == ($b|k) and (($a|k) as $t | $t != "array" and $t != "object");
def lt($a; $b): ord($a; $b) and $a != null and $a < $b;
def le($a; $b): ord($a; $b) and $a <= $b;
def num($a; $b): ($a|type) == "number" and ($b|type) == "number";
def add($a; $b): if num($a; $b) or (($a|type) == "string" and ($b|type) == "string") then $a + $b else null end;
def sub2($a; $b): if num($a; $b) then $a - $b else null end;
def mul($a; $b): if num($a; $b) then $a * $b else null end;
def div($a; $b): if num($a; $b) and $b != 0 then $a / $b else null end;
def mod($a; $b): if num($a; $b) and $b != 0 then ($a % $b) else null end;
def neg($a): if ($a|type) == "number" then 0 - $a else null end;
def str($a; $b): ($a|type) == "string" and ($b|type) == "string";
def sw($a; $b): str($a; $b) and ($a|startswith($b));
def ew($a; $b): str($a; $b) and ($a|endswith($b));
def has2($a; $b): str($a; $b) and ($b == "" or ($a|contains($b)));
def low($a): if ($a|type) == "string" then $a|ascii_downcase else null end;
def up($a): if ($a|type) == "string" then $a|ascii_upcase else null end;
def len($a): if ($a|type) == "number" or ($a|type) == "boolean" then null else $a|length end;
def re($a; $b): ($a|type) == "string" and ($a|test($b));
def y: if type == "object" then .y else null end;
"""
STRINGS = ["", "a", "b", "ab", "ba", "AB", "\u00e4", "a b", "10", "x\\y", 'q"q', "\n", "\U0001f600"]
OPERATORS = ["==", "!=", "<", "<=", ">", ">=", "=~", "!~", "&&", "||", "and", "or", "!", "in", "not in", "+", "-", "*", "/",
             "%", "-(", "startswith", "endswith", "contains", "length", "lower", "upper", "exists", "null", "true", "false"]
PATTERNS = ["^a", "b$", "a.?b", "[0-9]+", "(?i)AB", "x|y", "\\s"]


class Gen:
    def __init__(self, seed):
        self.r = random.Random(seed)

    def number(self):
        return self.r.choice([0, 1, -1, 2, 3, 10, 255, 1.5, -0.5, 2.25, 1e3, self.r.randrange(-50, 50)])

    def scalar(self):
        return self.r.choice([None, True, False, self.number(), self.number(), self.r.choice(STRINGS), self.r.choice(STRINGS)])

    def record(self):
        rec = {}
        for name in ["a", "b", "n"]:
            if self.r.random() < 0.8:
                rec[name] = self.number() if self.r.random() < 0.8 else self.scalar()
        for name in ["s", "t"]:
            if self.r.random() < 0.8:
                rec[name] = self.r.choice(STRINGS) if self.r.random() < 0.8 else self.scalar()
        if self.r.random() < 0.6:
            rec["x"] = self.r.choice([{"y": self.scalar()}, {}, [1, 2], 5, None, {"y": {"z": 1}}, {"y": [self.number()]}])
        return rec

    # Each returns the pair (for weir, for jq).
    def constant(self):
        text = json.dumps(self.scalar())
        return text, text

    def field(self):
        name = self.r.choice(FIELDS)
        return "." + name, "(.x|y)" if name == "x.y" else "." + name

    def pair(self, depth):
        return self.value(depth - 1), self.value(depth - 1)

    def whole(self):
        n = str(self.r.randrange(-9, 10))
        return n, n

    def value(self, depth):
        kind = self.r.randrange(10) if depth > 0 else self.r.randrange(4)
        if kind < 3:
            return self.field()
        if kind == 3:
            return self.constant()
        if kind < 7:
            op, name = self.r.choice([("+", "add"), ("-", "sub2"), ("*", "mul"), ("/", "div"), ("%", "mod")])
            (w1, j1), (w2, j2) = self.pair(depth) if op != "%" else (self.whole(), self.whole())
            return f"({w1} {op} {w2})", f"{name}({j1}; {j2})"
        (w, j) = self.value(depth - 1)
        w_name, j_name = self.r.choice([("lower", "low"), ("upper", "up"), ("length", "len"), ("-", "neg")])
        return f"{w_name}({w})", f"{j_name}({j})"

    def test(self, depth):
        kind = self.r.randrange(12) if depth > 0 else self.r.randrange(8)
        if kind < 3:
            (w1, j1), (w2, j2) = self.pair(depth)
            op, jq = self.r.choice([("==", "eq({0}; {1})"), ("!=", "(eq({0}; {1})|not)"), ("<", "lt({0}; {1})"),
                                    ("<=", "le({0}; {1})"), (">", "lt({1}; {0})"), (">=", "le({1}; {0})")])
            return f"{w1} {op} {w2}", jq.format(j1, j2)
        if kind == 3:
            (w1, j1), (w2, j2) = self.pair(depth)
            name, jq = self.r.choice([("startswith", "sw"), ("endswith", "ew"), ("contains", "has2")])
            return f"{name}({w1}, {w2})", f"{jq}({j1}; {j2})"
        if kind == 4:
            w, j = self.field()
            pattern = self.r.choice(PATTERNS)
            sign = self.r.random() < 0.7
            return f'{w} {"=~" if sign else "!~"} "{pattern}"', f"(re({j}; {json.dumps(pattern)}){'' if sign else '|not'})"
        if kind == 5:
            w, j = self.value(depth - 1)
            return f"exists({w})", f"({j} != null)"
        if kind == 6:
            w, j = self.value(depth - 1)
            items = [self.constant()[0] for _ in range(self.r.randrange(1, 4))]
            sign = self.r.random() < 0.7
            any_of = " or ".join(f"eq({j}; {i})" for i in items)
            return f"{w} {'in' if sign else 'not in'} ({', '.join(items)})", f"(({any_of}){'' if sign else '|not'})"
        if kind == 7:
            return self.value(depth - 1)
        if kind == 8:
            w, j = self.test(depth - 1)
            return f"!({w})", f"({j}|not)"
        (w1, j1), (w2, j2) = self.test(depth - 1), self.test(depth - 1)
        op, jq = self.r.choice([("&&", "and"), ("||", "or"), ("and", "and"), ("or", "or")])
        return f"({w1}) {op} ({w2})", f"(({j1}) {jq} ({j2}))"


def main():
    seed, expressions, records = map(int, sys.argv[1:])
    gen = Gen(seed)
    lines = "".join(json.dumps(gen.record(), ensure_ascii=gen.r.random() < 0.5) + "\n" for _ in range(records))
    tests = [gen.test(3) for _ in range(expressions)]
    missing = [op for op in OPERATORS if not any(op in w for w, _ in tests)]
    if missing:
        sys.exit(f"no expression has {missing}: more expressions, or another seed")
    program = PRELUDE + "[" + ",\n".join(f"(if ({j}) then 1 else 0 end)" for _, j in tests) + "]"
    jq = subprocess.run(["jq", "-c", program], input=lines, capture_output=True, text=True)
    if jq.returncode:
        sys.exit(f"jq: {jq.stderr}")
    rows = [json.loads(row) for row in jq.stdout.splitlines()]
    all_lines, bad, chosen = lines.split("\n")[:-1], 0, 0
    for i, (w, j) in enumerate(tests):
        weir = subprocess.run(["weir", "filter", "--", w], input=lines, capture_output=True, text=True)
        expected = [line for line, row in zip(all_lines, rows) if row[i]]
        seen = weir.stdout.split("\n")[:-1]
        chosen += len(seen)
        if weir.returncode or weir.stderr or seen != expected:
            bad += 1
            lost, found = [x for x in expected if x not in seen][:2], [x for x in seen if x not in expected][:2]
            print(f"differs: {w}\n  jq: {j}\n  {weir.stderr}only jq: {lost}\n  only weir: {found}")
    print(f"seed {seed}: {expressions} expressions over {len(rows)} records, {chosen} selected, {bad} differ")
    sys.exit(bad > 0 or len(rows) != records or not chosen)


main()
