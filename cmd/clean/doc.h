/*
 * A record while rules work on it.
 *
 * Each field that a rule names is a cell.  Rules change cells; edit_json() or edit_columns() then writes the record
 * with these changes and everything else byte for byte as it was.
 */
#ifndef WEIR_CMD_CLEAN_DOC_H
#define WEIR_CMD_CLEAN_DOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/strbuf.h"
#include "common/data/records.h"
#include "common/data/rules.h"

enum cell_state {
	CELL_SAME, /* as in the record, perhaps missing there */
	CELL_SET,  /* has a new value: v.raw as JSON, v.s as text */
	CELL_GONE,
};

struct field_edit {
	const struct expr_field *field; /* the rules' */
	int source;                     /* its value's index, -1: the record can not have it */
	struct node *node;              /* of a path */
	bool target;                    /* of a renaming */
	/* The record's. */
	struct value v;
	enum cell_state state;
	bool present; /* the record has it */
	bool late;    /* CELL_SET: a rule behind keep gave it its first value */
	bool written;
	int moved_to; /* the cell that got its value by renaming, -1: none */
};

/* A step of the paths, as a tree. */
struct node {
	const char *name; /* the path's; NULL: an element of an array, or the root */
	size_t len;
	uint32_t index;
	int cell;                              /* -1: only a way to others */
	bool keep;                             /* it is kept with all that is below */
	bool leads;                            /* something below is kept */
	struct node *parent, *child, *sibling; /* children and siblings are owned */
	/* The record's. */
	uint64_t seen;      /* the serial of the record that it was found in */
	const char *member; /* where: the last one of the name */
};

/* Texts that last as long as the record. */
struct scratch {
	struct scratch_block *blocks;
	char *free;
	size_t left;
};
char *scratch_take(struct scratch *s, size_t size);
void scratch_clear(struct scratch *s);
void scratch_release(struct scratch *s);

struct doc {
	struct field_edit *cells;
	size_t count;
	struct node root;
	bool named;   /* fields of TSV or CSV have names */
	bool targets; /* of which some are new names of others */
	bool columns; /* the record is TSV or CSV */
	bool csv;
	char delim;
	/* The record's. */
	const char *rec;
	size_t len;
	uint64_t serial;
	bool changed, kept;
	struct scratch scratch;
	struct strbuf out;
	const char *problem; /* why an edit failed; static */
	/* The editor's. */
	struct member *members;
	size_t member_count, member_cap;
	int *map; /* of the columns to cells */
	size_t map_count, map_cap;
};

void doc_init(struct doc *d, bool named);
void doc_release(struct doc *d);

/* The index of FIELD's cell; FIELD is kept. */
int doc_cell(struct doc *d, const struct expr_field *field);

/* Begin with a record and the values of its fields. */
void doc_load(struct doc *d, const char *rec, size_t len, const struct value *values);

/* null, missing, or an empty column. */
static inline bool cell_null(const struct field_edit *c)
{
	return value_is_null(&c->v);
}

static inline bool cell_is_text(const struct field_edit *c)
{
	return c->v.type == VALUE_STRING || c->v.type == VALUE_TEXT;
}

/* The number that C is; a string of JSON is none. */
bool cell_number(const struct field_edit *c, long double *ret);

/* C's value is a new one. */
void doc_set(struct doc *d, struct field_edit *c);

/* Give C a new value: a string of LEN bytes at S, which live as long as the record; or anything as JSON. */
void doc_set_string(struct doc *d, struct field_edit *c, const char *s, size_t len);
void doc_set_null(struct doc *d, struct field_edit *c);
void doc_set_json(struct doc *d, struct field_edit *c, enum value_type type, const char *raw, size_t raw_len,
	const char *s, size_t len);

/* Is A's path the beginning of B's, or the same? */
bool path_covers(const struct path *a, const struct path *b);

/* The cell at whose place C's member or column is written, -1: none.  It is where a renamed value came from. */
int doc_stands_in(const struct doc *d, int cell);

/* Write the record to d->out.  false: it can not be done, d->problem says why. */
bool edit_json(struct doc *d) MUST_CHECK;
void edit_columns(struct doc *d);

/*
 * The current record of TSV or CSV has values below names that others will get, and that need not be in the header:
 * give them to their cells.
 */
void edit_targets(struct doc *d);

/* The header D->rec says which column is which cell. */
void edit_map(struct doc *d);

#endif
