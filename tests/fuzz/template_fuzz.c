/* Templates: pieces have the required form, and doubling the braces again gives the same text. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/data/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The text of a piece, written as in a template, is one piece of that text. */
static void check_text(const char *text)
{
	struct strbuf again = STRBUF_INIT, err = STRBUF_INIT;
	struct template t;

	for (const char *c = text; *c; c++)
		strbuf_addf(&again, "%s%c", *c == '{' ? "{" : "", *c);
	if (template_init(&t, again.s, again.len, &err) < 0 || t.count != 1 || strcmp(t.pieces[0].text, text) != 0)
		abort();
	template_release(&t);
	strbuf_release(&again);
	strbuf_release(&err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf err = STRBUF_INIT;
	struct template t;
	size_t fields = 0;

	if (memchr(data, '\0', size))
		return 0;
	int r = template_init(&t, (const char *)data, size, &err);
	if (r < 0 ? !err.len : err.len)
		abort();
	for (size_t i = 0; r == 0 && i < t.count; i++) {
		const struct template_piece *p = &t.pieces[i];
		if (p->pos >= size || (i && p->pos <= p[-1].pos) || (i && p->text && p[-1].text))
			abort();
		fields += !p->text;
		if (p->text)
			check_text(p->text);
		else if (!p->field.column && !p->field.path.count)
			abort();
	}
	if (r == 0 && fields != t.fields)
		abort();
	template_release(&t);
	strbuf_release(&err);
	return 0;
}
