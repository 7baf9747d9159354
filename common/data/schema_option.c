/* Schemas as values of options: see schema_text.h. */
#include <errno.h>
#include <string.h>

#include "common/base/whole.h"
#include "common/data/schema_text.h"

#define FILE_MAX (4u << 20)

int schema_parse_option(const char *value, void *dest, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	struct schema parsed;
	int r = 0;

	if (strcmp(value, "@-") == 0) {
		strbuf_addstr(err, "is standard input, where records may come from; a schema is in a file of its own");
		return -EINVAL;
	}
	if (strcmp(value, "@") == 0) {
		strbuf_addstr(err, "lacks the name of a file after '@'");
		return -EINVAL;
	}
	if (*value == '@')
		r = whole_read(value + 1, FILE_MAX, &text);
	else
		strbuf_addstr(&text, value);
	if (r < 0) {
		strbuf_addf(err, "cannot be read: %s", whole_strerror(r));
	} else {
		size_t mark = whole_mark(&text);
		strbuf_addstr(err, "is not a schema: ");
		size_t before = err->len;
		r = schema_parse_text(&parsed, text.s + mark, text.len - mark, err);
		if (r == 0)
			strbuf_setlen(err, before - strlen("is not a schema: "));
	}
	strbuf_release(&text);
	if (r < 0)
		return r;
	schema_release(dest);
	*(struct schema *)dest = parsed;
	return 0;
}
