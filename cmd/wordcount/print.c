/* How wordcount prints a word: `COUNT<TAB>WORD`, or {"count":COUNT,"word":"WORD"}. */
#include "cmd/wordcount/print.h"

#include <string.h>

#include "common/data/jsonout.h"

/* Words above this are measured before they are printed: six times their length is too much to reserve. */
#define MEASURED (64u << 10)

static char *add(char *p, const char *s)
{
	size_t len = strlen(s);
	memcpy(p, s, len);
	return p + len;
}

static char *add_tsv(char *p, const struct word *word, const char *s, size_t len)
{
	p = jsonout_int(p, (int64_t)word->count);
	*p++ = '\t';
	memcpy(p, s, len);
	return p + len;
}

static char *add_json(char *p, const struct word *word, const char *s, size_t len)
{
	p = jsonout_int(add(p, "{\"count\":"), (int64_t)word->count);
	p = jsonout_bytes(add(p, ",\"word\":"), s, len);
	return add(p, "}");
}

int word_print(const struct word *word, enum word_format format, struct flow *flow)
{
	size_t len, room = JSONOUT_INT_MAX + 32;
	const char *s = word_bytes(word, &len);
	if (format == FORMAT_TSV)
		room += len;
	else
		room += len > MEASURED ? jsonout_bytes_size(s, len) : JSONOUT_MAX(len);
	char *p = flow_reserve(flow, room), *start = p;
	if (!p)
		return FLOW_STOP;
	p = format == FORMAT_TSV ? add_tsv(p, word, s, len) : add_json(p, word, s, len);
	*p++ = flow->delim;
	return flow_commit(flow, (size_t)(p - start));
}
