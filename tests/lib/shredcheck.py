"""Compare the shredder with a slow reference: random schemas, and records that fit, do not fit, or are not JSON.

usage: shredcheck.py PQSHRED SEED SCHEMAS RECORDS

Each schema gets this many records.  The reference makes a row of each record by itself, or says that it is refused,
malformed or has a new field; pqshred writes a Parquet file, which pyarrow reads.  Both must agree on all rows, in
order, and on what became of every other record.
"""

import datetime
import decimal
import json
import random
import subprocess
import sys
import tempfile

import pyarrow.parquet

MISSING = object()
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


class Refused(Exception):
    """The record does not fit."""


class New(Exception):
    """The record has a field that the schema lacks."""


class Kind:
    """A type: its text in a schema, JSON texts of its values, and of what it refuses."""

    def __init__(self, rng, depth):
        self.name = rng.choice(SCALARS if depth == 0 else SCALARS + ["struct", "array", "map"] * 2)
        self.required = False
        self.fields = []
        if self.name == "struct":
            self.fields = fields(rng, depth - 1, rng.randint(1, 4))
        elif self.name == "array":
            self.fields = [("element", Kind(rng, depth - 1))]
        elif self.name == "map":
            self.fields = [("key", rng.choice(["string", "bigint"])), ("value", Kind(rng, depth - 1))]

    def text(self):
        if self.name == "struct":
            return "struct<%s>" % ", ".join(field_text(n, k) for n, k in self.fields)
        if self.name == "array":
            return "array<%s>" % self.fields[0][1].text()
        if self.name == "map":
            return "map<%s, %s>" % (self.fields[0][1], self.fields[1][1].text())
        return self.name


SCALARS = ["boolean", "int", "bigint", "double", "decimal(9,2)", "decimal(30,4)", "string", "binary", "date",
           "timestamp", "timestamp(ms)"]
NAMES = ["a", "b", "ts", "user_id", "ä", "a.b", "long name of a field, which has more than 16 bytes", "x1", "x2", "a\\n"]
NEW_NAMES = ["new", "zz", "a_", "user", "a\n"]


def fields(rng, depth, count):
    result = []
    for name in rng.sample(NAMES, count):
        kind = Kind(rng, depth)
        kind.required = rng.random() < 0.15
        result.append((name, kind))
    return result


def field_text(name, kind):
    return '"%s" %s%s' % (name, kind.text(), " not null" if kind.required else "")


# --- values: (JSON text, what is stored) ------------------------------------------------------------------------------


def good_text(rng):
    text = "".join(rng.choice(["a", " ", "é", "\n", '"', "\\", "𝄞", "/", "long text "]) for _ in range(rng.randint(0, 6)))
    return json.dumps(text, ensure_ascii=rng.random() < 0.3), text


def good_time(rng):
    us = rng.randint(-10**12, 4 * 10**12) * 1000 if rng.random() < 0.7 else rng.randint(-10**15, 4 * 10**15)
    t = EPOCH + datetime.timedelta(microseconds=us)
    return json.dumps(t.strftime("%Y-%m-%dT%H:%M:%S.") + ("%06d" % t.microsecond if us % 1000 else "%03d" % (t.microsecond // 1000)) + "Z"), t


def good_decimal(rng, digits, scale):
    unscaled = rng.randint(0, 10 ** rng.randint(1, digits) - 1) * rng.choice([1, -1])
    value = decimal.Decimal(unscaled).scaleb(-scale, decimal.Context(prec=60))
    text = "{:f}".format(value)
    if rng.random() < 0.2:
        text += "0" if "." in text else ".0"
    if rng.random() < 0.1:
        text = "%de-%d" % (unscaled, scale)
    return text, value


def good(rng, kind):
    """JSON of a value that fits, and the value as pyarrow shows it."""
    n = kind.name
    if n == "boolean":
        b = rng.random() < 0.5
        return json.dumps(b), b
    if n in ("int", "bigint"):
        v = rng.choice([0, 1, -1, 7, 12345678, 123456789, 2**31 - 1, -2**31] + ([2**63 - 1, -2**63] if n == "bigint" else []))
        return ("%d.0" % v if rng.random() < 0.1 else str(v)), v
    if n == "double":
        v = rng.choice([0.0, 1.5, -2.25, 1e300, 12345.678, 0.1, 3.0, rng.random()])
        return (str(int(v)) if v == 3.0 else repr(v)), v
    if n.startswith("decimal"):
        return good_decimal(rng, *((9, 2) if n == "decimal(9,2)" else (30, 4)))
    if n == "string":
        if rng.random() < 0.1:
            text = rng.choice(["7", "-1.50", "true", '{"q": [1, "x"]}', "[]", "[ 1 ]"])
            return text, text
        return good_text(rng)
    if n == "binary":
        return rng.choice([('""', b""), ('"/wEC"', b"\xff\x01\x02"), ('"AA=="', b"\0")])
    if n == "date":
        d = datetime.date(1970, 1, 1) + datetime.timedelta(days=rng.randint(-20000, 40000))
        return json.dumps(d.isoformat()), d
    if n == "timestamp(ms)" and rng.random() < 0.5:
        ms = rng.randint(-10**12, 4 * 10**12)
        return str(ms), EPOCH + datetime.timedelta(milliseconds=ms)
    return good_time(rng)


BAD = {
    "boolean": ["1", '"true"', "{}", "[]"],
    "int": ["1.5", '"1"', "2147483648", "true", "{}"],
    "bigint": ["1.5", "9223372036854775808", '"x"', "[1]"],
    "double": ["1e400", '"x"', "true", "{}"],
    "decimal(9,2)": ["1.005", "123456789", '"1"', "{}"],
    "decimal(30,4)": ["1.00005", "1e30", "false"],
    "string": ['"\\ud800"'],
    "binary": ['"hello"', "1", "{}"],
    "date": ['"2026-02-30"', "1", '"x"', "[]"],
    "timestamp": ['"x"', "1", '"2026-13-01T00:00:00Z"', "{}"],
    "timestamp(ms)": ['"x"', '"17"', "true"],
    "struct": ["1", '"x"', "[]", "true"],
    "array": ["1", '"x"', "{}"],
    "map": ["1", '"x"', "[]"],
}


class Writer:
    """Writes values as JSON and makes their row; counts what may go wrong, which happens occasionally."""

    def __init__(self, rng, bad):
        self.rng = rng
        self.bad = bad

    def blank(self):
        return self.rng.choice(["", "", "", "", "", "", " ", "\t", "  \r"])

    def join(self, parts, ends):
        b = self.blank
        return ends[0] + b() + (b() + "," + b()).join(parts) + b() + ends[1]

    def value(self, kind):
        """(JSON, value), where the value is MISSING for null; Refused and New are values, too: they come up later."""
        rng = self.rng
        if rng.random() < 0.12:
            return "null", (Refused if kind.required else None)
        if rng.random() < self.bad:
            return rng.choice(BAD[kind.name]), Refused
        if kind.name == "struct":
            return self.object(kind.fields)
        if kind.name == "array":
            items = [self.value(kind.fields[0][1]) for _ in range(rng.choice([0, 1, 2, 3]))]
            return self.join([t for t, _ in items], "[]"), worst([v for _, v in items], [v for _, v in items])
        if kind.name == "map":
            return self.map(kind)
        return good(rng, kind)

    def map(self, kind):
        rng, key_kind, entries = self.rng, kind.fields[0][1], []
        for _ in range(rng.choice([0, 1, 2, 4])):
            key = rng.randint(-3, 3) if key_kind == "bigint" else rng.choice(["k", "ä\n", "", "key of more than 16 bytes"])
            text, value = self.value(kind.fields[1][1])
            entries.append((key, text, value))
        if key_kind == "bigint" and rng.random() < self.bad:
            entries.append(("x", "null", Refused))
        text = self.join([json.dumps(str(k)) + ":" + t for k, t, _ in entries], "{}")
        last = {k: i for i, (k, _, _) in enumerate(entries)}
        kept = [entries[i] for i in sorted(last.values())]
        return text, worst([v for _, _, v in kept], [(k, v) for k, _, v in kept])

    def object(self, members):
        rng = self.rng
        row, texts = {}, []
        order = list(members)
        if rng.random() < 0.2:
            rng.shuffle(order)
        for name, kind in order:
            if rng.random() < 0.1:
                row[name] = Refused if kind.required else None
                continue
            if rng.random() < 0.05:  # an earlier one with this name, which does not count
                texts.append(self.name(name) + ":" + rng.choice(["1", '"x"', "{}", '{"q":{"z":[1]}}', "null", "[]", "true"]))
            text, row[name] = self.value(kind)
            texts.append(self.name(name) + self.blank() + ":" + self.blank() + text)
        bad = worst([row[name] for name, _ in order], row)
        if rng.random() < self.bad / 2:
            texts.append(self.name(rng.choice(NEW_NAMES)) + ":" + rng.choice(["1", "{}", '"x"']))
            bad = New
        return self.join(texts, "{}"), bad

    def name(self, name):
        text = json.dumps(name, ensure_ascii=self.rng.random() < 0.3)
        if self.rng.random() < 0.05:
            text = '"\\u%04x' % ord(name[0]) + json.dumps(name[1:])[1:]
        return text


def worst(values, otherwise):
    for what in (New, Refused):
        if any(v is what for v in values):
            return what
    return otherwise


def spoil(rng, text):
    """A record that is not JSON."""
    cut = rng.randint(1, len(text) - 1)
    return rng.choice([text[:cut], text + "}", text + " 1", text[:-1] + ",}", "", "\x01", "{,}", text + "\\"])


def is_json(text):
    try:
        json.loads(text, parse_constant=lambda _: 1 / 0)
        return True
    except (ValueError, ZeroDivisionError, RecursionError):
        return False


def normal(value):
    """As pyarrow shows values, for comparing: NaN equals itself, maps are lists of pairs."""
    if isinstance(value, dict):
        return {k: normal(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [normal(v) for v in value]
    return value


def one_schema(pqshred, rng, count):
    members = fields(rng, 3, rng.randint(1, 6))
    schema = ", ".join(field_text(n, k) for n, k in members)
    writer = Writer(rng, rng.choice([0.0, 0.02, 0.1]))
    lines, rows, others = [], [], {}
    for i in range(1, count + 1):
        text, row = writer.object(members)
        if rng.random() < 0.03:
            text = spoil(rng, text)
            if not is_json(text):
                row = "malformed"
            elif not text.startswith("{"):
                row = Refused
            else:
                continue
        lines.append(text)
        if row is New or row is Refused or row == "malformed":
            others[len(lines)] = row
        else:
            rows.append(normal(row))
    with tempfile.NamedTemporaryFile(suffix=".parquet") as out:
        run = subprocess.run(
            [pqshred, "-o", out.name, "-g", str(rng.choice([1, 7, 1000])), schema] + rng.choice([[], ["-p", ".a"]]),
            input="".join(line + "\n" for line in lines).encode(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if run.returncode:
            sys.exit("%s\n%s: status %d" % (run.stderr.decode(), schema, run.returncode))
        seen = pyarrow.parquet.ParquetFile(out.name).read().to_pylist()
    compare(schema, lines, rows, others, [normal(r) for r in seen], run.stdout.decode())
    return len(rows), len(others)


def compare(schema, lines, rows, others, seen, said):
    told = {}
    for line in said.split("\n")[:-1]:
        number, what = line.split(" ")[:2]
        told[int(number)] = (what, line)
    for number in sorted(set(told) | set(others)):
        want = others.get(number)
        got = told.get(number, ("row", ""))
        # Of a new field and a value that does not fit, the first one is reported.
        fits = {New: ("new", "refused"), Refused: ("refused",), "malformed": ("malformed",)}.get(want, ())
        if got[0] not in fits:
            sys.exit("schema %s\nrecord %s\nwant %s, got %s" % (schema, lines[number - 1], want, got))
    if len(rows) != len(seen):
        sys.exit("schema %s: %d rows, not %d" % (schema, len(seen), len(rows)))
    for want, got in zip(rows, seen):
        if want != got:
            sys.exit("schema %s\nwant %s\ngot  %s" % (schema, want, got))


def main():
    pqshred, seed, schemas, records = sys.argv[1], *map(int, sys.argv[2:])
    rng = random.Random(seed)
    rows = others = 0
    for _ in range(schemas):
        a, b = one_schema(pqshred, rng, records)
        rows, others = rows + a, others + b
    print("seed %d: %d schemas, %d rows, %d other records" % (seed, schemas, rows, others))


main()
