#!/usr/bin/env python3
"""commands.py: checks that tests/deps installs every command that the tests, the Makefile and .ci/run call. Prints violations.

usage: commands.py [--deps FILE] [FILE...]

The command words of all scripts (or of the FILEs) are taken out by shellwords.py; of the text of a `bash -c` or a run_sh
too.  What is neither the shell's, nor a function, nor a program of the tree, must lie in a package that tests/deps names,
that such a one depends on, or that every Debian has.  Words that are computed ("$x") cannot be judged.
"""
import argparse
import ast
import pathlib
import re
import subprocess

import shellwords

ROOT = pathlib.Path(__file__).resolve().parents[2]
PYTHON_CALLS = {"call", "run", "Popen", "check_output", "check_call", "output", "execvp"}
NAME = re.compile(r"(?!\d+$)[a-z0-9][\w.+-]*|\[")


def output(*command, text=None):
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False).stdout


def python_commands(path):
    """The commands that a Python program starts: `call("kcat", …)`, `Popen(["kcat", …])`, `command = ["kcat", …]`."""
    for node in ast.walk(ast.parse(path.read_text())):
        value = None
        if isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            value = node.args[0] if name in PYTHON_CALLS else None
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "command":
            value = node.value
        if isinstance(value, ast.BinOp):
            value = value.left
        if isinstance(value, ast.List) and value.elts:
            value = value.elts[0]
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield node.lineno, value.value


def recipes(text):
    """A makefile's recipes, as a script of as many lines."""
    lines = [re.sub(r"^\t[@+-]*", "", line) if line.startswith("\t") else "" for line in text.split("\n")]
    for i, line in enumerate(lines):  # a continued line begins without a tab as often as with one
        if line.endswith("\\") and i + 1 < len(lines) and not lines[i + 1]:
            lines[i + 1] = text.split("\n")[i + 1]
    text = "\n".join(lines)
    while inner := re.search(r"\$\([^()]*\)", text):  # from the innermost on
        text = text.replace(inner[0], "$x" + "\n" * inner[0].count("\n"))
    return re.sub(r"\$[@<^*?]", "$x", text).replace("$$", "$")


def scripts():
    for path in sorted([*ROOT.glob("tests/**/*"), ROOT / "Makefile", ROOT / ".ci/run"]):
        if not path.is_file() or "golden" in path.parts and path.name != "run" or path.suffix in (".c", ".h", ".md", ".pml"):
            continue
        first = path.open("rb").readline()
        if path.suffix in (".bats", ".bash", ".py") or path.name == "Makefile" or re.match(rb"#!.*\b(bash|sh|python3)\b", first):
            yield path


def found(paths):
    """({command: where it is first called}, {functions})."""
    calls, functions = {}, set()
    for path in paths:
        text = path.read_text()
        if path.suffix == ".py" or text.startswith("#!/usr/bin/env python3"):
            words = python_commands(path)
        else:
            script = shellwords.Script(recipes(text) if path.name == "Makefile" else text)
            words = script.commands()
            functions |= script.functions
        for line, word in words:
            if NAME.fullmatch(word):
                calls.setdefault(word, f"{path.relative_to(ROOT) if ROOT in path.parents else path}:{line}")
    return calls, functions


def own():
    """The names of the programs and of the tests' helpers."""
    names = {p.stem for pattern in ("cmd/*", "tests/*/*.c") for p in ROOT.glob(pattern)}
    shell = output("bash", "-c", "compgen -b; compgen -k").split()
    bats = {"load", "run", "skip", "bats_require_minimum_version"}
    return names | set(shell) | bats


def always_there(deps):
    """The packages that a Debian has after tests/deps has run."""
    named = set()
    for array in re.findall(r"^(?:build|test)=\(([^)]*)\)", deps, re.M):
        named |= set(array.split())
    needs = {}
    for line in output("dpkg-query", "-W", "-f", "${Package}\t${Essential}\t${Priority}\t${Pre-Depends}, ${Depends}\n").splitlines():
        package, essential, priority, depends = line.split("\t")
        needs[package] = re.findall(r"(?:^|[,|])\s*([a-z0-9][a-z0-9.+-]*)", depends)
        if essential == "yes" or priority == "required" or package == "apt":
            named.add(package)
    closed, left = set(), named
    while left:
        closed |= left
        left = {n for package in left for n in needs.get(package, ())} - closed
    return closed


def packages_of(commands):
    """{command: package}, without those that are not there; "": from no package."""
    find = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; for c; do echo "$c $(type -P "$c")"; done'
    paths = dict(line.split(" ", 1) for line in output("bash", "-c", find, "-", *commands).splitlines())
    names = {}  # what dpkg may know each by: as it is found, where its links lead, and both without the merged /usr
    for command, path in paths.items():
        real = str(pathlib.Path(path).resolve())
        names[command] = [path, real, real.removeprefix("/usr"), path.removeprefix("/usr")]
    known = output("dpkg-query", "-S", *{name for some in names.values() for name in some})
    owners = {path: package.split(":")[0] for package, path in re.findall(r"^([a-z0-9][^ ]*): (.*)$", known, re.M)}
    return {c: next((owners[n] for n in names[c] if n in owners), "") for c, path in paths.items() if path}


def main():
    parser = argparse.ArgumentParser(usage="commands.py [--deps FILE] [FILE...]")
    parser.add_argument("--deps", type=pathlib.Path, default=ROOT / "tests/deps")
    parser.add_argument("file", nargs="*", type=pathlib.Path)
    options = parser.parse_args()
    calls, functions = found(list(scripts()))
    if options.file:
        calls = found([p.resolve() for p in options.file])[0]
    there, ours = always_there(options.deps.read_text()), own() | functions
    foreign = sorted(set(calls) - ours)
    packages = packages_of(foreign)
    for command in foreign:
        if command not in packages:
            print(f"{calls[command]}: '{command}' is not there: tests/deps does not install it")
        elif packages[command] not in there:
            print(f"{calls[command]}: '{command}' is from {packages[command] or 'no package'}, which tests/deps does not install")


if __name__ == "__main__":
    main()
