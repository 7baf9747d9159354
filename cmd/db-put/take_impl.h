/* What take.c, take_row.c and take_text.c share: see take.h. */
#ifndef WEIR_DB_PUT_TAKE_IMPL_H
#define WEIR_DB_PUT_TAKE_IMPL_H

#include "columns.h"
#include "common/data/expr.h"
#include "common/data/members.h"
#include "common/data/records.h"
#include "common/data/rejects.h"
#include "common/db/db_state.h"
#include "held.h"
#include "tombstone.h"
#include "unwrap.h"

struct take {
	struct db *db;
	struct db_table *table;
	struct db_state *state; /* of that table */
	bool later;             /* there is no table yet: it is made when records show its columns */
	struct columns_choice *choice;
	struct rejects *rejects;
	struct held held;
	struct strbuf row;  /* that the current record puts or deletes */
	const char **names; /* owned, the list only: of the columns that are written */

	struct expr *delete_on; /* owned; NULL: there is none */
	struct members members; /* JSON: the members of rows */
	struct json *asked;     /* JSON: the fields of delete_on */
	/* JSON: changes */
	struct members events;
	struct unwrap unwrap;
	struct tombstone tombstone;
	size_t envelope[ENVELOPE_MEMBERS]; /* where the reader of records has these members */
	struct strbuf before;              /* the row that the current record takes away before it puts another */
	struct strbuf other;               /* the first field of the record that is not a column */
	bool has_other;
	/* --on-new-field add */
	struct unwrap_image fresh; /* a record, or some, with fields that the table lacks; s NULL: none */
	const char *grown;         /* the record for which columns were added: what is still not one is left out */
	const char *span_end;
	struct strbuf told; /* the names of those that are ignored and were reported, each with a NUL */

	struct records *records; /* TSV and CSV; NULL: JSON */
	size_t *from;            /* for each column that is written: the column of records, or SIZE_MAX */
	size_t width;            /* columns of a record */
	size_t least;            /* the greatest number of a column that an option names; 0: none does */
	struct value *values;
};

#define TAKE_INIT                                                                                    \
	{                                                                                            \
		.row = STRBUF_INIT, .before = STRBUF_INIT, .other = STRBUF_INIT, .told = STRBUF_INIT \
	}

#endif
