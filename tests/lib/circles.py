#!/usr/bin/env python3
"""circles.py: checks that the tree consists of floors, and that no file can be reached from itself. Prints violations.

usage: circles.py [--calls] [ROOT]

Floors, in the whole tree: a file of common/ includes and calls only its own floor and those below (FLOORS), kafka and lake
do not know each other, and a program includes no other program.

Circles:
- by includes: X.h, X.c and the private X_impl.h are one room; no room includes another that leads back to it.  Of all
  headers of the tree none includes itself through others.
- by calls: no .c file calls another of its folder that calls it, perhaps through others.
- by pointers: no function calls back, by a pointer, one that gets into the caller again, if that leads through another
  file.  A callback that is handed downwards and called from there is what drivers are for, as long as it does not enter
  the driver again: a record that is written calls `serve`, which writes a record.  REENTERED has the one exception.
  Which functions a pointer may lead to is decided by their type, as compilers do it for control flow integrity: each
  whose address is taken somewhere and that has the pointer's type; and by names: `.idle` and `->idle` hold no function
  that is only ever set into `.end`.  Each program is looked at together with common/.
"""
import argparse
import pathlib
import re
import sys

import csource

FLOORS = {"base": 0, "io": 1, "stream": 2, "data": 3, "stat": 4, "parquet": 4, "kafka": 5, "lake": 5, "db": 5}
found = []  # what is wrong

# Members through which a file may be entered again, because it is made for that: {(file of the caller, member)}.
# `sign` of a request may wait for requests that need no `sign`; the client starts no others meanwhile (http.h).
REENTERED = {("common/io/http_call.c", "sign")}


def components(graph):
    """The sets of nodes that lead to each other (Tarjan), of two at least."""
    index, low, stack, on, parts = {}, {}, [], set(), []
    for root in sorted(graph, key=str):
        if root in index:
            continue
        work = [(root, iter(sorted(graph[root], key=str)))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on.add(root)
        while work:
            node, edges = work[-1]
            for next_ in edges:
                if next_ not in index:
                    index[next_] = low[next_] = len(index)
                    stack.append(next_)
                    on.add(next_)
                    work.append((next_, iter(sorted(graph.get(next_, ()), key=str))))
                    break
                if next_ in on:
                    low[node] = min(low[node], index[next_])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    at = stack.index(node)
                    parts.append(stack[at:])
                    on -= set(stack[at:])
                    del stack[at:]
    return [part for part in parts if len(part) > 1]


def way(graph, start, inside, file_of):
    """A shortest circle from START through INSIDE that leads through another file."""
    seen, queue = {(start, False): None}, [(start, False)]
    for node, left in queue:
        for next_ in sorted(graph.get(node, ()), key=str):
            state = (next_, left or file_of(next_) != file_of(start))
            if next_ == start and state[1]:
                path, step = [str(start)], (node, left)
                while step:
                    path.insert(0, str(step[0]))
                    step = seen[step]
                return path
            if next_ in inside and state not in seen:
                seen[state] = (node, left)
                queue.append(state)
    return None


class Tree:
    def __init__(self, root):
        self.sources = {}
        for path in sorted([*root.glob("cmd/**/*"), *root.glob("common/**/*")]):
            if path.suffix in (".c", ".h", ".cc"):
                name = str(path.relative_to(root))
                self.sources[name] = csource.Source(name, path.read_text(encoding="utf-8"))
        self.functions, self.variables = {}, {}
        for source in self.sources.values():
            for f in source.functions.values():
                if f.type and not f.static:
                    self.functions[program(source.path), f.name] = f
            for name in source.variables:
                self.variables[program(source.path), name] = source.path
        self.taken, self.copies = {}, {}  # {type: {(member or None, function)}}; {member: {members it is set from}}
        for source in self.sources.values():
            self.resolve(source)

    def seen(self, source):
        """The file with everything that it includes."""
        known = [source.path]
        for one in known:
            known += [i for i in self.sources[one].includes if i in self.sources and i not in known]
        return [self.sources[one] for one in known]

    def find(self, source, seen, name):
        for one in seen:
            if name in one.functions and (one is source or one.functions[name].static):
                return one.functions[name]
        return self.functions.get((program(source.path), name)) or self.functions.get(("common", name))

    def pointers(self, source, seen):
        """The functions that may be called by a pointer: ({member: {type}}, {parameter or variable: {type}})."""
        aliases = {name: type_ for one in seen for name, type_ in one.aliases.items()}
        named = {}
        for one in seen:
            here = {name: set(types) for name, types in one.pointers.items()}
            for alias in (a for a in aliases if a in one.text):
                for name in re.findall(rf"\b{alias}\s*\*\s*(\w+)", one.text):
                    here.setdefault(name, set()).add(aliases[alias])
            named[one.path] = here
        members = {}
        for here in named.values():
            for name, types in here.items():
                members.setdefault(name, set()).update(types)
        return members, named[source.path]

    def pasted(self, source, seen):
        """The names that macros of the file make: of `metric_##NAME` and a list ROW(count) ROW(sum) of another macro, or
        of the file itself."""
        macros = [f.body for one in seen for f in one.functions.values() if not f.type]
        words = {word for body in macros for word in re.findall(r"\w\((\w+)\)", body)}
        for f in source.functions.values():
            for prefix in re.findall(r"(\w+)\s*##", f.body) if not f.type and not source.path.endswith(".h") else ():
                used = re.findall(rf"\b{f.name}\((\w+)", source.data)
                yield from (prefix + word for word in [*words, *used])

    def resolve(self, source):
        """Whom each function of the file calls, by name or by a pointer, and whose address the file takes."""
        seen = self.seen(source)
        members, variables = self.pointers(source, seen)
        pasted = " ".join(self.pasted(source, seen))
        for f in [*source.functions.values(), csource.Function(source.path, "", True, None, source.data + pasted)]:
            for name, called, member, into in csource.names_in(f.body):
                if member:
                    f.callbacks |= {(name, t) for t in members.get(name, ()) if called == csource.takes(t)}
                    if into not in (None, name):
                        self.copies.setdefault(into, set()).add(name)
                    continue
                if called >= 0 and name in variables:
                    f.callbacks |= {(None, t) for t in variables[name] if called == csource.takes(t)}
                    continue
                other = self.find(source, seen, name)
                if other and called >= 0:
                    f.calls.add(other)
                elif other and other.type:
                    source.taken.add(other)
                    self.taken.setdefault(other.type, set()).add((into, other))
                for where in (program(source.path), "common"):
                    if (where, name) in self.variables and not other:
                        source.needs.add(self.variables[where, name])

    def behind(self, f, met=None):
        """The functions of .c files that F calls, be it by one of a header."""
        met = set() if met is None else met
        for other in f.calls - met:
            met.add(other)
            if other.file.endswith(".h"):
                yield from self.behind(other, met)
            elif other.type:
                yield other
            else:
                yield from self.behind(other, met)

    def called_back(self, member, type_):
        """The functions that a pointer of that type may lead to; a member holds what is set into it by its name, or by place."""
        names = [member]
        for name in names:
            names += self.copies.get(name, set()) - set(names)
        return {f for into, f in self.taken.get(type_, ()) if member is None or into is None or into in names}

    def calls(self, folder):
        """{file: {files of the folder that it needs to be linked}}."""
        graph = {}
        for path, source in self.sources.items():
            if path.endswith(".h") or str(pathlib.PurePath(path).parent) != folder:
                continue
            needs = {f.file for f in source.taken} | source.needs
            for f in source.functions.values():
                if f.type:
                    needs |= {other.file for other in self.behind(f)}
            graph[path] = {n for n in needs if n != path and str(pathlib.PurePath(n).parent) == folder and not n.endswith(".h")}
        return graph


def program(path):
    """The scope in which names of functions are unique: a program, or common/."""
    parts = path.split("/")
    return "common" if parts[0] == "common" else parts[1].removesuffix(".c")


def folder_of(path):
    return str(pathlib.PurePath(path).parent)


def room(path):
    return path.rsplit(".", 1)[0].removesuffix("_impl")


def circles(graph, words):
    for part in components(graph):
        path = way(graph, sorted(part)[0], set(part), lambda node: node)
        found.append(f"a circle by {words}: {' -> '.join(path)}")


def by_includes(tree, folders):
    headers = {p: {i for i in s.includes if i in tree.sources} for p, s in tree.sources.items() if p.endswith(".h")}
    circles(headers, "includes")
    for folder in folders:
        rooms = {}
        for path, source in tree.sources.items():
            if folder_of(path) == folder:
                here = rooms.setdefault(room(path), set())
                here |= {room(i) for i in source.includes if folder_of(i) == folder and room(i) != room(path)}
        circles(rooms, "includes")


def by_pointers(tree, folders):
    """One graph for each program together with the common folders; what is in several is reported once."""
    shared = [f for f in folders if f.startswith("common/")]
    for folder in [f for f in folders if f.startswith("cmd/")] or [None]:
        inside = {f for s in tree.sources.values() if folder_of(s.path) in [*shared, folder] for f in s.functions.values()}
        graph = {f: {o for o in tree.behind(f) if o in inside} for f in inside if f.type}
        for f in graph:
            for member, type_ in f.callbacks:
                if (f.file, member) not in REENTERED:
                    graph[f] |= tree.called_back(member, type_) & inside
        for part in components(graph):
            files = sorted({f.file for f in part})
            if len(files) > 1:
                path = way(graph, sorted(part, key=str)[0], set(part), lambda f: f.file)
                found.append(f"a circle by pointers among {', '.join(files)}: {' -> '.join(path or map(str, part))}")


def floors(tree):
    for path, source in tree.sources.items():
        needs = set(source.includes) | source.needs | {f.file for f in source.taken}
        needs |= {other.file for f in source.functions.values() for other in f.calls}
        for other in sorted(needs & set(tree.sources)):
            mine, theirs = path.split("/"), other.split("/")
            if theirs[0] == "cmd" and program(path) != program(other):
                found.append(f"{path} needs {other}: no file needs another program")
            elif mine[0] == theirs[0] == "common" and mine[1] != theirs[1] and FLOORS[mine[1]] <= FLOORS[theirs[1]]:
                found.append(f"{path} needs {other}, which is not a floor below its own")


def main():
    parser = argparse.ArgumentParser(usage="circles.py [--calls] [ROOT]")
    parser.add_argument("--calls", action="store_true", help="only print which file calls which of its folder")
    parser.add_argument("root", nargs="?", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parents[2])
    options = parser.parse_args()
    tree = Tree(options.root)
    folders = sorted({folder_of(path) for path in tree.sources})
    if options.calls:
        for folder in folders:
            for path, others in tree.calls(folder).items():
                for other in sorted(others):
                    print(path, other)
        return
    floors(tree)
    by_includes(tree, folders)
    for folder in folders:
        circles(tree.calls(folder), "calls")
    by_pointers(tree, folders)
    for line in dict.fromkeys(found):
        print(line)
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
