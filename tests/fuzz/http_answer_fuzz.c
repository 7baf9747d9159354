/* The head of an answer, line by line: it is accepted or refused, and later questions about it stay within bounds. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/io/http_answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct http_answer *answer)
{
	static const char *const names[] = {"Date", "ETag", "Retry-After", "a", ""};
	if (answer->status < 0 || answer->status > 999 || answer->fields.len > HTTP_HEAD_MOST)
		abort();
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const char *value = http_field(answer, names[i]);
		if (value &&
			(value < answer->fields.s || value + strlen(value) >= answer->fields.s + answer->fields.len))
			abort();
	}
	if (http_answer_after_ms(answer, 0) < -1)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct http_answer answer = {.body = STRBUF_INIT, .fields = STRBUF_INIT};
	enum http_head head = HTTP_HEAD_NONE;
	const char *p = (const char *)data, *end = p + size;
	int r = 0;
	while (r == 0 && p < end) {
		const char *lf = memchr(p, '\n', (size_t)(end - p));
		size_t len = lf ? (size_t)(lf - p) + 1 : (size_t)(end - p);
		r = http_answer_line(&answer, &head, p, len);
		if (r && r != -EPROTO && r != -EMSGSIZE)
			abort();
		p += len;
	}
	check(&answer);
	strbuf_release(&answer.fields);
	return 0;
}
