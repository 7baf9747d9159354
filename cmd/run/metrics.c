/* Texts of Prometheus: see metrics.h. */
#include "cmd/run/metrics.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

struct metric_family {
	char *name;                  /* owned */
	struct strbuf head, samples; /* whole lines */
};

static size_t name_length(const char *s)
{
	return strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:");
}

static struct metric_family *find(struct metrics *m, const char *name, size_t len)
{
	for (size_t i = 0; i < m->count; i++)
		if (strlen(m->items[i].name) == len && memcmp(m->items[i].name, name, len) == 0)
			return &m->items[i];
	m->items = xreallocarray(m->items, m->count + 1, sizeof *m->items);
	m->items[m->count] =
		(struct metric_family){.name = xstrndup(name, len), .head = STRBUF_INIT, .samples = STRBUF_INIT};
	return &m->items[m->count++];
}

/* `# HELP name text` and `# TYPE name type`; other comments are left out. */
static void add_head(struct metrics *m, const char *line, size_t len)
{
	if (len < 8 || (memcmp(line, "# HELP ", 7) != 0 && memcmp(line, "# TYPE ", 7) != 0))
		return;
	size_t name = name_length(line + 7);
	if (!name || name + 7 > len)
		return;
	struct metric_family *family = find(m, line + 7, name);
	bool known = family->head.len && (family->samples.len || memmem(family->head.s, family->head.len, line, 7));
	if (!known) {
		strbuf_add(&family->head, line, len);
		strbuf_addch(&family->head, '\n');
	}
}

/* `name{label="value"} number` */
static void add_sample(struct metrics *m, const char *line, size_t len, const char *labels)
{
	size_t name = name_length(line);
	if (!name || name + 1 >= len || (line[name] != '{' && line[name] != ' '))
		return;
	struct metric_family *family = find(m, line, name);
	struct strbuf *out = &family->samples;
	const char *rest = line + name;
	bool own = *rest == '{' && rest[1] != '}';
	strbuf_add(out, line, name);
	if (*labels || own)
		strbuf_addf(out, "{%s%s", labels, *labels && own ? "," : "");
	if (*rest == '{')
		rest += own ? 1 : 2;
	if (*labels && !own)
		strbuf_addch(out, '}');
	strbuf_add(out, rest, (size_t)(line + len - rest));
	strbuf_addch(out, '\n');
}

void metrics_add(struct metrics *m, const char *text, const char *labels)
{
	while (*text) {
		size_t len = strcspn(text, "\n");
		if (*text == '#')
			add_head(m, text, len);
		else
			add_sample(m, text, len, labels);
		text += len + (text[len] == '\n');
	}
}

void metrics_write(const struct metrics *m, struct strbuf *out)
{
	for (size_t i = 0; i < m->count; i++) {
		if (!m->items[i].samples.len)
			continue;
		strbuf_addstr(out, m->items[i].head.s);
		strbuf_addstr(out, m->items[i].samples.s);
	}
}

void metrics_release(struct metrics *m)
{
	for (size_t i = 0; i < m->count; i++) {
		free(m->items[i].name);
		strbuf_release(&m->items[i].head);
		strbuf_release(&m->items[i].samples);
	}
	free(m->items);
	*m = (struct metrics){0};
}
