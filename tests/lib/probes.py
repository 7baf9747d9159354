"""probes.py: what s3probe.py, azureprobe.py and hdfsprobe.py have in common.

Each asks a server what weir relies on, or has to live with, and prints one line per probe, `what: answer`.  The bats
files of the servers have the lines of the versions that are installed, so one that behaves differently shows.
"""
import collections
import http.client
import socket
import threading

import rest

ODD_KEYS = [
    *("o/a b", "o/a+b", "o/a%20b", "o/k=1&l='2'", "o/(*)!~", "o/\u00e9", "o/e\u0301", "o/\u65e5", "o/" + "x" * 200),
    *("o/\uff5e", "o/\U0001f600"),  # in another order by UTF-8 than by UTF-16
]
ORDERS = {
    "UTF-16": lambda key: key.encode("utf-16-be"),
    "UTF-8, bytes signed": lambda key: [byte ^ 0x80 for byte in key.encode()],
    "UTF-8": str.encode,
}
CUT_BODY = b"x" * 100_000


def told(answer, code=None):
    """`412 PreconditionFailed`"""
    return f"{answer.status} {answer.find('Code') if code is None else code}".rstrip()


def refused(function, *operands, **options):
    """What must() of a client answers: the status, and the code of an error."""
    try:
        return told(function(*operands, **options), "")
    except rest.Refused as error:
        return f"{error.status} {error.code}".rstrip()


def stored(read, *where):
    """The object, or None."""
    try:
        return read(*where)
    except rest.Refused:
        return None


def race(write, read, rounds=10, racers=20):
    """RACERS threads call write(KEY, BODY), a status, at once: how many won, and does read(KEY) give the winner's?"""
    seen = collections.Counter()
    for turn in range(rounds):
        key, answers = f"race{turn}", {}

        def run(racer):
            answers[racer] = write(key, b"%d" % racer)

        threads = [threading.Thread(target=run, args=(i,)) for i in range(racers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        winners = [i for i, answer in answers.items() if answer]
        own = len(winners) == 1 and read(key) == b"%d" % winners[0]
        seen[f"{len(winners)} winner, {'its content' if own else 'other content'}"] += 1
    return "; ".join(f"{count} x {what}" for what, count in sorted(seen.items()))


class Cut(http.client.HTTPConnection):
    """Sends the first half of CUT_BODY, and closes."""

    def send(self, data):
        super().send(data[: len(data) // 2] if data == CUT_BODY else data)
        if data == CUT_BODY:
            self.sock.shutdown(socket.SHUT_WR)


def cut(request):
    """Calls request(), whose connections are to be cut."""
    whole, http.client.HTTPConnection = http.client.HTTPConnection, Cut
    try:
        request()
    except (OSError, http.client.HTTPException, rest.Refused):
        pass  # no answer is as good as a bad one
    finally:
        http.client.HTTPConnection = whole


def odd_keys(write, read, listed):
    """Keys as written, read back by read(KEY) and listed by listed()."""
    for key in ODD_KEYS:
        write(key, key.encode())
    good = all(read(key) == key.encode() for key in ODD_KEYS)
    found, order = listed(), "in another order"
    for name, rule in ORDERS.items():
        if found == sorted(ODD_KEYS, key=rule):
            order = f"by {name}"
    return f"{'all' if good else 'not all'} read back, {'all' if set(found) == set(ODD_KEYS) else 'not all'} listed {order}"


def run(*functions):
    for function in functions:
        print(f"{function.__doc__}: {function()}", flush=True)
