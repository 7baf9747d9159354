/* Binds expressions to records of JSON, without records.h. */
#ifndef WEIR_TESTS_EXPR_BIND_H
#define WEIR_TESTS_EXPR_BIND_H

#include <errno.h>

#include "common/data/expr.h"
#include "common/data/json.h"

/* Ask J for all fields and bind them.  -EINVAL with a reason in ERR when one of them is a column. */
static int bind_json(struct expr *e, struct json *j, struct strbuf *err)
{
	for (size_t i = 0; i < expr_fields(e); i++) {
		if (expr_field(e, i)->column) {
			strbuf_addf(err, "$%u is a column, but JSON has none", expr_field(e, i)->column);
			return -EINVAL;
		}
		expr_bind(e, i, json_add(j, &expr_field(e, i)->path));
	}
	return 0;
}

#endif
