/* Private to copy.c and pack.c: what the columns and a scan have in common. */
#ifndef WEIR_PARQUET_COPY_IMPL_H
#define WEIR_PARQUET_COPY_IMPL_H

#include <string.h>

#include "common/parquet/copy.h"

#define COPY_BAD 255 /* no level */

/* A leaf of the columns and what the scan has for it. */
struct copy_leaf {
	const struct pq_scan_leaf *from; /* NULL: the file does not have it, and it is null in all rows */
	uint8_t remap[256];              /* the definition level in the columns for each of the file, or COPY_BAD */
};

struct pq_copy {
	const struct pq_scan *scan;
	struct copy_leaf *leaf; /* a leaf of the columns each */
};

/* The level in the columns of entry E of C. */
static inline unsigned copy_level(const struct copy_leaf *c, size_t e)
{
	const struct pq_batch *batch = &c->from->batch;
	return c->remap[batch->def ? batch->def[e] : c->from->max_def];
}

static inline const struct pq_column_values *copy_values(const struct copy_leaf *c)
{
	return c->from->batch.index ? &c->from->dictionary : &c->from->batch.values;
}

/* The number of the value of entry E of C among copy_values(). */
static inline size_t copy_place(const struct copy_leaf *c, size_t e)
{
	const struct pq_batch *batch = &c->from->batch;
	size_t i = batch->at ? batch->at[e] : e;
	return batch->index ? batch->index[i] : i;
}

/* Decimal I of DATA, whose values have WIDTH bytes. */
static inline pq_int128 copy_decimal(const unsigned char *data, size_t width, size_t i)
{
	pq_int128 v;
	int64_t shorter;
	if (width == sizeof v) {
		memcpy(&v, data + i * sizeof v, sizeof v);
		return v;
	}
	memcpy(&shorter, data + i * sizeof shorter, sizeof shorter);
	return shorter;
}

/* There is a null where LEAF allows none: -EBADMSG, with the reason in ERR. */
int copy_refuse_null(const struct pq_leaf *leaf, struct strbuf *err);

#endif
