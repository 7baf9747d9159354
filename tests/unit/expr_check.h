/* Checks of expressions on records of JSON. */
#ifndef WEIR_TESTS_EXPR_CHECK_H
#define WEIR_TESTS_EXPR_CHECK_H

#include "common/data/expr.h"
#include "tests/unit/check.h"
#include "tests/unit/expr_bind.h"

static void dump(const struct value *v, struct strbuf *out)
{
	strbuf_clear(out);
	strbuf_addch(out, "nnbidNsaotTD"[v->type]);
	if (v->type == VALUE_BOOL)
		strbuf_addch(out, v->b ? '1' : '0');
	else if (v->type == VALUE_INT || v->type >= VALUE_TIME)
		strbuf_addf(out, "%lld", (long long)v->i);
	else if (v->type == VALUE_DOUBLE)
		strbuf_addf(out, "%.17g", v->d);
	else if (v->type > VALUE_DOUBLE)
		strbuf_add(out, v->s, v->len);
}

/* Check that TEXT gives EXPECTED for REC, with this many faults. */
static void check_expr(const char *text, const char *rec, const char *expected, uint64_t faults)
{
	struct strbuf err = STRBUF_INIT, out = STRBUF_INIT;
	struct expr *e = NULL;
	struct json *j = NULL;

	CHECK_INT(expr_new(&e, text, &err), 0);
	CHECK_STR(err.s, "");
	if (e) {
		CHECK_INT(json_new(&j), 0);
		CHECK_INT(bind_json(e, j, &err), 0);
		CHECK_INT(json_read(j, rec, strlen(rec)), 0);
		dump(expr_value(e, json_values(j)), &out);
		if (strcmp(out.s, expected) != 0 || expr_fault(e)->count != faults)
			printf("# %s of %s: %s, %llu faults: %s\n", text, rec, out.s,
				(unsigned long long)expr_fault(e)->count,
				expr_fault(e)->what ? expr_fault(e)->what : "");
		CHECK_STR(out.s, expected);
		CHECK_INT(expr_fault(e)->count, faults);
	}
	strbuf_release(&err);
	strbuf_release(&out);
	expr_free(e);
	json_free(j);
}

#define YES(text, rec)   check_expr(text, rec, "b1", 0)
#define NO(text, rec)    check_expr(text, rec, "b0", 0)
#define FAULT(text, rec) check_expr(text, rec, "b0", 1)
#define NONE(text, rec)  check_expr(text, rec, "n", 1)

#endif
