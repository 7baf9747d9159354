/* What is done, or would be: see compact.h. */
#include <stdarg.h>
#include <unistd.h>

#include "common/base/visible.h"
#include "compact.h"

void compact_tell(struct compact *c, const char *fmt, ...)
{
	struct strbuf text = STRBUF_INIT, line = STRBUF_INIT;
	va_list args;
	va_start(args, fmt);
	strbuf_vaddf(&text, fmt, args);
	va_end(args);
	visible_add(&line, text.s, text.len); /* names of files may hold any byte */
	if (!c->opt->dry_run) {
		inform("%s", line.s);
	} else {
		strbuf_addch(&line, '\n');
		if (outbuf_write(&c->out, line.s, line.len) < 0)
			strbuf_clear(&line); /* the error is kept for compact_tell_end() */
	}
	strbuf_release(&text);
	strbuf_release(&line);
}

int compact_tell_end(struct compact *c)
{
	int r = c->opt->dry_run ? outbuf_close(&c->out) : 0;
	if (r < 0)
		warn("cannot write standard output: %s", diag_strerror(r));
	return (int)diag_status(r);
}
