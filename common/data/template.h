/*
 * Text with fields of a record in it: lake/{.topic}, region={.geo.region}, {$2}-%F.
 *
 * Layer: data (uses path, expr, records, convert).  Braces enclose a field, a path or a column as in expressions; `{{`
 * stands for a brace.  Everything else is text, to which its user gives a meaning: here a '%' is nothing special.
 */
#ifndef WEIR_DATA_TEMPLATE_H
#define WEIR_DATA_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/strbuf.h"
#include "common/data/expr.h"
#include "common/data/value.h"

struct template_piece {
	char *text; /* owned, not empty; NULL: it is a field */
	struct expr_field field;
	size_t pos; /* the byte of the template where the piece begins, from 0 */
};

struct template
{
	struct template_piece *pieces; /* no text follows another one */
	size_t count, fields;          /* the pieces, and how many of them are fields */
};

/* Read the LEN bytes at S.  -EINVAL with the reason, and where, in ERR; T can be released in any case. */
int template_init(struct template *t, const char *s, size_t len, struct strbuf *err) MUST_CHECK;
void template_release(struct template *t);

/*
 * The text of V, a field's value, for a name: strings as they are, numbers and booleans as the record writes them; *RET
 * points into V.  -ENODATA: it is null, missing or empty.  -EINVAL: it is an array or an object, has a NUL or is not
 * valid Unicode; *WHY, which is static, says so in words that follow the value.  Outputs are then unchanged.
 */
int template_text(const struct value *v, const char **ret, size_t *ret_len, const char **why) MUST_CHECK;

#endif
