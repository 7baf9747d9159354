/*
 * SQLite: the cells of values.  See db_sqlite.h.
 *
 * Whole numbers and booleans are 64 bits, REAL is a double, everything else text or bytes.  A cell of DB_ANY begins
 * with a byte that says which: 'i', 'd' or 't'.
 */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "common/data/convert.h"
#include "common/data/json_text.h"
#include "common/data/utf8.h"
#include "common/db/db_cell.h"
#include "common/db/db_sqlite_impl.h"
#include "common/db/db_write.h"

static int put_double(const struct value *v, struct strbuf *out, const char **why)
{
	double d;
	int r = convert_double(v, &d, why);
	if (r == 0 && isnan(d)) {
		*why = "is not a number, which SQLite would store as null";
		return -ERANGE;
	}
	if (r == 0)
		db_cell_double(out, d);
	return r;
}

/* A value of a column without a type, or with one that says nothing: as it is. */
static int put_any(const struct value *v, struct strbuf *out, const char **why)
{
	struct strbuf bytes = STRBUF_INIT;
	const char *s;
	size_t len;
	uint64_t big;
	int r = 0;
	if (value_is_null(v))
		return -ENODATA;
	if (v->type == VALUE_INT || v->type == VALUE_BOOL) {
		strbuf_addch(&bytes, 'i');
		big = (uint64_t)(v->type == VALUE_INT ? v->i : v->b);
		strbuf_add(&bytes, &big, sizeof big);
	} else if (v->type == VALUE_DOUBLE) {
		strbuf_addch(&bytes, 'd');
		strbuf_add(&bytes, &v->d, sizeof v->d);
	} else if ((r = db_write_text(v, 0, &s, &len, why)) == 0) {
		strbuf_addch(&bytes, 't');
		strbuf_add(&bytes, s, len);
	}
	if (r == 0)
		db_cell_bytes(out, bytes.s, bytes.len);
	strbuf_release(&bytes);
	return r;
}

static int put_number(struct db_column *c, const struct value *v, struct strbuf *out, const char **why)
{
	int64_t n;
	bool b;
	int r;
	if (c->kind == DB_BOOL) {
		r = convert_bool(v, &b, why);
		n = r == 0 && b;
	} else {
		r = convert_int64(v, &n, why);
	}
	if (r == 0)
		db_cell_int(out, n, 64);
	return r;
}

int sqlite_encode(struct db_column *c, const struct value *v, struct strbuf *out, const char **why)
{
	int r;
	switch (c->kind) {
	case DB_BOOL:
	case DB_INT:
		r = put_number(c, v, out, why);
		break;
	case DB_FLOAT:
	case DB_DOUBLE:
		r = put_double(v, out, why);
		break;
	case DB_ANY:
		r = put_any(v, out, why);
		break;
	case DB_BYTES:
		r = db_write_binary(v, out, why);
		break;
	default:
		r = db_write_as_text(c, v, out, why);
	}
	if (r == -ENODATA)
		db_cell_null(out);
	return r;
}
