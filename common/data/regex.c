/* Regular expressions: see regex.h. */
#include "common/data/regex.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define STEPS          1000000
#define STEPS_PER_BYTE 100
#define QUICK          1000000000u /* bytes that may be gone over before steps are counted */
#define LONG           (16u << 10)
#define JIT_STACK      (64u << 20)
#define OPTIONS        (PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_DOLLAR_ENDONLY)

/*
 * PCRE2 counts backtracking only, not the bytes that it goes over, so x(?=.*y) reads a text as often as there is an x
 * in it: 80,000 bytes took 3 s, 1 MB would take minutes.  And its code by JIT counts from 0 at each place where a match
 * may begin: (?:x(?=.*y)|x)*zz in 15,000 bytes took more than 3 minutes.  So there is a second code, which calls
 * count_steps() before each part of the expression, for long texts and for matches that backtrack more often than
 * QUICK allows if each time goes over the whole text from each place.  It takes three times as long (gsub of
 * ([a-z]+)[0-9] in 1 MB) to eight times (^(.*) took= in 900 bytes), so QUICK is as high as a second allows.
 */
struct regex {
	pcre2_code *code, *counting; /* the second one is NULL until it is needed */
	char *source;
	size_t source_len;
	uint64_t left;            /* steps for the rest of the text */
	size_t pos;               /* where count_steps() was called last */
	uint32_t count;           /* of groups */
	bool anchored;            /* a match begins at the beginning of the text */
	pcre2_match_data *data;   /* without groups, which is faster */
	pcre2_match_data *groups; /* NULL until regex_find() is called */
	size_t *ends;             /* of the groups */
	pcre2_match_context *context;
	pcre2_jit_stack *stack; /* NULL: 32 KiB of the thread's stack have sufficed so far */
};

int regex_new(struct regex **ret, const char *s, size_t len, size_t *ret_pos, struct strbuf *err)
{
	struct regex *r = xcalloc(1, sizeof(*r));
	PCRE2_UCHAR reason[256];
	PCRE2_SIZE pos;
	int code;

	r->code = pcre2_compile((PCRE2_SPTR)s, len, OPTIONS, &code, &pos, NULL);
	if (!r->code) {
		pcre2_get_error_message(code, reason, sizeof(reason));
		strbuf_addf(err, "regular expression: %s", (const char *)reason);
		*ret_pos = pos;
		regex_free(r);
		return -EINVAL;
	}
	uint32_t options = 0;
	(void)pcre2_pattern_info(r->code, PCRE2_INFO_CAPTURECOUNT, &r->count); /* fails for wrong arguments only */
	(void)pcre2_pattern_info(r->code, PCRE2_INFO_ALLOPTIONS, &options);
	r->anchored = options & PCRE2_ANCHORED;
	/* Without JIT matching is only slower, so a refusal is not an error. */
	(void)pcre2_jit_compile(r->code, PCRE2_JIT_COMPLETE);
	r->source = xstrndup(s, len);
	r->source_len = len;
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
	pcre2_match_data_free(r->groups);
	free(r->ends);
	pcre2_match_context_free(r->context);
	pcre2_jit_stack_free(r->stack);
	pcre2_code_free(r->code);
	pcre2_code_free(r->counting);
	free(r->source);
	free(r);
}

/* A step for each part of the expression that is tried, and one for each byte that was gone over since the last one. */
static int count_steps(pcre2_callout_block *at, void *self)
{
	struct regex *r = self;
	size_t pos = at->current_position, steps = 1 + (pos > r->pos ? pos - r->pos : r->pos - pos);

	r->pos = pos;
	if (r->left < steps)
		return PCRE2_ERROR_MATCHLIMIT;
	r->left -= steps;
	return 0;
}

static int make_counting(struct regex *r)
{
	PCRE2_SIZE pos;
	int code;

	r->counting =
		pcre2_compile((PCRE2_SPTR)r->source, r->source_len, OPTIONS | PCRE2_AUTO_CALLOUT, &code, &pos, NULL);
	if (!r->counting)
		return PCRE2_ERROR_NOMEMORY; /* it was compiled before */
	(void)pcre2_jit_compile(r->counting, PCRE2_JIT_COMPLETE);
	return pcre2_set_callout(r->context, count_steps, r);
}

/*
 * Code by JIT keeps its backtracking points on a stack of its own: ^([a-z])+$ takes 32 bytes for each byte of the text.
 *  1 KB of text uses up the part on the thread's stack, 2 MB use up JIT_STACK, whose pages are mapped when they are
 *  used. (The interpreter takes four times as much.)
 */
static int match_deep(
	struct regex *r, const pcre2_code *code, PCRE2_SPTR s, size_t len, size_t from, pcre2_match_data *data)
{
	int n = pcre2_match(code, s, len, from, 0, data, r->context);

	if (n != PCRE2_ERROR_JIT_STACKLIMIT || r->stack)
		return n;
	r->stack = pcre2_jit_stack_create(32u << 10, JIT_STACK, NULL);
	if (!r->stack)
		return PCRE2_ERROR_NOMEMORY;
	pcre2_jit_stack_assign(r->context, NULL, r->stack);
	return pcre2_match(code, s, len, from, 0, data, r->context);
}

static int match_counting(struct regex *r, PCRE2_SPTR s, size_t len, size_t from, pcre2_match_data *data)
{
	int n = r->counting ? 0 : make_counting(r);

	r->pos = from;
	return n < 0 ? n : match_deep(r, r->counting, s, len, from, data);
}

static int match(struct regex *r, const char *s, size_t len, size_t from, pcre2_match_data *data)
{
	const uint64_t steps = STEPS + (uint64_t)len * STEPS_PER_BYTE;
	const uint64_t quick = 1 + QUICK / ((uint64_t)(len + 1) * (r->anchored ? 1 : len + 1));
	int n = PCRE2_ERROR_MATCHLIMIT;

	if (!from)
		r->left = steps;
	if (len < LONG) {
		pcre2_set_match_limit(r->context, (uint32_t)(quick < steps ? quick : steps));
		n = match_deep(r, r->code, (PCRE2_SPTR)s, len, from, data);
	}
	if (n == PCRE2_ERROR_MATCHLIMIT) {
		pcre2_set_match_limit(r->context, steps < UINT32_MAX ? (uint32_t)steps : UINT32_MAX);
		n = match_counting(r, (PCRE2_SPTR)s, len, from, data);
	}
	if (n >= 0 || n == PCRE2_ERROR_NOMATCH)
		return n >= 0;
	return n == PCRE2_ERROR_NOMEMORY ? -ENOMEM : -E2BIG;
}

int regex_match(struct regex *r, const char *s, size_t len)
{
	return match(r, s, len, 0, r->data);
}

size_t regex_groups(const struct regex *r)
{
	return r->count;
}

const char *regex_group_name(const struct regex *r, size_t i)
{
	uint32_t count = 0, size = 0;
	PCRE2_SPTR names = NULL;

	(void)pcre2_pattern_info(r->code, PCRE2_INFO_NAMECOUNT, &count);
	(void)pcre2_pattern_info(r->code, PCRE2_INFO_NAMEENTRYSIZE, &size);
	(void)pcre2_pattern_info(r->code, PCRE2_INFO_NAMETABLE, &names);
	for (; count; count--, names += size) /* an entry is the number of its group, in two bytes, and the name */
		if ((size_t)(names[0] << 8 | names[1]) == i)
			return (const char *)names + 2;
	return "";
}

int regex_find(struct regex *r, const char *s, size_t len, size_t from, const size_t **ret_ends)
{
	size_t ends = (regex_groups(r) + 1) * 2;

	if (!r->groups) {
		r->groups = pcre2_match_data_create_from_pattern(r->code, NULL);
		r->ends = xcalloc(ends, sizeof *r->ends);
	}
	if (!r->groups)
		return -ENOMEM;
	int n = match(r, s, len, from, r->groups);
	if (n <= 0)
		return n;
	const PCRE2_SIZE *found = pcre2_get_ovector_pointer(r->groups);
	for (size_t i = 0; i < ends; i++)
		r->ends[i] = found[i] == PCRE2_UNSET ? SIZE_MAX : found[i];
	*ret_ends = r->ends;
	return 1;
}
