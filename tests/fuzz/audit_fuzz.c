/*
 * Fuzz target: the entries of a log, one after the other (common/lake/audit.h), and places in topics.  Entries are
 * parted by NUL bytes; an empty one is a gap.
 */
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/lake/audit.h"
#include "common/lake/place.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void find(void *arg, const char *text)
{
	uint64_t *count = arg;
	if (!*text)
		abort();
	++*count;
}

static void fail(void *arg, int code, const char *text)
{
	(void)arg, (void)code, (void)text;
	abort(); /* nothing is read */
}

static void check_parts(const struct audit *a)
{
	for (size_t i = 0; i < a->nparts; i++) {
		const struct audit_part *p = &a->parts[i];
		if (p->next < -1 || p->partition < 0)
			abort();
		for (size_t j = 0; j < p->count; j++)
			if (p->spans[j].from < 0 || p->spans[j].from > p->spans[j].to ||
				p->spans[j].records > p->spans[j].to - p->spans[j].from)
				abort();
	}
}

static void fuzz_entries(const uint8_t *data, size_t size)
{
	struct audit a;
	uint64_t count = 0;
	audit_init(&a, find, fail, &count);
	int64_t version = 0;
	for (const uint8_t *s = data, *end = data + size; s < end; version++) {
		const uint8_t *nul = memchr(s, '\0', (size_t)(end - s)), *stop = nul ? nul : end;
		struct strbuf text = STRBUF_INIT, err = STRBUF_INIT;
		struct entry entry;
		strbuf_add(&text, s, (size_t)(stop - s));
		if (entry_parse(&text, "name", &entry, &err) == 0) {
			audit_entry(&a, version, &entry);
			entry_release(&entry);
		} else {
			audit_gap(&a);
		}
		strbuf_release(&text);
		strbuf_release(&err);
		s = nul ? nul + 1 : end;
	}
	check_parts(&a);
	if (count != a.findings)
		abort();
	audit_release(&a);
}

static void fuzz_place(const uint8_t *data, size_t size)
{
	char *s = xstrndup((const char *)data, size);
	struct strbuf err = STRBUF_INIT;
	struct place p = {NULL, -1, -1};
	int r = place_parse(s, &p, &err);
	if (r < 0 ? p.topic || !err.len : !p.topic || p.partition < 0 || p.offset < 0 || err.len)
		abort();
	place_release(&p);
	strbuf_release(&err);
	free(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_entries(data, size);
	fuzz_place(data, size);
	return 0;
}
