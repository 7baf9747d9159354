/* Regular expressions: see regex.h. */
#include "common/data/regex.h"

#include <errno.h>
#include <stdlib.h>

#include "common/base/alloc.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define STEPS          1000000
#define STEPS_PER_BYTE 10
#define JIT_STACK      (64u << 20)

struct regex {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *context;
	pcre2_jit_stack *stack; /* NULL: 32 KiB of the thread's stack have sufficed so far */
};

int regex_new(struct regex **ret, const char *s, size_t len, size_t *ret_pos, struct strbuf *err)
{
	struct regex *r = xcalloc(1, sizeof(*r));
	PCRE2_UCHAR reason[256];
	PCRE2_SIZE pos;
	int code;

	r->code = pcre2_compile(
		(PCRE2_SPTR)s, len, PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_DOLLAR_ENDONLY, &code, &pos, NULL);
	if (!r->code) {
		pcre2_get_error_message(code, reason, sizeof(reason));
		strbuf_addf(err, "regular expression: %s", (const char *)reason);
		*ret_pos = pos;
		regex_free(r);
		return -EINVAL;
	}
	/* Without JIT matching is only slower, so a refusal is not an error. */
	(void)pcre2_jit_compile(r->code, PCRE2_JIT_COMPLETE);
	r->data = pcre2_match_data_create(1, NULL);
	r->context = pcre2_match_context_create(NULL);
	if (!r->data || !r->context) {
		regex_free(r);
		return -ENOMEM;
	}
	*ret = r;
	return 0;
}

void regex_free(struct regex *r)
{
	if (!r)
		return;
	pcre2_match_data_free(r->data);
	pcre2_match_context_free(r->context);
	pcre2_jit_stack_free(r->stack);
	pcre2_code_free(r->code);
	free(r);
}

/*
 * Code by JIT keeps its backtracking points on a stack of its own: ^([a-z])+$ takes 32 bytes for each byte of the text.
 *  1 KB of text uses up the part on the thread's stack, 2 MB use up JIT_STACK, whose pages are mapped when they are
 *  used. (The interpreter takes four times as much.)
 */
static int match_deep(struct regex *r, PCRE2_SPTR s, size_t len)
{
	if (r->stack)
		return PCRE2_ERROR_JIT_STACKLIMIT;
	r->stack = pcre2_jit_stack_create(32u << 10, JIT_STACK, NULL);
	if (!r->stack)
		return PCRE2_ERROR_NOMEMORY;
	pcre2_jit_stack_assign(r->context, NULL, r->stack);
	return pcre2_match(r->code, s, len, 0, 0, r->data, r->context);
}

int regex_match(struct regex *r, const char *s, size_t len)
{
	size_t steps = len < UINT32_MAX / STEPS_PER_BYTE - STEPS ? STEPS + len * STEPS_PER_BYTE : UINT32_MAX;

	pcre2_set_match_limit(r->context, (uint32_t)steps);
	int n = pcre2_match(r->code, (PCRE2_SPTR)s, len, 0, 0, r->data, r->context);
	if (n == PCRE2_ERROR_JIT_STACKLIMIT)
		n = match_deep(r, (PCRE2_SPTR)s, len);
	if (n >= 0 || n == PCRE2_ERROR_NOMATCH)
		return n >= 0;
	return n == PCRE2_ERROR_NOMEMORY ? -ENOMEM : -E2BIG;
}
