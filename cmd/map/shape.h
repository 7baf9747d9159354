/* Statements that change which members a record has, and what they are called. */
#ifndef WEIR_CMD_MAP_SHAPE_H
#define WEIR_CMD_MAP_SHAPE_H

#include "cmd/map/step.h"
#include "cmd/map/row.h"

/* Set FIELD of ROW to V.  TEXT holds what is made.  False: there is no place for it. */
bool shape_set(struct row *row, const struct expr_field *field, const struct value *v, struct strbuf *text) MUST_CHECK;

/* Of members with one name on the way to FIELD, which the row lacks, only the last ones stay: another one may have it.
 * TEXT holds what is made. */
void shape_only(struct row *row, const struct expr_field *field, struct strbuf *text);

void shape_del(struct row *row, struct map_step *s);
void shape_keep(struct row *row, struct map_step *s);
/* False: there is no place for the field, and nothing is changed. */
bool shape_rename(struct row *row, struct map_step *s) MUST_CHECK;
/* 0, or -errno of regex_replace(). */
int shape_rename_all(struct row *row, struct map_step *s) MUST_CHECK;
/* 0, or -EMSGSIZE: what it makes would be longer than MAX, and nothing is changed. */
int shape_flatten(struct row *row, struct map_step *s, uint64_t max) MUST_CHECK;
void shape_unflatten(struct row *row, struct map_step *s);
void shape_null_if(struct row *row, struct map_step *s);

#endif
