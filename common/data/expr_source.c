/* Where the text of expressions is from: see expr_source.h. */
#include "common/data/expr_source.h"

#include <errno.h>

#include "common/base/whole.h"

#define FILE_MAX (1u << 20)

/* The text of an expression that is in a file. */
static int read_text(const char *path, struct strbuf *text, struct strbuf *err)
{
	if (!*path) {
		strbuf_addstr(err, "expression: the name of a file must follow '@'");
		return -EINVAL;
	}
	int r = whole_read_text(path, FILE_MAX, text);
	if (r < 0)
		strbuf_addf(err, "expression, cannot read '%s': %s", path,
			r == -EFBIG ? "it is larger than 1 MiB" : whole_strerror(r));
	return r < 0 ? -EINVAL : 0;
}

int expr_source(const char *text, struct strbuf *ret, struct strbuf *err)
{
	if (*text == '@')
		return read_text(text + 1, ret, err);
	strbuf_addstr(ret, text);
	return 0;
}
