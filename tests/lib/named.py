"""named: checks that the tests exist that a page names.

A page names a test as `tests/FILE: TITLE`, TITLE being how its title, or in C its name, begins; of tests/fault/matrix the
name of a case; of tests/model/run a mutation.
"""
import functools
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
NAMED = re.compile(r"`(tests/[\w./-]+): (.+?)`(?=[\s,;.)|]|$)")


@functools.lru_cache(None)
def names(file):
    """The names of the tests in FILE, a path below tests/; none when there is no such file."""
    path = ROOT / "tests" / file
    if not path.exists():
        return []
    if file == "fault/matrix":
        return subprocess.run([path, "--list"], capture_output=True, text=True, check=True).stdout.splitlines()
    if file == "model/run":
        return ["".join(n) for n in re.findall(r"^\tcatches \w+ (\w+)|caught: (\w+)", path.read_text(), re.M)]
    if path.is_dir():
        return re.findall(r'"([^"\n]*)"', "".join(p.read_text() for p in path.iterdir()).replace("\\`", "`"))
    if file == "lint":
        return re.findall(r'\bcheck "([^":]*)', path.read_text())
    bats = path.suffix == ".bats"
    found = re.findall(r'^@test "((?:[^"\\]|\\.)*)" \{$' if bats else r"^\tTEST\((\w+)\);$", path.read_text(), re.M)
    return [re.sub(r"\\(.)", r"\1", name) for name in found] + (found if bats else [])


def exists(file, title):
    """Whether FILE, a path below tests/, has such a test."""
    return bool(title) and any(n.startswith(title) or (file == "bench/rows" and title in n) for n in names(file))


def missing(text):
    """(how many tests TEXT names, the messages about those that do not exist)."""
    found = NAMED.findall(text)
    wrong = [f'{file} has no test "{title}"' for file, title in found if not exists(file.removeprefix("tests/"), title)]
    return len(found), wrong
