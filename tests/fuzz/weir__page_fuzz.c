/*
 * Fuzz target: manuals that `weir help` prints itself (cmd/weir/page.h).  In a page without displays, whose lines are
 * printed as they are, a line is wider than the page only when it is a single word.
 */
#include "cmd/weir/page.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Dt is printed as it is, too. */
static bool has_display(const char *text, size_t size)
{
	return memmem(text, size, "Bd", 2) || memmem(text, size, "Dl", 2) || memmem(text, size, "Dt", 2);
}

static void check_line(const char *line, size_t len)
{
	size_t columns = 0, indent = 0;
	while (indent < len && line[indent] == ' ')
		indent++;
	for (size_t i = 0; i < len; i++)
		columns += (line[i] & 0xc0) != 0x80;
	if (indent > PAGE_WIDTH || (columns > PAGE_WIDTH && memchr(line + indent, ' ', len - indent)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = xmalloc(size + 1);
	struct strbuf out = STRBUF_INIT;

	memcpy(text, data, size);
	text[size] = '\0';
	FILE *in = fmemopen(text, size ? size : 1, "r");
	if (!in)
		abort();
	page_add(in, &out);
	fclose(in);
	if (memchr(out.s, '\0', out.len))
		abort();
	for (const char *s = out.s, *end; !has_display(text, size) && *s; s = end + 1) {
		end = strchr(s, '\n');
		if (!end)
			abort();
		check_line(s, (size_t)(end - s));
	}
	strbuf_release(&out);
	free(text);
	return 0;
}
