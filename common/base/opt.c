/* Option tables: see opt.h. */
#include "common/base/opt.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/checking.h"
#include "common/base/diag_log.h"
#include "common/base/opt_impl.h"

#define LONG_ONLY 256 /* getopt_long's value of the first option; those below are characters */

int opt_usage_error(const struct opt_spec *spec, const char *fmt, ...)
{
	struct strbuf text = STRBUF_INIT;
	va_list args;
	va_start(args, fmt);
	strbuf_vaddf(&text, fmt, args);
	va_end(args);
	warn("%s (try 'weir%s%s --help')", text.s, *spec->program ? " " : "", spec->program);
	strbuf_release(&text);
	return EXIT_USAGE;
}

/* Set O; when the value is refused, print one message that says what is expected. */
static int set_value(const struct opt_spec *spec, const struct opt *o, const char *value)
{
	struct strbuf err = STRBUF_INIT;
	int r = opt_value_set(o, value, &err);
	if (r < 0)
		r = opt_usage_error(spec, "option --%s: '%s' %s", o->name, value, err.s);
	strbuf_release(&err);
	return r;
}

/* Fill getopt's own tables from T. */
static void build(const struct opt_spec *spec, const struct opt_table *t, struct option *longs, char *shorts)
{
	*shorts++ = spec->stop_at_operand ? '+' : ':';
	if (spec->stop_at_operand)
		*shorts++ = ':';
	for (size_t i = 0; i < t->count; i++) {
		const struct opt *o = t->rows[i].opt;
		longs[i] = (struct option){o->name, o->arg ? required_argument : no_argument, NULL, LONG_ONLY + (int)i};
		if (t->rows[i].key)
			*shorts++ = t->rows[i].key;
		if (t->rows[i].key && o->arg)
			*shorts++ = ':';
	}
	longs[t->count] = (struct option){0};
	*shorts = '\0';
}

/* The row of what getopt has found, NULL: none. */
static struct opt_row *find(struct opt_table *t, int c)
{
	if (c >= LONG_ONLY)
		return &t->rows[c - LONG_ONLY];
	for (size_t i = 0; i < t->count; i++)
		if (t->rows[i].key && t->rows[i].key == c)
			return &t->rows[i];
	return NULL;
}

/* The hint for WORD in SPEC's table, or NULL. */
static const char *own_hint(const struct opt_spec *spec, const char *word)
{
	for (const struct hint *h = spec->hints; h && h->word; h++) /* -c and -C are different options */
		if (strcmp(h->word, word) == 0)
			return h->text;
	return NULL;
}

/* WORD is not an option: print the name of the right one, when that is known. */
static int unknown_option(const struct opt_spec *spec, const struct opt_table *t, const char *word)
{
	const char *hint = own_hint(spec, word);
	if (hint)
		return opt_usage_error(spec, "unknown option %s: %s", word, hint);
	const char *near = strncmp(word, "--", 2) == 0 ? opt_table_nearest(t, word + 2) : NULL;
	if (near && strcmp(near, word + 2) == 0)
		return opt_usage_error(spec, "option %s takes no value", word);
	if (near)
		return opt_usage_error(spec, "unknown option %s; did you mean --%s?", word, near);
	return opt_usage_error(spec, "unknown option %s", word);
}

static int bad_option(const struct opt_spec *spec, struct opt_table *t, int c, char **argv)
{
	const struct opt_row *row = c == ':' ? find(t, optopt) : NULL;
	if (row)
		return opt_usage_error(spec, "option --%s needs a value (%s)", row->opt->name, row->opt->arg);
	if (optopt && optopt < LONG_ONLY)
		return unknown_option(spec, t, (char[]){'-', (char)optopt, '\0'});
	char *word = xstrndup(argv[optind - 1], strcspn(argv[optind - 1], "="));
	int status = unknown_option(spec, t, word);
	free(word);
	return status;
}

static int check_operands(const struct opt_spec *spec, char **operands)
{
	size_t n = 0;
	while (operands[n])
		n++;
	size_t max = spec->max_operands || !*spec->operands ? spec->max_operands : SIZE_MAX;
	if (n < spec->min_operands)
		return opt_usage_error(spec, "operands missing: %s", spec->operands);
	if (n > max)
		return opt_usage_error(spec, "unexpected operand '%s'", operands[max]);
	return OPT_GO;
}

/*
 * An abbreviation may end within a word, but not where a word of the option's name ends: `--port` is not short for
 * `--port-file`, but a different option, which this program does not have.
 */
static bool is_half_a_name(const struct opt *o, const char *word)
{
	return strncmp(word, "--", 2) == 0 && o->name[strcspn(word + 2, "=")] == '-';
}

/* The word in which getopt has just found the option O. */
static const char *taken(const struct opt *o, char **argv)
{
	return argv[optind - (o->arg && optarg == argv[optind - 1] ? 2 : 1)];
}

static int half_a_name(const struct opt_spec *spec, const struct opt *o, const char *word)
{
	char *name = xstrndup(word, strcspn(word, "="));
	const char *hint = own_hint(spec, name);
	int status = hint ? opt_usage_error(spec, "unknown option %s: %s", name, hint)
			  : opt_usage_error(spec, "unknown option %s; did you mean --%s?", name, o->name);
	free(name);
	return status;
}

/* Take the option that getopt has found; OPT_GO or the exit status to end with. */
static int take(const struct opt_spec *spec, struct opt_table *t, int c, char **argv)
{
	struct opt_row *row = c == '?' || c == ':' ? NULL : find(t, c);
	if (!row)
		return bad_option(spec, t, c, argv);
	const struct opt *o = row->opt;
	if (o == &opt_own[OWN_HELP])
		return opt_help(spec);
	if (o == &opt_own[OWN_VERSION])
		return opt_version(spec);
	if (c >= LONG_ONLY && is_half_a_name(o, taken(o, argv)))
		return half_a_name(spec, o, taken(o, argv));
	if (row->given && o->arg && !opt_gathers(o))
		return opt_usage_error(spec, "option --%s is given twice", o->name);
	row->given = true;
	if (row->own)
		opt_own_note(o, optarg);
	int status = set_value(spec, o, optarg);
	if (!status && row->own)
		opt_own_apply(); /* messages about what follows have the form that is asked for, too */
	return status ? status : OPT_GO;
}

/* Report each line of SHOWN: a section, an option, its value, and where that is from. */
static void tell(const struct strbuf *shown)
{
	for (const char *line = shown->s; *line; line += strcspn(line, "\n") + 1) {
		const char *name = strchr(line, '\t') + 1, *value = strchr(name, '\t') + 1,
			   *where = strchr(value, '\t') + 1;
		debug("%.*s sets --%.*s: %.*s", (int)strcspn(where, "\n"), where, (int)strcspn(name, "\t"), name,
			(int)strcspn(value, "\t"), value);
	}
}

/* What the command line has not given is set by the configuration; weir itself leaves that to the program. */
static int configure(const struct opt_spec *spec, const struct opt_table *t)
{
	struct strbuf shown = STRBUF_INIT;
	opt_own_apply();
	if (!*spec->program)
		return OPT_GO;
	int status = opt_config(spec, t, &shown);
	opt_own_apply();
	if (diag_debugs())
		tell(&shown);
	if (!status && opt_own_values()->show)
		return opt_print(&shown);
	strbuf_release(&shown);
	return status ? status : OPT_GO;
}

int opt_parse(const struct opt_spec *spec, int argc, char **argv, char ***ret_operands)
{
	struct opt_table table;
	struct option longs[OPT_MAX + 1];
	char shorts[2 * OPT_MAX + 3];
	struct opt_own_values *own = opt_own_values();
	int c, status;
	diag_init(spec->program);
	opt_own_reset();
	opt_table_init(&table, spec);
	build(spec, &table, longs, shorts);
	unsetenv("POSIXLY_CORRECT"); /* else getopt would no longer accept options after operands */
	opterr = 0;
	while ((c = getopt_long(argc, argv, shorts, longs, NULL)) != -1)
		if ((status = take(spec, &table, c, argv)) != OPT_GO)
			return status;
	*ret_operands = argv + optind;
	status = own->show ? OPT_GO : check_operands(spec, *ret_operands);
	if (status == OPT_GO)
		status = configure(spec, &table);
	return status == OPT_GO && checking() && !spec->looks ? EXIT_OK : status;
}
