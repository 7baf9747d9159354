/*
 * Pruning: whether rows of which only little is known may match a condition.
 *
 * Layer: parquet (uses base; schema and value of data).  A core: no files.  It serves row groups and pages of Parquet
 * files and files of Delta tables alike.  A condition is a tree of comparisons of a column with a constant, with the
 * meaning of weir-expr(7) for the value as JSON: null is less than, equal to and greater than nothing, but !=; so are
 * values of unlike types; times are texts, unless they are compared as times.  Whoever makes the tree leaves out what
 * has no place in it (PRUNE_ANY), so that it is true for all rows for which the expression is.
 */
#ifndef WEIR_PARQUET_PRUNE_H
#define WEIR_PARQUET_PRUNE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/data/schema.h"
#include "common/data/value.h"
#include "common/parquet/format.h"

/* Rows [from, to), ascending, which neither overlap nor touch. */
struct pq_range {
	uint64_t from, to;
};
struct pq_ranges {
	struct pq_range *item; /* owned */
	size_t count, room;
};
void pq_ranges_release(struct pq_ranges *r);
/* Append a range that begins at or after the end of the last one. */
void pq_ranges_add(struct pq_ranges *r, uint64_t from, uint64_t to);
/* Replace INTO by what is in both, in at least one. */
void pq_ranges_and(struct pq_ranges *into, const struct pq_ranges *other);
void pq_ranges_or(struct pq_ranges *into, const struct pq_ranges *other);
uint64_t pq_ranges_rows(const struct pq_ranges *r);

enum prune_op {
	PRUNE_ANY, /* true for any row */
	PRUNE_NONE,
	PRUNE_AND, /* of its children */
	PRUNE_OR,
	PRUNE_LT, /* the column OP the value */
	PRUNE_LE,
	PRUNE_EQ,
	PRUNE_NE,
	PRUNE_GE,
	PRUNE_GT,
	PRUNE_NULL, /* the column is null; is not null */
	PRUNE_NOT_NULL,
};

struct prune {
	enum prune_op op;
	size_t column; /* a number that means something to the caller */
	/*
	 * An int, double, number, string, boolean (anything else is like no value: nothing is known); or a VALUE_TIME:
	 * then the column, a string, timestamp or date, is compared as time() of weir-expr(7).
	 */
	struct value value;
	struct prune *child; /* of AND and OR; owned by whoever made the tree */
	size_t children;
};

/* A bound of the values of a column, in its type. */
struct prune_bound {
	bool known;
	bool exact; /* the value itself; else a prefix, or what is less (greater) than it */
	union {
		int64_t i;     /* boolean, int, bigint, date, timestamps */
		double d;      /* float, double */
		pq_int128 big; /* decimals, without the point */
		struct {
			const char *s;
			size_t len;
		} bytes; /* string, binary */
	} v;
};

/* What is known of a column in some rows. */
struct prune_facts {
	int64_t rows, nulls; /* -1: not known */
	struct prune_bound min, max;
	bool no_nan; /* float, double: there is no NaN, which bounds do not count */
	/* NULL: nothing else is known; else whether the column may have VALUE, which it could have by its bounds */
	bool (*may_have)(void *arg, const struct value *value);
	void *arg;
};

/*
 * Whether one of the rows may hold a value for which `column OP value` is true: false only when that is certain.  OP is
 * one of the last eight; FIELD is the column's.
 */
bool prune_may(
	const struct schema_field *field, const struct prune_facts *facts, enum prune_op op, const struct value *value);

/*
 * The same for a tree.  FACTS tells what is known of a column and returns its field, or NULL: nothing is known.
 */
bool prune_tree(const struct prune *pred,
	const struct schema_field *(*facts)(void *arg, size_t column, struct prune_facts *ret), void *arg);

#endif
