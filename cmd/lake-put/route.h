/*
 * Which table a record goes into, when the operand TABLE has a field in it: lake/{.topic}.
 *
 * Decides only: it opens nothing and prints nothing.  The field's value is the table's name: 1 to 249 letters, digits,
 * '.', '_' and '-', as Kafka allows for topics; so no two names give one table.  The part of the path in which it
 * stands, with what is before and after it there, must not begin with '.' or '_': readers of lakes take such names for
 * hidden, and the log of a table begins so.
 */
#ifndef WEIR_LAKE_PUT_ROUTE_H
#define WEIR_LAKE_PUT_ROUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/data/template.h"

#define ROUTE_NAME_MAX 249 /* bytes; Kafka's limit */

struct route {
	bool many;    /* there is a field: otherwise the table is BEFORE */
	char *before; /* what stands before and after the field, owned; "" for nothing */
	char *after;
	char *text; /* the field as the user wrote it, owned */
	struct expr_field field;
};

/*
 * Read the operand TABLE.  -EINVAL with the reason in ERR: a field cannot be read, there are several, or it stands in
 * the part of a URL that says where the store is.  Release RET in any case.
 */
int route_parse(const char *table, struct route *ret, struct strbuf *err) MUST_CHECK;
void route_release(struct route *route);

/* Whether the LEN bytes at NAME can be the name of a table: 0, or -EINVAL with the reason in ERR. */
int route_check(const struct route *route, const char *name, size_t len, struct strbuf *err) MUST_CHECK;

/* Append the URL of the table NAME, which has passed route_check(). */
void route_url(const struct route *route, const char *name, struct strbuf *out);

/* Append the URL of the directory that holds all these tables. */
void route_directory(const struct route *route, struct strbuf *out);

/*
 * The table of which ENTRY, a name in that directory, is a part: *RET, owned by the caller, is its name; false when it
 * is not one of these tables.
 */
bool route_match(const struct route *route, const char *entry, char **ret) MUST_CHECK;

#endif
