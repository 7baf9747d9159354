/*
 * A record as a list of members or columns, which statements change; what they leave alone is written byte for byte.
 * cmd/clean/doc.h says why clean has another editor.
 */
#ifndef WEIR_CMD_MAP_ROW_H
#define WEIR_CMD_MAP_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/hash.h"
#include "common/base/strbuf.h"
#include "common/data/expr.h"

/* A member of an object, or a column. */
struct row_member {
	const char *name; /* without escapes; NULL: a column without a name */
	size_t name_len;
	const char *lead; /* what stands before the value in the record, name and all; NULL: it is new, or a column */
	size_t lead_len;
	const char *tail; /* white space after it */
	size_t tail_len;
	struct value v;
	bool read; /* v is complete; otherwise only v.raw is set */
	bool set;  /* v is not what the record has */
	bool gone;
	enum { ROW_OTHER, ROW_PART, ROW_WHOLE } kept; /* of `keep`, meanwhile */
};

/* Where members of a record that has many are, by the hashes of their names; each that is not gone is in one chain. */
struct row_index {
	uint32_t *heads;   /* of `size` chains, a power of two: the last member of each + 1; 0: none */
	uint32_t *befores; /* of each member: the one before it in its chain + 1 */
	size_t size, cap;  /* of `befores` */
	size_t count;      /* members, from the first one, that are in the index; 0: it is not used */
	size_t compared;   /* members, before it was made */
	struct hash_seed seed;
	bool seeded;
};

struct row {
	bool json;       /* an object; otherwise columns, */
	bool csv;        /* of CSV */
	bool named;      /* with names */
	bool repeated;   /* columns: some have one name, of which the last one counts */
	bool infer;      /* columns: text that looks like a number, true or false is that in JSON */
	char delim, sep; /* of records; of the fields of CSV */
	bool loaded, changed;
	bool emitted;    /* it is a new record, not the one that was read */
	const char *rec; /* the record as it was read */
	size_t len;
	struct row_member *m;
	size_t count, cap;
	struct row_index index;
	uint64_t names; /* a bit for each name (row_name_bit()) of the first `named_count` members */
	size_t named_count;
	size_t columns;     /* that the header has */
	size_t names_len;   /* what their names take before values in JSON */
	struct arena texts; /* of names and strings with escapes, until the next record */
};

void row_release(struct row *row);

/* Begin with the JSON record of LEN bytes at S, which stays where it is until the next one.  False: it is not an
 * object. */
bool row_load_json(struct row *row, const char *s, size_t len);

/*
 * The names of columns here and below: `raw` is what is before the value in JSON, `,"name":` with the comma before it,
 * and as many bytes can be read behind it.
 */
#define ROW_NAME_PADDING 16

/* Begin with the columns VALUES; NAMES are those of the header, or NULL.  Columns that the record lacks are empty. */
void row_load_columns(struct row *row, const char *s, size_t len, const struct value *values, size_t count,
	const struct value *names);

/* The member that FIELD is, or is within; NULL: there is none. */
struct row_member *row_find(struct row *row, const struct expr_field *field);
struct row_member *row_find_name(struct row *row, const char *name, size_t len);

/* The last one with that name among those before member number BEFORE. */
struct row_member *row_find_before(struct row *row, const char *name, size_t len, size_t before);

/* Member M gets NAME, which the search is told. */
void row_find_renamed(struct row *row, struct row_member *m, const char *name, size_t len);

/* The members are others now, so what is known of them is forgotten. */
void row_find_forget(struct row *row);
void row_find_release(struct row *row);

/* The value of FIELD; TEXT has room for a string with escapes. */
void row_value(struct row *row, const struct expr_field *field, struct strbuf *text, struct value *ret);

/* The value of M, complete. */
const struct value *row_read(struct row *row, struct row_member *m);

/*
 * A new member or column at the end, or the existing one; its value is to be set.  NAME stays the caller's, and
 * must live as long as the row.
 */
struct row_member *row_add_name(struct row *row, const char *name, size_t len);
struct row_member *row_add(struct row *row, const struct expr_field *field);

/* The member is now V, whose texts live as long as the row. */
void row_set(struct row *row, struct row_member *m, const struct value *v);
void row_remove(struct row *row, struct row_member *m);

/* Of the members with M's name only M stays. */
void row_only(struct row *row, const struct row_member *m);

/*
 * Columns: FIELD is to be changed or to go.  Of those that have its name only the last one, which counts, stays, so
 * that no other one takes its place or shows what it had; a column that is given by its number is meant alone.
 */
void row_only_column(struct row *row, const struct expr_field *field);

/* Whether columns have one name. */
bool row_is_repeated(struct row *row);

/* M, the last one of its name, is called NAME from now on, which lives as long as the row; it replaces what had NAME.
 */
void row_rename(struct row *row, struct row_member *m, const char *name, size_t len);

/* The same, but nothing else changes. */
void row_call(struct row *row, struct row_member *m, const char *name, size_t len);

/* One of 64 bits, which most names of a record do not share. */
uint64_t row_name_bit(const char *name, size_t len);

/* Of members with one name only the last one, which counts, stays. */
void row_keep_last(struct row *row);

/*
 * Make ROW what it was when STATE was copied from it, with the members SAVED.  The texts of STATE stay as they are:
 * those that are made from now on are the row's own, and are released by the caller.
 */
void row_restore(struct row *row, const struct row *state, const struct row_member *saved);

/* SIZE bytes that live as long as the row's record. */
char *row_room(struct row *row, size_t size);

/* A copy of the array or object of LEN bytes at S, which lives as long as the row's record. */
struct value row_keep_json(struct row *row, const char *s, size_t len);

/* Append the record, without delimiter. */
void row_write_json(struct row *row, struct strbuf *out);
/*
 * Append a record of JSON with the columns VALUES, of which the first row->columns are called NAMES if they are not
 * NULL.  False, and nothing is appended: it is a long one, or one that lacks columns, for which a row is to be made.
 */
bool row_write_values(const struct row *row, const struct value *values, size_t count, const struct value *names,
	struct strbuf *out) MUST_CHECK;
/* The same when none of the values (at least one) needs an escape, as records_plain() says.  False: use the other one.
 */
bool row_write_plain(const struct row *row, const struct value *values, size_t count, const struct value *names,
	struct strbuf *out) MUST_CHECK;
/* Write V, a text, as JSON, JSONOUT_MAX of its length at most; returns where it ends. */
char *row_put_text(char *p, const struct row *row, const struct value *v);
/* CSV or TSV. */
void row_write_columns(struct row *row, bool csv, char delim, struct strbuf *out);
/* The names as a record of TSV or CSV. */
void row_write_names(struct row *row, bool csv, char delim, struct strbuf *out);

#endif
