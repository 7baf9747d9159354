#!/usr/bin/env python3
"""waits.py [--list] WAITS.md [FILE.c...]: does the page name each call in cmd/ and common/ that may wait, and no other?

Prints what is wrong.  --list prints the calls as the first two cells of rows.  A row is
| `FILE: FUNCTION` `CALL` `CALL`… | what it waits for | limit | what is said | `tests/FILE: TITLE` |; its last cell names a
test that exists, or is "-: why none".  What asks only (poll with 0, flock with LOCK_NB) does not wait.
"""
import pathlib
import re
import sys

import named

ROOT = named.ROOT
PLAIN = """poll ppoll select pselect epoll_wait flock lockf accept accept4 connect recv recvfrom recvmsg send sendto sendmsg
read write splice wait waitpid waitid wait4 nanosleep clock_nanosleep sleep usleep sigwait sigwaitinfo sigtimedwait sigsuspend
pause pthread_join pthread_cond_wait pthread_cond_timedwait sem_wait getaddrinfo gai_suspend getline fgets getc fread open openat
fopen system popen pclose curl_easy_perform curl_multi_wait curl_multi_poll gss_init_sec_context""".split()
KAFKA = """metadata query_watermark_offsets offsets_for_times committed commit position flush consumer_close consumer_poll
poll queue_poll queue_poll_callback consume consume_batch consume_queue consume_batch_queue consume_stop destroy clusterid
controllerid list_groups init_transactions send_offsets_to_transaction commit_transaction abort_transaction unsubscribe seek
seek_partitions""".split()
POSTGRES = """connectdb connectdbParams setdb setdbLogin reset ping pingParams exec execParams execPrepared prepare
describePrepared describePortal getResult getCopyData getline putCopyData putCopyEnd putline endcopy fn cancel""".split()
# Each may wait for a lock, by the busy handler.
SQLITE = """step exec get_table prepare prepare_v2 prepare_v3 blob_open blob_reopen backup_step wal_checkpoint wal_checkpoint_v2
sleep""".split()
GROUPS = [("rd_kafka_", KAFKA), ("PQ", POSTGRES), ("sqlite3_", SQLITE)]
NAMES = "|".join(PLAIN + [f"{prefix}(?:{'|'.join(words)})" for prefix, words in GROUPS])
CALL = re.compile(rf"(?<![\w.>])({NAMES})\(")
# Opening what is not a regular file (a pipe, somebody's FIFO) may wait, unless O_NONBLOCK or O_CREAT | O_EXCL is given.
ASKS = {
    "poll": r", 0$", "ppoll": r"^$", "flock": "LOCK_NB", "open": "O_NONBLOCK|O_DIRECTORY|O_EXCL|O_TMPFILE|/dev/null",
    "rd_kafka_poll": r", 0$", "rd_kafka_queue_poll": r", 0$", "rd_kafka_queue_poll_callback": r", 0$",
    "rd_kafka_consumer_poll": r", 0$", "rd_kafka_consume_batch_queue": r"^[^,]*, 0,",
}  # fmt: skip
ASKS["openat"] = ASKS["open"]


def code(text):
    """TEXT without comments and the contents of strings, of as many lines."""
    token = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'', re.S)

    def blank(m):
        kept = '"/dev/null"' if m[0] == '"/dev/null"' else '""' if m[0][0] == '"' else "' '" if m[0][0] == "'" else " "
        return kept + "\n" * m[0].count("\n")

    return token.sub(blank, text)


def arguments(text, i):
    """The text between parentheses, of which the opening one is just before I."""
    depth, j = 1, i
    while depth:
        depth += {"(": 1, ")": -1}.get(text[j], 0)
        j += 1
    return " ".join(text[i : j - 1].split())


def calls(path):
    """{(function, call)} of a C file."""
    text, found = code(path.read_text()), {}
    heads = [(m.start(), m[1]) for m in re.finditer(r"^[a-zA-Z][^;{}#]*?\b(\w+)\([^;{}]*\)[^;{}()]*\n\{", text, re.M)]
    for m in CALL.finditer(text):
        function = next((name for at, name in reversed(heads) if at < m.start()), None)
        if not function or text[text.rfind("\n", 0, m.start()) + 1].isalpha():
            continue  # a declaration
        if not re.search(ASKS.get(m[1], "(?!)"), arguments(text, m.end())):
            found[function, m[1]] = text.count("\n", 0, m.start()) + 1
    return found


def table(page):
    """[(file, function, call, row)]"""
    for line in page.splitlines():
        head = re.match(r"\| `([\w./-]+): (\w+)`((?: `\w+`)+) \|", line)
        if head:
            for call in re.findall(r"`(\w+)`", head[3]):
                yield head[1], head[2], call, line


def main():
    words = sys.argv[1:]
    listing = words[:1] == ["--list"]
    page, *files = (pathlib.Path(w) for w in words[listing:])
    files = files or sorted([*ROOT.glob("cmd/**/*.c"), *ROOT.glob("common/**/*.c")])
    there = {}
    for path in files:
        name = str(path.resolve().relative_to(ROOT)) if ROOT in path.resolve().parents else path.name
        for (function, call), line in calls(path).items():
            there[name, function, call] = line
    if listing:
        for name, function in dict.fromkeys(k[:2] for k in there):
            print(f"| `{name}: {function}` " + " ".join(f"`{k[2]}`" for k in there if k[:2] == (name, function)) + " |")
        return
    rows = {row[:3]: row[3] for row in table(page.read_text())}
    for key, line in there.items():
        if key not in rows:
            print(f"{key[0]}:{line}: {key[1]}() may wait in {key[2]}(), and {page} does not say what for")
    for key in rows.keys() - there.keys():
        print(f"{page}: {key[0]}: {key[1]}() does not wait in {key[2]}()")
    for line in dict.fromkeys(rows.values()):
        cells = [c.strip() for c in line.strip("|").split(" | ")]
        if len(cells) != 5 or not all(cells):
            print(f"{page}: not five cells: {line}")
            continue
        count, wrong = named.missing(cells[4])
        if wrong or not count and not cells[4].startswith("-: "):
            print(f"{page}: {cells[0]}: {'; '.join(wrong) or 'no test is named'}")


main()
