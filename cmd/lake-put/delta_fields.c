/* New fields: see delta_fields.h. */
#include "delta_fields.h"

#include <errno.h>
#include <string.h>

#include "common/data/schema_infer.h"

#define AHEAD 1000 /* records */

/* Infer a schema from up to MAX of these records, into RET.  -ENOMEM, or -EINVAL with ERR. */
static int look(const char *s, size_t len, char delim, size_t max, struct schema *ret, struct strbuf *err)
{
	struct schema_infer *in;
	struct strbuf notes = STRBUF_INIT; /* with columns that the table may already have, perhaps with other types */
	const char *end = s + len;
	int r = schema_infer_new(&in);
	if (r < 0)
		return r;
	for (size_t i = 0; i < max && s < end && r != -E2BIG && r != -ENOMEM; i++) {
		const char *stop = memchr(s, delim, (size_t)(end - s));
		/* the code that reads the record reports what is wrong with it */
		r = schema_infer_json(in, s, (size_t)(stop - s));
		s = stop + 1;
	}
	r = r == -ENOMEM ? r : schema_infer_known(in, ret, &notes, err);
	schema_infer_free(in);
	strbuf_release(&notes);
	return r < 0 && r != -ENOMEM ? -EINVAL : r;
}

static int add(const struct table_place *place, struct delta_schema *s, const char *records, size_t len, char delim,
	size_t max, struct schema *ret_rows, struct strbuf *err)
{
	struct schema seen;
	int r = look(records, len, delim, max, &seen, err);
	if (r < 0)
		return r;
	r = delta_schema_extend(place, s, &seen, ret_rows, err);
	schema_release(&seen);
	return r;
}

int delta_fields_add(const struct table_place *place, struct delta_schema *s, const char *records, size_t len,
	char delim, struct schema *ret_rows, struct strbuf *err)
{
	size_t before = err->len;
	int r = -EINVAL;
	/* A later record may be the cause: try again with fewer records. */
	for (size_t max = AHEAD; max && r == -EINVAL; max = max > 8 ? max / 2 : max - 1) {
		strbuf_setlen(err, before);
		r = add(place, s, records, len, delim, max, ret_rows, err);
	}
	return r;
}
