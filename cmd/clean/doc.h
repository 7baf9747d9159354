/*
 * A record while rules are applied to it.
 *
 * Each field that a rule names is a cell.  Rules change cells; edit_json() or edit_columns() then writes the record
 * with these changes, and everything else byte for byte as it was.
 *
 * map has another editor (cmd/map/row.h), because its statements make fields whose names are known only when they run:
 * it lists all members first.  Here all fields are known before the first record, so nothing is listed unless a rule
 * has changed something, and one pass writes all changes, also those within objects.  Instructions a record (valgrind;
 * 165 bytes of JSON or 8 columns), here and by map with the same rules, which write the same bytes:
 *
 *     lower .action, which changes one record in five     3990   6480
 *     trim .action; lower .user; mask .ip last4           8390   9210
 *     drop .session                                       6460   6640
 *     mask .geo.city redact                               7490  10270
 *     lower $3 of TSV, which changes one in five          1430   2010
 *     trim $3; lower $2; mask $5 last4, of CSV            4010   3850
 *
 * edit_json.c goes through members by itself, since short names and values take 9 to 13 % more by json_scan.h, whose
 * strength is long ones.
 */
#ifndef WEIR_CMD_CLEAN_DOC_H
#define WEIR_CMD_CLEAN_DOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cmd/clean/node.h"
#include "common/base/arena.h"
#include "common/base/strbuf.h"
#include "common/data/records.h"
#include "common/data/rules.h"

enum cell_state {
	CELL_SAME, /* unchanged; the record may lack it */
	CELL_SET,  /* it has a new value: v.raw is JSON, v.s is text */
	CELL_GONE,
};

struct field_edit {
	const struct expr_field *field; /* owned by the rules */
	int source;                     /* the index of its value, -1: the record cannot have it */
	struct node *node;              /* of a path */
	bool target;                    /* the new name of a renaming */
	bool kept;                      /* `keep` names it */
	size_t column;                  /* of the header that has its name, the last one, from 1; 0: none */
	/* Of the current record. */
	struct value v;
	enum cell_state state;
	bool present; /* the record has it */
	bool late;    /* CELL_SET: it got its first value from a rule after `keep` */
	bool written;
	int moved_to; /* the cell to which its value was renamed; -1: none */
};

struct doc {
	struct field_edit *cells;
	size_t count;
	struct node root;
	int record;    /* the cell of the record as a whole; -1: it has none */
	int *numbered; /* the cells of columns by their numbers, from 1; -1: it has none */
	size_t numbered_count;
	bool named;   /* fields of TSV or CSV have names, */
	bool hidden;  /* and some of these have a column that does not count: it goes, from each record */
	bool targets; /* some of these are new names */
	bool columns; /* the record is TSV or CSV */
	bool csv;
	char delim, sep; /* of records, and of fields of TSV and CSV */
	/* Of the current record. */
	const char *rec;
	size_t len;
	uint64_t serial;
	bool changed, kept;
	struct arena texts; /* as long as the record */
	struct strbuf out;
	const char *problem; /* the reason why an edit failed; static */
	/* Of the editor. */
	struct member *members;
	size_t member_count, member_cap;
	int *map; /* the cells of the columns */
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

/* Note that C's value was replaced. */
void doc_set(struct doc *d, struct field_edit *c);

/* The cell in whose place C's member or column is written, because the value was renamed from there; -1: none. */
int doc_stands_in(const struct doc *d, int cell);

/* Write the record to d->out.  False: that is not possible, and d->problem says why. */
bool edit_json(struct doc *d) MUST_CHECK;
void edit_columns(struct doc *d);

/*
 * Renaming gives columns of TSV or CSV new names, which may already exist in the record although the header need not
 * have them.  Give the values of such columns in the current record to their cells.
 */
void edit_targets(struct doc *d);

/* Find the cell of each column of the header D->rec. */
void edit_map(struct doc *d);

#endif
