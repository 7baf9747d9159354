/* Records in pieces: see source_put.h. */
#include "common/stream/source_put.h"

#include <errno.h>
#include <string.h>

#include "common/base/count.h"
#include "common/stream/mark.h"
#include "common/stream/scan.h"

/* Put the rest of a record that has begun, as far as it is there; returns its length. */
static size_t put_rest(struct source_put *p, struct output *o, const char *s, size_t len)
{
	const char *end = memchr(s, p->delim, len);
	size_t n = end ? (size_t)(end - s) + 1 : len;
	output_add(o, s, n);
	p->within = !end;
	p->records += end != NULL;
	return n;
}

/* A record begins at S: put all whole records up to one that must be escaped, or begin the one that is cut off. */
static size_t put_whole(struct source_put *p, struct output *o, const char *s, size_t len)
{
	static const char dle = MARK_DLE;
	const char *last = memrchr(s, p->delim, len);
	size_t whole = last ? (size_t)(last - s) + 1 : 0;
	uint64_t records = 0;
	size_t clean = scan_records(s, whole, p->delim, &records);
	output_add(o, s, clean);
	p->records += records;
	p->within = clean < len;
	if (clean < len && (s[clean] == MARK_ETB || s[clean] == MARK_DLE))
		output_add(o, &dle, 1);
	return clean;
}

int source_put(struct source_put *p, struct output *o, const char *s, size_t len)
{
	if (!len)
		return 0;
	if (!p->marked && !o->begun && *s == MARK_ETB && !p->plain)
		return -EBADMSG;
	o->begun = true;
	if (!p->marked) {
		output_add(o, s, len);
		p->records += count_bytes(s, len, p->delim);
		p->within = s[len - 1] != p->delim;
		return 0;
	}
	while (len) {
		size_t n = p->within ? put_rest(p, o, s, len) : put_whole(p, o, s, len);
		s += n;
		len -= n;
	}
	return 0;
}
