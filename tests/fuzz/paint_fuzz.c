/*
 * Fuzz target: colours of JSON (common/io/paint.h): whatever the text is, without the sequences that were added it is
 * the same, and in two pieces it is coloured as in one.
 */
#include "common/io/paint.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whether S, LEN bytes, is TEXT when sequences are left out; TEXT has no ESC. */
static bool same_without(const char *s, size_t len, const char *text, size_t size)
{
	size_t n = 0;
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '\x1b') {
			while (i < len && s[i] != 'm')
				i++;
			continue;
		}
		if (n == size || s[i] != text[n++])
			return false;
	}
	return n == size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf text = STRBUF_INIT, one = STRBUF_INIT, two = STRBUF_INIT;
	struct paint p = {0}, q = {0};
	for (size_t i = 0; i < size; i++)
		strbuf_addch(&text, data[i] == 0x1b ? '"' : (char)data[i]);
	paint_json(&p, text.s, size, &one);
	paint_json(&q, text.s, size / 2, &two);
	paint_json(&q, text.s + size / 2, size - size / 2, &two);
	if (!same_without(one.s, one.len, text.s, size) || one.len != two.len || memcmp(one.s, two.s, one.len) != 0)
		abort();
	strbuf_release(&text);
	strbuf_release(&one);
	strbuf_release(&two);
	return 0;
}
