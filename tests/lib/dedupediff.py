#!/usr/bin/env python3
"""dedupediff.py SEED PROGRAMS: random rules, of which some are dedupe, in clean and as statements of map, on the same records.

Both write the same bytes and reject the same records for the same reasons: of JSON, TSV and CSV, with and without a header,
in one run, and in several with state between them.  map gets them twice, the second time behind a statement that changes
nothing, so that it does not splice but makes a row.
"""
import json
import pathlib
import random
import subprocess
import sys
import tempfile

NAMES = "abcdt"
VALUES = ['1', '1.0', '"1"', 'null', '"x"', '" X"', '"\\u0078"', 'true', '[1]', '{"y":1}', '{"y":"x"}', '""']
TEXTS = ["1", "1.0", "x", " X", "X", "", '"q"', "é"]


def json_record(r):
    members = [f'"{n}":{r.choice(VALUES)}' for n in NAMES[:-1] if r.random() < 0.8]
    if r.random() < 0.8:
        members.append(f'"t":{r.choice([r.randrange(1000, 1060), "null", chr(34) + "never" + chr(34)])}')
    r.shuffle(members)
    return "{" + ",".join(members) + "}"


def row(r, sep):
    texts = [r.choice(TEXTS) for _ in NAMES[:-1]] + [r.choice([str(r.randrange(1000, 1060)), "", "never"])]
    if sep == ",":
        texts = ['"' + t.replace('"', '""') + '"' if '"' in t or r.random() < 0.1 else t for t in texts]
    return sep.join(texts)


class Case:
    def __init__(self, r):
        self.r = r
        self.kind = r.choice(["json", "json", "tsv", "csv"])
        self.named = self.kind == "json" or r.random() < 0.5
        self.options = ["--input", self.kind] + (["--header"] if self.named and self.kind != "json" else [])
        self.rules = [self.rule() for _ in range(r.randrange(1, 6))] + [self.dedupe()]
        r.shuffle(self.rules)

    def field(self, name=None):
        name = name or self.r.choice(NAMES[:-1])
        if not self.named:
            return f"${NAMES.index(name) + 1}"
        return f".{name}"

    def dedupe(self):
        r = self.r
        fields = r.sample(NAMES[:-1], r.randrange(1, 3))
        keys = [self.field(f) for f in fields] + (["."] if r.random() < 0.1 else [])
        by = r.choice(["", " by now", f" by s@{self.field('t')}", f" by {self.field('t')}"])
        window = r.choice(["1s", "10s", "1h"]) if "@" in by else "1h"  # by the clock, the runs may be far apart
        return f"dedupe {','.join(keys)} within {window}{by}"

    def rule(self):
        r, f = self.r, self.field()
        return r.choice([self.dedupe(), f"require {f}", f"trim {f}", f"lower {f}", f"upper {f}", f"type {f} string",
                         f"default {f} z", f"mask {f} last4", f"mask {f} null", f"mask {f} hash", f"range {f} 0 5",
                         f"match {f} ^[x1]", f"one-of {f} 1 x X"])

    def records(self, n):
        if self.kind == "json":
            return [json_record(self.r) for _ in range(n)]
        return [row(self.r, "\t" if self.kind == "tsv" else ",") for _ in range(n)]


def run(home, program, rules, case, texts, state):
    """What comes out of the runs over TEXTS, and why records were rejected."""
    out, rejects = [], home / "rejects"
    rejects.unlink(missing_ok=True)
    where = ["--state", str(home / state)] if len(texts) > 1 else []
    for text in texts:
        command = ["weir", program, "-f", str(rules), "--key", str(home / "key"), "--rejects", str(rejects), *where, *case.options]
        done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=60)
        if done.returncode not in (0, 1):
            return done.returncode, done.stderr.split(": ", 1)[1]
        out.append(done.stdout)
    lines = [json.loads(line) for line in rejects.read_text().splitlines()] if rejects.exists() else []
    return out, [(line["reason"], line["record"], line["data"]) for line in lines]


def main():
    r, wrong, compared = random.Random(int(sys.argv[1])), 0, 0
    for i in range(int(sys.argv[2])):
        with tempfile.TemporaryDirectory() as name:
            home = pathlib.Path(name)
            (home / "key").write_text("sixteen bytes at least\n")
            case = Case(r)
            (home / "rules").write_text("\n".join(case.rules) + "\n")
            # `explode` of a field that no record has changes nothing, but all that follows is in a row
            never = ".never" if case.named else "$9"
            (home / "rows").write_text(f"explode {never}\n" + "\n".join(case.rules) + "\n")
            head = ["".join((",".join(NAMES) if case.kind == "csv" else "\t".join(NAMES)) + "\n")] if "--header" in case.options else []
            texts = ["".join(head + [line + "\n" for line in case.records(40)]) for _ in range(r.choice([1, 3]))]
            wanted = run(home, "clean", home / "rules", case, texts, "by-clean")
            compared += isinstance(wanted[0], list)
            for rules in ("rules", "rows"):
                seen = run(home, "map", home / rules, case, texts, "by-" + rules)
                if seen != wanted and isinstance(wanted[0], list):
                    print(f"program {i}:", *case.options, rules, *case.rules, "clean:", wanted, "map:", seen, "of:", *texts, sep="\n  ")
                    wrong += 1
    if compared < int(sys.argv[2]) / 2:
        print("too few programs were compared:", compared)
        wrong += 1
    sys.exit(wrong > 0)


main()
