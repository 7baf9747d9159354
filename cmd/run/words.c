/* Messages: see words.h. */
#include "cmd/run/words.h"

#include <stdio.h>
#include <string.h>

#include "common/base/num.h"
#include "common/base/strbuf.h"

enum { TOLD_MAX = 8 }; /* most processes named in a message */

void names_clear(struct program_names *n)
{
	n->count = 0;
}

void names_update(struct program_names *n, const struct procs *p, pid_t shell)
{
	const struct proc *parent = procs_find(p, shell);
	struct program_names found = {0};
	for (size_t i = 0; parent && i < p->count && found.count < NAMES_MAX; i++)
		if (p->items[i].parent == parent->number)
			memcpy(found.names[found.count++], p->items[i].name, sizeof found.names[0]);
	if (found.count >= n->count)
		*n = found;
}

/* Append all processes except the shell; returns how many. */
static size_t add_processes(struct strbuf *text, const struct procs *p, pid_t shell)
{
	size_t count = 0;
	for (size_t i = 0; i < p->count; i++) {
		if (p->items[i].pid == shell)
			continue;
		if (count++ < TOLD_MAX)
			strbuf_addf(text, "%s%s (%ld)", text->len ? ", " : "", p->items[i].name, (long)p->items[i].pid);
	}
	if (count > TOLD_MAX)
		strbuf_addf(text, " and %zu more", count - TOLD_MAX);
	return count;
}

void words_kill(const struct procs *p, pid_t shell)
{
	struct strbuf text = STRBUF_INIT;
	if (add_processes(&text, p, shell))
		warn("killing %s", text.s);
	strbuf_release(&text);
}

void words_report(const struct procs *p, pid_t shell, const struct core *core)
{
	struct strbuf text = STRBUF_INIT;
	size_t count = add_processes(&text, p, shell);
	if (count && core->asked)
		warn("waiting for the end of %s", text.s);
	else if (count)
		warn("the pipeline has ended, but %s still %s: waiting for the end", text.s,
			diag_plural(count, "runs", "run"));
	strbuf_release(&text);
}

static void add_status(struct strbuf *b, int status)
{
	const char *signal = status > 128 ? sigabbrev_np(status - 128) : NULL;
	if (signal)
		strbuf_addf(b, "killed by SIG%s", signal);
	else
		strbuf_addf(b, "status %d", status);
}

void words_ended(const struct outcome *o, const struct program_names *n, const struct core *core)
{
	struct strbuf text = STRBUF_INIT;
	bool named = n->count == o->count;
	for (size_t i = 0; i < o->count; i++) {
		if (!o->statuses[i])
			continue;
		if (text.len)
			strbuf_addstr(&text, ", ");
		if (named)
			strbuf_addf(&text, "%s: ", n->names[i]);
		else
			strbuf_addf(&text, "program %zu of %zu: ", i + 1, o->count);
		add_status(&text, o->statuses[i]);
	}
	if (!o->count || !text.len) {
		strbuf_addstr(&text, "its shell: ");
		add_status(&text, o->shell);
	}
	if (core->state == CORE_WAITING) {
		strbuf_addstr(&text, "; again in ");
		num_add_duration(&text, core->pause_ms);
	}
	warn("the pipeline has ended: %s", text.s);
	strbuf_release(&text);
}
