/* Hands the records of a stream to the tables that they belong to (many.h). */
#ifndef WEIR_LAKE_PUT_MANY_ROWS_H
#define WEIR_LAKE_PUT_MANY_ROWS_H

#include "common/data/records.h"
#include "many.h"

struct many_rows {
	struct many *many;       /* borrowed */
	struct records *records; /* with the field that names the table */
	int slot;                /* of that */
};

/* Release ROWS in any case; -EINVAL with ERR: the field cannot be read; -ENOMEM. */
int many_rows_init(
	struct many_rows *rows, struct many *many, const struct filter_opts *filter, struct strbuf *err) MUST_CHECK;
void many_rows_release(struct many_rows *rows);

/*
 * As the callback `span` of struct sink_ops.  A record without such a table is refused (refuse.h); on a plain stream
 * tables are opened as their names come.
 */
int many_rows_span(struct many_rows *rows, struct sink_place *place, const char *s, size_t len, struct flow *flow,
	struct strbuf *err) MUST_CHECK;

#endif
