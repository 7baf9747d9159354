/* Rejecting bad records: see rejects.h. */
#include "common/data/rejects.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "common/base/num.h"
#include "common/data/value.h"

#define ENOUGH 1000 /* this many records are needed before the share of rejects is judged within a batch */

/* The percentage in the LEN bytes at S; below 0: it is not one. */
static double percentage(const char *s, size_t len)
{
	struct value v;
	if (!len || !value_of_text(s, len, &v))
		return -1;
	return v.type == VALUE_INT ? (double)v.i : v.type == VALUE_DOUBLE ? v.d : -1;
}

int rejects_parse(const char *value, void *opts, struct strbuf *err)
{
	struct rejects_opts *ret = opts;
	ret->fate = strcmp(value, "error") == 0  ? REJECTS_ERROR
		    : strcmp(value, "drop") == 0 ? REJECTS_DROP
						 : REJECTS_FILE;
	ret->path = ret->fate == REJECTS_FILE ? value : NULL;
	if (*value)
		return 0;
	strbuf_addstr(err, "is not error, drop or a file");
	return -EINVAL;
}

int rejects_parse_limit(const char *value, void *limit, struct strbuf *err)
{
	struct rejects_limit *ret = limit;
	size_t len = strlen(value);
	*ret = (struct rejects_limit){.set = true};
	if (num_u64(value, &ret->count) == 0)
		return 0;
	double p = len && value[len - 1] == '%' ? percentage(value, len - 1) : -1;
	ret->percent = true;
	ret->share = p / 100;
	if (p >= 0 && p <= 100)
		return 0;
	strbuf_addstr(err, "is not a number of records or a percentage, such as 100 or 0.5%");
	return -EINVAL;
}

bool rejects_too_many(const struct rejects_limit *limit, uint64_t rejected, uint64_t read, bool whole)
{
	if (!limit->set || !rejected)
		return false;
	if (!limit->percent)
		return rejected > limit->count;
	return (whole || read >= ENOUGH) && (double)rejected > limit->share * (double)read;
}

/* --- a run -------------------------------------------------------------------------------------------------------- */

int rejects_aside_open(
	struct aside *aside, const char *option, const char *path, const struct opt_spec *program, char **operands)
{
	if (path && strcmp(path, "-") == 0)
		return opt_usage_error(program, "%s needs a file (/dev/stderr is one)", option);
	int e = aside_open(aside, path);
	if (e < 0) {
		warn("cannot open '%s': %s", path, diag_strerror(e));
		return (int)diag_status(e);
	}
	const char *clash = aside_clash(aside, operands);
	return clash ? opt_usage_error(program, "the file of %s is also %s", option, clash) : OPT_GO;
}

int rejects_aside_status(const struct aside *aside, int e, bool *said)
{
	if (e == 0)
		return 0;
	if (!*said)
		warn("cannot write '%s': %s", aside->path, diag_strerror(e));
	*said = true;
	return (int)diag_status(e);
}

int rejects_open(struct rejects *r, const struct rejects_opts *opts, const struct opt_spec *program, char **operands)
{
	*r = (struct rejects){.opts = opts, .aside = {.lines = STRBUF_INIT}};
	if (opts->limit.set && opts->fate == REJECTS_ERROR)
		return opt_usage_error(program, "--max-rejects needs --rejects drop or --rejects FILE");
	return rejects_aside_open(&r->aside, "--rejects", opts->path, program, operands);
}

static int check(struct rejects *r, bool whole)
{
	if (!rejects_too_many(&r->opts->limit, r->count, r->read, whole))
		return 0;
	if (!r->over)
		warn("%" PRIu64 " of %" PRIu64 " records are rejected, more than --max-rejects allows", r->count,
			r->read);
	r->over = true;
	return EXIT_DATA;
}

int rejects_add(struct rejects *r, bool marked, const struct aside_record *rec)
{
	if (r->before)
		return 0;
	r->count++;
	int status = rejects_aside_status(&r->aside, aside_add(&r->aside, marked, rec), &r->failed);
	return status ? status : check(r, false);
}

int rejects_add_again(struct rejects *r, bool marked, const struct aside_record *rec)
{
	if (r->before)
		return 0;
	return rejects_aside_status(&r->aside, aside_add(&r->aside, marked, rec), &r->failed);
}

int rejects_batch(struct rejects *r, const struct mark *mark)
{
	int status = check(r, true);
	return status ? status : rejects_aside_status(&r->aside, aside_batch(&r->aside, mark), &r->failed);
}

void rejects_add_share(const struct rejects *r, uint64_t n, struct strbuf *text)
{
	strbuf_addf(text, "%" PRIu64 " of %" PRIu64 " %s (", n, r->read, diag_plural(r->read, "record", "records"));
	num_add_share(text, n, r->read);
	strbuf_addch(text, ')');
}

static void say(const struct rejects *r)
{
	struct strbuf text = STRBUF_INIT;
	rejects_add_share(r, r->count, &text);
	strbuf_addf(&text, " %s rejected and ", diag_plural(r->count, "was", "were"));
	if (r->opts->path)
		strbuf_addf(&text, "%s in '%s'", diag_plural(r->count, "is", "are"), r->opts->path);
	else if (r->opts->topic)
		strbuf_addf(&text, "%s to the topic '%s'", diag_plural(r->count, "goes", "go"), r->opts->topic);
	else
		strbuf_addstr(&text, "left out");
	warn("%s", text.s);
	strbuf_release(&text);
}

int rejects_end(struct rejects *r, int status)
{
	int closed = rejects_aside_status(&r->aside, aside_close(&r->aside), &r->failed);
	if (r->count && !r->over && !r->failed)
		say(r);
	if (r->count && status == EXIT_OK)
		status = EXIT_NO;
	return closed > status ? closed : status;
}
