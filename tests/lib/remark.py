#!/usr/bin/env python3
"""remark.py REGEX REPLACEMENT [COUNT]: a marked stream with its marks changed, and their checksums made right again.

For streams that no source writes: batches that do not follow each other, positions that are not the sink's, other
versions, unknown members.  COUNT of the marks that match are changed, by default all.
"""

import re
import sys
import zlib

pattern, replacement = re.compile(sys.argv[1].encode()), sys.argv[2].encode()
left = int(sys.argv[3]) if len(sys.argv) > 3 else sys.maxsize
for line in sys.stdin.buffer:
    if line.startswith(b"\x17") and left and pattern.search(line):
        left -= 1
        text = pattern.sub(replacement, line[: line.rindex(b',"crc"')])
        line = text + b',"crc":"%08x"}\n' % zlib.crc32(text)
    sys.stdout.buffer.write(line)
    if line.startswith(b"\x17"):
        sys.stdout.buffer.flush()
