/* --set-position and --rename-group: commits that only move positions, or give them to another group.  See check.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "common/base/alloc.h"
#include "common/lake/place.h"

/* The group whose positions are changed: the named one, or the only one in the table. */
static const char *choose_group(const struct check_options *opt, const struct log *log, const struct opt_spec *spec)
{
	json_t *groups = json_object_get(log->state, "positions");
	if (opt->group)
		return opt->group;
	if (json_object_size(groups) == 1)
		return json_object_iter_key(json_object_iter(groups));
	opt_usage_error(
		spec, "--set-position needs --group: the table has positions of %zu groups", json_object_size(groups));
	return NULL;
}

/* Convert the places to positions that build on LOG's current ones. */
static struct position *positions_of(const struct log *log, const char *group, const struct place *places, size_t count)
{
	struct position *positions = xcalloc(count, sizeof *positions);
	for (size_t i = 0; i < count; i++)
		positions[i] = (struct position){.group = group,
			.topic = places[i].topic,
			.partition = places[i].partition,
			.was = state_position(log->state, group, places[i].topic, places[i].partition),
			.next = places[i].offset};
	return positions;
}

/* The first of group, topic and partition that has no position in LOG, or NULL. */
static const char *find_lack(const struct log *log, const struct position *p)
{
	json_t *topics = json_object_get(json_object_get(log->state, "positions"), p->group);
	if (p->was >= 0)
		return NULL;
	if (!json_object_size(topics))
		return "group";
	return json_object_size(json_object_get(topics, p->topic)) ? "partition" : "topic";
}

/* Report that P was moved; LACK is what had no position before, or NULL. */
static void tell(const struct position *p, const char *lack)
{
	struct strbuf text = STRBUF_INIT;
	strbuf_addf(&text, "topic '%s', partition %d, group '%s': ", p->topic, (int)p->partition, p->group);
	if (lack)
		strbuf_addf(&text, "set to %" PRId64 "; the table had no position of this %s", p->next, lack);
	else
		strbuf_addf(&text, "moved from %" PRId64 " to %" PRId64, p->was, p->next);
	warn("%s", text.s);
	strbuf_release(&text);
}

static int commit(struct log *log, const struct check_options *opt, const char *group, const struct place *places)
{
	struct strbuf err = STRBUF_INIT;
	struct position *positions = positions_of(log, group, places, opt->moves.count);
	const char **lacks = xcalloc(opt->moves.count, sizeof *lacks);
	struct commit commit = {.positions = positions,
		.npositions = opt->moves.count,
		.moved = true,
		.beside = opt->also_group,
		.reason = opt->reason ? opt->reason : ""};
	for (size_t i = 0; i < commit.npositions; i++) /* before the commit changes the log's state */
		lacks[i] = find_lack(log, &positions[i]);
	int r = log_commit(log, &commit, &err);
	for (size_t i = 0; r == 0 && i < commit.npositions; i++)
		tell(&positions[i], lacks[i]);
	if (r < 0)
		warn("%s%s", err.s, r == STORE_UNKNOWN ? "; whether the positions are moved is not known" : "");
	free(lacks);
	free(positions);
	strbuf_release(&err);
	return diag_status(r);
}

/* Read the head of a table that has positions; -ENOENT, -EINVAL and errors of log_open().  Release LOG in any case. */
static int open_log(struct log *log, struct store *store, struct strbuf *err)
{
	int r = log_open(log, store, NULL, err);
	if (r == 0 && log->version < 0)
		r = log_missing(log, err);
	if (r == 0 && !log->state) {
		strbuf_addf(err, "'%s' is not a table of weir: its log has no positions", store->url);
		r = -EINVAL;
	}
	return r;
}

/* Open the table at URL and let WORK, which gets ARG, change it; returns the exit status. */
static int change(const char *url, const struct check_options *opt, int (*work)(struct log *log, void *arg), void *arg)
{
	struct strbuf err = STRBUF_INIT;
	struct store *store = NULL;
	struct log log = {0};
	int r = store_open_writer(url, NULL, &opt->store, &store, &err);
	if (r == 0)
		r = open_log(&log, store, &err);
	if (r < 0)
		warn("%s", err.s);
	int status = r < 0 ? (int)diag_status(r) : work(&log, arg);
	log_release(&log);
	store_close(store);
	strbuf_release(&err);
	return status;
}

struct moves {
	const struct check_options *opt;
	const struct opt_spec *spec;
	struct place *places;
};

static int move_in(struct log *log, void *arg)
{
	const struct moves *m = arg;
	const char *group = choose_group(m->opt, log, m->spec);
	char *copy = group ? xstrdup(group) : NULL; /* a copy, because the commit changes the log's state */
	int status = copy ? commit(log, m->opt, copy, m->places) : EXIT_USAGE;
	free(copy);
	return status;
}

/* Parse the operands of --set-position; EXIT_OK or EXIT_USAGE. */
static int parse_places(const struct check_options *opt, const struct opt_spec *spec, struct place *ret)
{
	struct strbuf err = STRBUF_INIT;
	int status = EXIT_OK;
	for (size_t i = 0; status == EXIT_OK && i < opt->moves.count; i++) {
		const char *text = opt->moves.items[i];
		if (place_parse(text, &ret[i], &err) < 0) {
			status = opt_usage_error(spec, "--set-position '%s' %s", text, err.s);
			break;
		}
		for (size_t j = 0; j < i; j++)
			if (ret[j].partition == ret[i].partition && strcmp(ret[j].topic, ret[i].topic) == 0)
				status = opt_usage_error(
					spec, "--set-position '%s': the partition is named twice", text);
	}
	strbuf_release(&err);
	return status;
}

int move_positions(const char *url, const struct check_options *opt, const struct opt_spec *spec)
{
	struct moves moves = {opt, spec, xcalloc(opt->moves.count, sizeof *moves.places)};
	int status = parse_places(opt, spec, moves.places);
	if (status == EXIT_OK)
		status = change(url, opt, move_in, &moves);
	for (size_t i = 0; i < opt->moves.count; i++)
		place_release(&moves.places[i]);
	free(moves.places);
	return status;
}

static int rename_in(struct log *log, void *arg)
{
	struct strbuf err = STRBUF_INIT;
	const struct commit *rename = arg;
	int r = log_commit(log, rename, &err);
	if (r < 0)
		warn("%s%s", err.s, r == STORE_UNKNOWN ? "; whether the group is renamed is not known" : "");
	else
		warn("the positions of group '%s' now belong to group '%s'", rename->old_group, rename->new_group);
	strbuf_release(&err);
	return diag_status(r);
}

int rename_group(const char *url, const struct check_options *opt, const char *new_group)
{
	struct commit rename = {
		.old_group = opt->rename, .new_group = new_group, .reason = opt->reason ? opt->reason : ""};
	return change(url, opt, rename_in, &rename);
}
