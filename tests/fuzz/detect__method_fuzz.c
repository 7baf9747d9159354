/*
 * METHODs: the first line is one, the rest is a saved state of it.  Whatever is refused must have a reason.  A state
 * that is accepted must be saved as the same bytes again, and must give finite scores.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/detect/method.h"
#include "common/base/alloc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void load(const struct method_rule *rule, const uint8_t *data, size_t size)
{
	struct stat_in in = {.s = data, .end = data + size};
	struct strbuf again = STRBUF_INIT;
	void *state = xcalloc(1, method_size(rule) + 1);

	if (method_load(rule, state, &in) == 0) {
		method_save(rule, state, &again);
		if (again.len != (size_t)(in.s - data) || (again.len && memcmp(again.s, data, again.len) != 0))
			abort();
		for (int i = 0; i < 3; i++) {
			const struct method_sample s = {
				.x = i, .id = (uint64_t)i, .ms = i * 1000, .n = 50, .judged = true};
			method_freeze(rule, state, 50, i == 0);
			(void)method_rate(rule, state, &s);
		}
	}
	method_state_release(rule, state);
	free(state);
	strbuf_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *line = size ? memchr(data, '\n', size) : NULL;
	size_t len = line ? (size_t)(line - data) : size;
	char *text = xstrndup((const char *)data, len);
	struct strbuf err = STRBUF_INIT;
	struct method_rule rule;

	if (method_parse(&rule, text, &err) == 0) {
		if (err.len || isnan(method_limit(&rule)))
			abort();
		load(&rule, data + len + (line != NULL), size - len - (line != NULL));
		method_release(&rule);
	} else if (!err.len) {
		abort();
	}
	strbuf_release(&err);
	free(text);
	return 0;
}
