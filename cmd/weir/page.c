/* A manual as plain text: see page.h. */
#include "cmd/weir/page.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/weir/page_impl.h"

#define DEPTH 8 /* of nested lists; deeper ones are indented like the last */

struct page_list {
	char kind; /* of -bullet, -column, -enum, -item, -tag */
	bool compact;
	unsigned number;
};

struct page {
	struct strbuf *out;
	struct para para;
	size_t indent;
	struct page_list lists[DEPTH];
	size_t depth;
	bool literal, synopsis;
	bool fresh; /* the last line was a heading: no blank line follows it */
	size_t literal_indent;
};

static size_t width(const char *s, size_t len)
{
	size_t n = 0;
	for (size_t i = 0; i < len; i++)
		n += (s[i] & 0xc0) != 0x80;
	return n;
}

/* Write the paragraph, indented by INDENT columns. */
static void flush_at(struct page *p, size_t indent)
{
	size_t column = 0;
	bool begun = false; /* a line, which may have no column when the page is not UTF-8 */

	for (const char *s = p->para.text.s; *s;) {
		size_t len = strcspn(s, " "), wide = width(s, len);
		if (begun && column + 1 + wide > PAGE_WIDTH) {
			strbuf_addch(p->out, '\n');
			begun = false;
		}
		if (!begun)
			strbuf_addf(p->out, "%*s", (int)indent, "");
		else
			strbuf_addch(p->out, ' ');
		strbuf_add(p->out, s, len);
		column = (begun ? column + 1 : indent) + wide;
		begun = true;
		s += len + (s[len] == ' ');
	}
	if (begun) {
		strbuf_addch(p->out, '\n');
		p->fresh = false;
	}
	strbuf_clear(&p->para.text);
	p->para.tight = false;
}

static void flush(struct page *p)
{
	flush_at(p, p->indent);
}

static void blank(struct page *p)
{
	flush(p);
	if (!p->fresh && p->out->len > 1 && p->out->s[p->out->len - 2] != '\n')
		strbuf_addch(p->out, '\n');
}

static bool has(const struct page_words *w, const char *word)
{
	for (size_t i = 1; i < w->count; i++)
		if (strcmp(w->all[i], word) == 0)
			return true;
	return false;
}

static void heading(struct page *p, const struct page_words *w, size_t indent)
{
	blank(p);
	for (size_t i = 1; i < w->count; i++)
		line_add(&p->para, w->all[i]);
	flush_at(p, indent);
	p->fresh = true;
	p->indent = 5;
	p->synopsis = w->count > 1 && strcmp(w->all[1], "SYNOPSIS") == 0;
}

static void begin_list(struct page *p, const struct page_words *w)
{
	struct page_list *list = &p->lists[p->depth < DEPTH ? p->depth : DEPTH - 1];

	flush(p);
	*list = (struct page_list){.kind = w->count > 1 && w->all[1][0] == '-' ? w->all[1][1] : 't',
		.compact = has(w, "-compact") || has(w, "-column")};
	p->indent += p->depth < DEPTH ? 4 : 0;
	p->depth++;
}

static void end_list(struct page *p)
{
	flush(p);
	p->depth -= p->depth > 0;
	p->indent -= p->depth < DEPTH && p->indent > 5 ? 4 : 0;
}

static void item(struct page *p, const struct page_words *w)
{
	struct page_list *list = &p->lists[p->depth == 0 ? 0 : p->depth < DEPTH ? p->depth - 1 : DEPTH - 1];

	flush(p);
	if (!list->compact)
		blank(p);
	if (list->kind == 'b')
		line_add(&p->para, "•");
	if (list->kind == 'e')
		strbuf_addf(&p->para.text, "%u.", ++list->number);
	line_macros(&p->para, w, 1);
	if (list->kind == 't' || list->kind == 'c')
		flush_at(p, list->kind == 't' ? p->indent - 4 : p->indent);
}

static void begin_display(struct page *p, const struct page_words *w)
{
	if (has(w, "-compact"))
		flush(p);
	else
		blank(p);
	p->literal = true;
	p->literal_indent = p->indent + (has(w, "-offset") ? 6 : 0);
}

static void literal_line(struct page *p, const char *line)
{
	p->fresh = false;
	if (*line)
		strbuf_addf(p->out, "%*s", (int)p->literal_indent, "");
	line_text(p->out, line);
	strbuf_addch(p->out, '\n');
}

/* Handle the macros that begin and end blocks; false: W is none of them. */
static bool block(struct page *p, const struct page_words *w)
{
	const char *macro = w->all[0];

	if (strcmp(macro, "Sh") == 0 || strcmp(macro, "Ss") == 0)
		heading(p, w, macro[1] == 'h' ? 0 : 3);
	else if (strcmp(macro, "Pp") == 0)
		blank(p);
	else if (strcmp(macro, "Bl") == 0)
		begin_list(p, w);
	else if (strcmp(macro, "El") == 0)
		end_list(p);
	else if (strcmp(macro, "It") == 0)
		item(p, w);
	else if (strcmp(macro, "Bd") == 0)
		begin_display(p, w);
	else if (strcmp(macro, "Ed") == 0)
		p->literal = false;
	else if (strcmp(macro, "Dt") == 0 && w->count > 2)
		strbuf_addf(p->out, "%s(%s)\n", w->all[1], w->all[2]);
	else
		return strcmp(macro, "Dd") == 0 || strcmp(macro, "Os") == 0 || macro[0] == '\\';
	return true;
}

static void macro_line(struct page *p, char *line)
{
	struct page_words w;
	if (strncmp(line, "Dl ", 3) == 0) {
		flush(p);
		p->literal_indent = p->indent + 6;
		literal_line(p, line + 3);
		return;
	}
	if (strncmp(line, "Nd ", 3) == 0) {
		line_add(&p->para, "–");
		line_add(&p->para, line + 3);
		return;
	}
	line_split(line, &w);
	if (!w.count || block(p, &w))
		return;
	if (p->synopsis && strcmp(w.all[0], "Nm") == 0)
		flush(p);
	line_macros(&p->para, &w, 0);
}

void page_add(FILE *in, struct strbuf *out)
{
	struct page p = {.out = out, .indent = 5};
	char *line = NULL;
	size_t room = 0;

	strbuf_init(&p.para.text);
	strbuf_init(&p.para.name);
	for (ssize_t len; (len = getline(&line, &room, in)) >= 0;) {
		if (len && line[len - 1] == '\n')
			line[len - 1] = '\0';
		if (p.literal && strcmp(line, ".Ed") != 0)
			literal_line(&p, line);
		else if (*line == '.')
			macro_line(&p, line + 1);
		else
			line_add(&p.para, line);
	}
	flush(&p);
	free(line);
	strbuf_release(&p.para.text);
	strbuf_release(&p.para.name);
}
