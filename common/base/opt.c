/* Option tables: see opt.h. */
#include "common/base/opt.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/near.h"
#include "common/base/opt_impl.h"

#define MAX_OPTIONS 64
#define LONG_ONLY   256 /* getopt_long's value of the first option; those below are characters */

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

/* Fill getopt's own tables from SPEC's; returns the number of options. */
static int build(const struct opt_spec *spec, struct option *longs, char *shorts)
{
	int n = 0;
	*shorts++ = spec->stop_at_operand ? '+' : ':';
	if (spec->stop_at_operand)
		*shorts++ = ':';
	for (const struct opt *o = spec->options; o->name && n < MAX_OPTIONS; o++, n++) {
		longs[n] = (struct option){o->name, o->arg ? required_argument : no_argument, NULL, LONG_ONLY + n};
		if (o->key)
			*shorts++ = o->key;
		if (o->key && o->arg)
			*shorts++ = ':';
	}
	longs[n] = (struct option){"help", no_argument, NULL, 'h'};
	longs[n + 1] = (struct option){"version", no_argument, NULL, 'V'};
	longs[n + 2] = (struct option){0};
	memcpy(shorts, "hV", 3);
	return n;
}

static const struct opt *find(const struct opt_spec *spec, int c)
{
	if (c >= LONG_ONLY)
		return &spec->options[c - LONG_ONLY];
	for (const struct opt *o = spec->options; o->name; o++)
		if (o->key == c)
			return o;
	return NULL;
}

/* The option that WORD, with two dashes, was probably meant for, NULL: none is near. */
static const char *nearest(const struct opt_spec *spec, const char *word)
{
	const char *name = NULL;
	size_t best = NEAR_NOT;
	for (const struct opt *o = spec->options; o->name; o++) {
		size_t rank = near_rank(word + 2, o->name);
		if (rank < best) {
			best = rank;
			name = o->name;
		}
	}
	return name;
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
static int unknown_option(const struct opt_spec *spec, const char *word)
{
	const char *hint = own_hint(spec, word);
	if (hint)
		return opt_usage_error(spec, "unknown option %s: %s", word, hint);
	const char *near = strncmp(word, "--", 2) == 0 ? nearest(spec, word) : NULL;
	if (near)
		return opt_usage_error(spec, "unknown option %s; did you mean --%s?", word, near);
	return opt_usage_error(spec, "unknown option %s", word);
}

static int bad_option(const struct opt_spec *spec, int c, char **argv)
{
	const struct opt *o = c == ':' ? find(spec, optopt) : NULL;
	if (o)
		return opt_usage_error(spec, "option --%s needs a value (%s)", o->name, o->arg);
	if (optopt && optopt < LONG_ONLY)
		return unknown_option(spec, (char[]){'-', (char)optopt, '\0'});
	char *word = xstrndup(argv[optind - 1], strcspn(argv[optind - 1], "="));
	int status = unknown_option(spec, word);
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

int opt_parse(const struct opt_spec *spec, int argc, char **argv, char ***ret_operands)
{
	struct option longs[MAX_OPTIONS + 3];
	char shorts[2 * MAX_OPTIONS + 8];
	bool given[MAX_OPTIONS] = {false};
	int c;
	diag_init(spec->program);
	build(spec, longs, shorts);
	unsetenv("POSIXLY_CORRECT"); /* else getopt would no longer accept options after operands */
	opterr = 0;
	while ((c = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (c == 'h' && !(find(spec, c)))
			return opt_help(spec);
		if (c == 'V' && !(find(spec, c)))
			return opt_version(spec);
		const struct opt *o = c == '?' || c == ':' ? NULL : find(spec, c);
		if (!o)
			return bad_option(spec, c, argv);
		if (c >= LONG_ONLY && is_half_a_name(o, taken(o, argv)))
			return half_a_name(spec, o, taken(o, argv));
		bool *twice = &given[o - spec->options];
		if (*twice && o->arg && !opt_gathers(o))
			return opt_usage_error(spec, "option --%s is given twice", o->name);
		*twice = true;
		int status = set_value(spec, o, optarg);
		if (status)
			return status;
	}
	*ret_operands = argv + optind;
	return check_operands(spec, *ret_operands);
}
