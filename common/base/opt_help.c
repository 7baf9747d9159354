/* What --help and --version print: see opt.h and opt_impl.h. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "common/base/opt_impl.h"

bool opt_gathers(const struct opt *o)
{
	return o->type == OPT_LIST || o->many;
}

static void add_usage(struct strbuf *b, const struct opt_spec *spec)
{
	strbuf_addf(b, "usage: weir%s%s", *spec->program ? " " : "", spec->program);
	for (const struct opt *o = spec->options; o->name; o++) {
		if (o->key)
			strbuf_addf(b, " [-%c", o->key);
		else
			strbuf_addf(b, " [--%s", o->name);
		if (o->arg)
			strbuf_addf(b, " %s", o->arg);
		strbuf_addstr(b, opt_gathers(o) ? "]..." : "]");
	}
	if (*spec->operands)
		strbuf_addf(b, " %s", spec->operands);
}

void opt_line(struct strbuf *out, const char *name, const char *text)
{
	size_t len = strlen(name);
	strbuf_addf(out, "  %s", name);
	if (len > 26)
		strbuf_addf(out, "\n%*s", 30, "");
	else
		strbuf_addf(out, "%*s", (int)(28 - len), "");
	strbuf_addf(out, "%s\n", text);
}

static void add_help_line(struct strbuf *b, const struct opt_row *row)
{
	const struct opt *o = row->opt;
	struct strbuf name = STRBUF_INIT;
	if (row->key)
		strbuf_addf(&name, "-%c, --%s", row->key, o->name);
	else
		strbuf_addf(&name, "    --%s", o->name);
	if (o->arg)
		strbuf_addf(&name, " %s", o->arg);
	opt_line(b, name.s, o->help);
	strbuf_release(&name);
}

/* Append the options: those of the program, --help and --version, then what all programs have. */
static void add_options(struct strbuf *b, const struct opt_spec *spec)
{
	struct opt_table t;
	opt_table_init(&t, spec);
	for (int common = 0; common < 2; common++) {
		if (common)
			strbuf_addstr(b, "\nOptions of all programs:\n");
		for (size_t i = 0; i < t.count; i++)
			if ((t.rows[i].own && t.rows[i].opt > &opt_own[OWN_VERSION]) == common)
				add_help_line(b, &t.rows[i]);
	}
}

int opt_print(struct strbuf *b)
{
	size_t done = 0;
	int status = EXIT_OK;
	while (done < b->len && status == EXIT_OK) {
		ssize_t n = write(STDOUT_FILENO, b->s + done, b->len - done);
		if (n >= 0) {
			done += (size_t)n;
		} else if (errno != EINTR) {
			warn("cannot write standard output: %s", diag_strerror(errno));
			status = EXIT_TEMP;
		}
	}
	strbuf_release(b);
	return status;
}

/* Append EXAMPLE with each line indented. */
static void add_example(struct strbuf *b, const char *example)
{
	strbuf_addstr(b, "\nExample:\n");
	for (const char *line = example; line;) {
		size_t len = strcspn(line, "\n");
		strbuf_addstr(b, "    "); /* with an indent of two it would look like an entry of the table */
		strbuf_add(b, line, len);
		strbuf_addch(b, '\n');
		line = line[len] ? line + len + 1 : NULL;
	}
}

int opt_help(const struct opt_spec *spec)
{
	struct strbuf b = STRBUF_INIT;
	add_usage(&b, spec);
	strbuf_addf(&b, "\n%s\n\n", spec->summary);
	if (spec->more) {
		spec->more(&b);
		strbuf_addch(&b, '\n');
	}
	add_options(&b, spec);
	if (spec->example)
		add_example(&b, spec->example);
	strbuf_addf(&b, "\n`weir help%s%s` shows the manual.\n", *spec->program ? " " : "", spec->program);
	return opt_print(&b);
}

int opt_version(const struct opt_spec *spec)
{
	struct strbuf b = STRBUF_INIT;
	strbuf_addf(&b, "weir%s%s %s", *spec->program ? " " : "", spec->program, WEIR_VERSION);
	if (spec->library)
		strbuf_addf(&b, " (%s %s)", spec->library, spec->library_version());
	strbuf_addch(&b, '\n');
	return opt_print(&b);
}
