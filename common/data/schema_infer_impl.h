/*
 * Private to schema_infer*.c.
 */
#ifndef WEIR_DATA_SCHEMA_INFER_IMPL_H
#define WEIR_DATA_SCHEMA_INFER_IMPL_H

#include "common/data/json.h"
#include "common/data/schema_infer.h"

/* The kinds of values. */
enum infer_kind {
	INFER_BOOL,
	INFER_INT,    /* within int64 */
	INFER_LONG,   /* whole, with all its digits, up to 38 */
	INFER_DOUBLE, /* any other number */
	INFER_DATE,
	INFER_TIME, /* RFC 3339 with an offset */
	INFER_STRING,
	INFER_OBJECT,
	INFER_ARRAY,
	INFER_DEEP, /* an object or array that is nested deeper than a schema can be */
	INFER_KINDS,
};

/* The kinds of: the text of a string, without escapes; a number; a field of TSV or CSV that is not empty. */
enum infer_kind infer_kind_of_string(const char *s, size_t len);
enum infer_kind infer_kind_of_number(const struct value *v);
enum infer_kind infer_kind_of_text(const struct value *text);

/* A field, or the elements of an array. */
struct infer_node {
	char *name;   /* owned; NULL: of elements, and of the root */
	char *folded; /* the same in small letters */
	size_t len;
	uint64_t seen[INFER_KINDS]; /* the record that had the first value of a kind, from 1; 0: none */
	uint64_t records;           /* how many records had the field */
	bool text;                  /* of TSV or CSV */
	struct infer_node **child;  /* owned */
	size_t count, next;         /* next: the child that is expected, as fields mostly come in one order */
	struct infer_node *element; /* owned; NULL: no array had an element */
};

struct schema_infer {
	struct infer_node root;
	struct json *json;
	uint64_t records;
	size_t fields;
	char *scratch; /* names with escapes */
	size_t scratch_cap;
	struct strbuf misfit; /* schema_infer_misfit() */
	const char *refused;  /* schema_infer_check_names(); NULL: names are not checked */
};

/* A record, which is valid JSON, as it is read. */
struct infer_record {
	struct schema_infer *in;
	const char *p, *end;
	int depth;
	bool full; /* there are too many fields */
};

/* schema_infer.c: the child of NODE with that name, or NULL. */
struct infer_node *infer_child(struct infer_node *node, const char *name, size_t len);

/* schema_infer_text.c */
void infer_skip_blanks(struct infer_record *r);
/* The string at the current position, without its quotes; it may have escapes. */
void infer_take_string(struct infer_record *r, const char **ret, size_t *ret_len, bool *ret_escapes);
/* The name at the current position, with its escapes resolved; valid until the next call. */
void infer_take_name(struct infer_record *r, const char **ret, size_t *ret_len);
/* Skip the object or array at the current position. */
void infer_skip_nested(struct infer_record *r);
/* The text of true, false, null or a number at the current position; it may be empty. */
void infer_take_word(struct infer_record *r, const char **ret, size_t *ret_len);

/* The names in a record that no record before it had. */
struct infer_names {
	struct infer_name {
		char *path, *folded; /* owned; the path in small letters */
	} * items;
	size_t count, room;
	const char *refused; /* bytes that a name must not have */
};

/*
 * schema_infer_names.c: check the new name NAME, of LEN bytes, below PARENT (NULL: it is new as well), whose path is
 * BEFORE, with a dot at its end unless it is empty.  0; with the reason in WHY: -EINVAL, it cannot name a column;
 * -EEXIST, it differs only in case from another.
 */
int infer_name_check(struct infer_names *names, const struct infer_node *parent, const struct strbuf *before,
	const char *name, size_t len, struct strbuf *why) MUST_CHECK;
void infer_names_release(struct infer_names *names);

/*
 * schema_infer_check.c: whether all values fit into columns of some type, and names can be those of columns.  0;
 * -ERANGE: in->misfit says which does not.
 */
int infer_check(const struct infer_record *record) MUST_CHECK;

#endif
