/* A mark for tests. */
#ifndef WEIR_TESTS_MARKS_H
#define WEIR_TESTS_MARKS_H

#include <errno.h>

#include "common/base/strbuf.h"
#include "common/stream/mark.h"
#include "tests/unit/check.h"

/* A valid mark with the members MORE after those that all marks have. */
static void make(struct strbuf *b, enum mark_kind kind, const char *more)
{
	struct mark m = {.kind = kind,
		.run = 0x0123456789abcdef,
		.batch = 17,
		.n = 120,
		.start_ms = -5,
		.end_ms = 1795350879034};
	size_t start;
	strcpy(m.by, "consume");
	mark_begin(b, &m, &start);
	strbuf_addstr(b, more);
	mark_end(b, start);
}

#endif
