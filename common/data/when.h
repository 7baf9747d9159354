/*
 * The time of a record, as given by options and rules: one grammar for all programs, which weir-expr(7) describes.
 *
 *     now          when the record is read
 *     .ts  $2      a field: RFC 3339, or an epoch number of s, ms, us or ns, depending on its size
 *     FORMAT@.ts   a field in this format: s, ms, us, ns, rfc3339, or a pattern of strptime(3)
 *     EXPR         any other expression
 *
 * Layer: data (uses base, time, value, expr, records).
 */
#ifndef WEIR_DATA_WHEN_H
#define WEIR_DATA_WHEN_H

#include "common/data/expr.h"
#include "common/data/records.h"
#include "common/data/time.h"
#include "common/data/value.h"

struct when {
	enum when_kind { WHEN_NOW, WHEN_FIELD, WHEN_EXPR } kind;
	struct expr *expr; /* owned; for a field, an expression that is just the field */
	int slot;          /* WHEN_FIELD */
	bool has_format;
	struct time_format format;
	struct time_cache times;
};

/*
 * TEXT says how to get the time of R's records; this asks R for its fields.  0, -ENOMEM, or -EINVAL with the reason in
 * ERR.  Release W in any case.
 */
int when_init(struct when *w, const char *text, struct records *r, struct strbuf *err) MUST_CHECK;
void when_release(struct when *w);

/* Whether W reads the value with the index SLOT. */
bool when_reads(const struct when *w, int slot) MUST_CHECK;

/* The time of the record with these VALUES; not for WHEN_NOW.  0, or -EINVAL or -ERANGE: it has none. */
int when_compute(struct when *w, const struct value *values, struct timespec *ret) MUST_CHECK;

/* The same, faster for a plain field. */
MUST_CHECK static inline int when_read(struct when *w, const struct value *values, struct timespec *ret)
{
	if (w->kind == WHEN_FIELD && !w->has_format)
		return value_time(&values[w->slot], &w->times, ret);
	return when_compute(w, values, ret);
}

/* The time of V in FORMAT; if that is NULL, by value_time() with CACHE.  Returns like when_compute(). */
int when_value(const struct time_format *format, struct time_cache *cache, const struct value *v,
	struct timespec *ret) MUST_CHECK;

/* The '@' in the LEN bytes at S if they are FORMAT@FIELD, else NULL.  For callers that read the field themselves. */
const char *when_at(const char *s, size_t len);

#endif
