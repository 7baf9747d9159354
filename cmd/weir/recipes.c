/* Recipes: see recipes.h. */
#include "cmd/weir/recipes.h"

#include <stdbool.h>
#include <string.h>

enum { RECIPE = 3, COMMAND = 11 }; /* columns */

struct recipe {
	struct strbuf section, heading, raw, shell;
	bool blank, command; /* the line before was empty; it was of a command */
};

static bool has_all(const struct recipe *r, char *const *words)
{
	for (; *words; words++)
		if (!strcasestr(r->heading.s, *words) && !strcasestr(r->raw.s, *words))
			return false;
	return true;
}

/* The recipe is complete: append it if it is wanted, and be ready for the next. */
static size_t finish(struct recipe *r, char *const *words, struct strbuf *out)
{
	bool wanted = r->heading.len && has_all(r, words);
	if (wanted && *words)
		strbuf_addf(out, "%s# --- %s ---\n%s", out->len ? "\n" : "", r->heading.s, r->shell.s);
	else if (wanted)
		strbuf_addf(out, "%s%s  %s\n", r->section.s, r->section.len ? "\n" : "", r->heading.s);
	if (wanted)
		strbuf_clear(&r->section); /* it stands above its first recipe only */
	strbuf_clear(&r->heading);
	strbuf_clear(&r->raw);
	strbuf_clear(&r->shell);
	r->blank = r->command = false;
	return wanted;
}

/* A line of the recipe, with INDENT blanks before it. */
static void add_line(struct recipe *r, const char *line, size_t len, size_t indent)
{
	bool command = len > COMMAND && indent >= COMMAND && (r->command || r->blank);
	if (indent == len) { /* within a command an empty line stays one */
		r->blank = true;
		return;
	}
	if (r->blank && r->shell.len)
		strbuf_addch(&r->shell, '\n');
	if (command)
		strbuf_add(&r->shell, line + COMMAND, len - COMMAND);
	else
		strbuf_addf(&r->shell, "# %.*s", (int)(len - indent), line + indent);
	strbuf_addch(&r->shell, '\n');
	/* a word is also found where the page has wrapped a line */
	strbuf_addf(&r->raw, " %.*s", (int)(len - indent), line + indent);
	r->command = command;
	r->blank = false;
}

size_t recipes_add(const char *page, char *const *words, struct strbuf *out)
{
	struct recipe r = {STRBUF_INIT, STRBUF_INIT, STRBUF_INIT, STRBUF_INIT, false, false};
	size_t count = 0;
	while (*page) {
		size_t len = strcspn(page, "\n"), indent = strspn(page, " ");
		indent = indent < len ? indent : len;
		if (len && indent <= RECIPE)
			count += finish(&r, words, out);
		if (len && indent == 0) {
			strbuf_clear(&r.section);
			strbuf_add(&r.section, page, len);
		} else if (len && indent == RECIPE) {
			strbuf_add(&r.heading, page + indent, len - indent);
		} else if (r.heading.len) {
			add_line(&r, page, len, indent);
		}
		page += len + (page[len] == '\n');
	}
	count += finish(&r, words, out);
	strbuf_release(&r.section);
	strbuf_release(&r.heading);
	strbuf_release(&r.raw);
	strbuf_release(&r.shell);
	return count;
}
