/* For unit tests of common/parquet/shred.h: records in, what the leaves hold as "repetition/definition=value" out. */
#ifndef WEIR_TESTS_SHREDDED_H
#define WEIR_TESTS_SHREDDED_H

#include <errno.h>
#include <stdio.h>

#include "common/data/schema_text.h"
#include "common/parquet/shred.h"
#include "tests/unit/check.h"

static struct schema schema;
static struct pq_codec *codec;
static struct pq_columns *columns;
static struct shred *sh;

static inline void begin(const char *text, enum shred_new on_new)
{
	struct strbuf err = STRBUF_INIT;
	schema_init(&schema);
	CHECK_INT(schema_parse_text(&schema, text, strlen(text), &err), 0);
	CHECK_INT(pq_codec_new(&(struct pq_codec_spec){PQ_NONE, 0}, &codec, &err), 0);
	CHECK_INT(pq_columns_new(&schema, &(struct pq_settings){.codec = codec}, &columns, &err), 0);
	CHECK_INT(shred_new(&schema, on_new, &sh), 0);
	CHECK_STR(err.s, "");
	strbuf_release(&err);
}

static inline void end(void)
{
	shred_free(sh);
	pq_columns_free(columns);
	pq_codec_free(codec);
	schema_release(&schema);
}

static inline void add_value(struct strbuf *out, const struct pq_leaf *leaf, size_t i)
{
	int64_t n = 0;
	double d;
	uint32_t len;
	strbuf_addch(out, '=');
	if (leaf->physical == PQ_BYTE_ARRAY) {
		memcpy(&len, leaf->plain + leaf->at[i], 4);
		strbuf_add(out, leaf->plain + leaf->at[i] + 4, len);
	} else if (leaf->physical == PQ_BOOLEAN) {
		strbuf_addstr(out, leaf->plain[i] ? "true" : "false");
	} else if (leaf->physical == PQ_DOUBLE) {
		memcpy(&d, leaf->plain + 8 * i, 8);
		strbuf_addf(out, "%g", d);
	} else {
		memcpy(&n, leaf->plain + leaf->width * i, leaf->width);
		strbuf_addf(out, "%lld", leaf->width == 4 ? (long long)(int32_t)n : (long long)n);
	}
}

/* The leaf with this number holds WANT. */
static inline void check_leaf(size_t number, const char *want)
{
	const struct pq_leaf *leaf = &columns->leaf[number];
	struct strbuf out = STRBUF_INIT;
	size_t value = 0;
	for (size_t i = 0; i < leaf->entries; i++) {
		strbuf_addf(&out, "%s%d/%d", i ? " " : "", leaf->rep ? leaf->rep[i] : 0, leaf->def[i]);
		if (leaf->def[i] == leaf->max_def)
			add_value(&out, leaf, value++);
	}
	CHECK_STR(out.s, want);
	CHECK_INT(leaf->values, value);
	strbuf_release(&out);
}

/* Put all records of S, each ended by a line feed; the last must return STATUS and ERR, the earlier ones 0. */
static inline void put(const char *s, int status, const char *want)
{
	struct strbuf err = STRBUF_INIT;
	const char *rec;
	size_t len, left = 0;
	int r;
	for (const char *p = s; (p = strchr(p, '\n')); p++)
		left++;
	shred_span(sh, s, strlen(s), '\n');
	while ((r = shred_next(sh, &rec, &len)) > 0) {
		strbuf_clear(&err);
		r = shred_put(sh, columns, &err);
		CHECK_INT(r, --left ? 0 : status);
	}
	CHECK_INT(r, 0);
	CHECK_STR(err.s, want);
	strbuf_release(&err);
}

#endif
