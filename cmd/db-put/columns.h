/* Which columns of the table db-put writes, and by which a row is found. */
#ifndef WEIR_DB_PUT_COLUMNS_H
#define WEIR_DB_PUT_COLUMNS_H

#include "common/data/expr.h"
#include "common/db/db.h"

/* Where the value of a column is in a record. */
struct columns_source {
	bool given; /* else it is the field of the column's name */
	struct expr_field field;
	int slot; /* for the reader of records */
};

struct columns_choice {
	struct db_plan plan;
	size_t *columns, *key;          /* owned: those of the plan */
	bool *is_key;                   /* owned: of each cell */
	struct columns_source *sources; /* owned: of each cell */
	bool sourced;                   /* some are given */
	bool named;                     /* --columns names them: other fields of records are left out */
};

/*
 * Choose the columns of TABLE, which is borrowed, that the list NAMES says, `a,"b c"=.path,d=$3` (NULL: all that can be
 * written and for which the database has no value of its own), and the key that KEY says (NULL: none); `a,"b c"`.  0;
 * -EINVAL with ERR: there is no such column, one is named twice or cannot be written, a required one is missing, or the
 * key is not among them. Release RET in any case.
 */
int columns_choose(const struct db_table *table, const char *names, const char *key, struct columns_choice *ret,
	struct strbuf *err) MUST_CHECK;
void columns_choice_release(struct columns_choice *choice);

/* The units of times that are numbers, which no database knows, are in SCHEMA: set them in the columns of TABLE. */
void columns_take_units(struct db_table *table, const struct schema *schema);

/* Split LIST at its commas: *RET has *RET_COUNT names, of which "…" may hold commas.  -EINVAL with ERR. */
int columns_split(const char *list, char ***ret, size_t *ret_count, struct strbuf *err) MUST_CHECK;
void columns_split_release(char **names, size_t count);

#endif
