/* One commit after the other: see compact.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/base/killpoint.h"
#include "common/base/num.h"
#include "common/base/sig.h"
#include "compact.h"
#include "crew.h"
#include "plan.h"

#define TRIES 3 /* how often to begin again when others have changed the table meanwhile */

static void add_size(struct strbuf *out, const char *before, uint64_t bytes)
{
	strbuf_addstr(out, before);
	num_add_size(out, bytes >= 1 << 20 ? bytes >> 20 << 20 : bytes >= 1024 ? bytes >> 10 << 10 : bytes);
}

/* --- putting files together --------------------------------------------------------------------------------------- */

/* The files of PLAN, as the commit removes them; owned by the caller. */
static json_t *gone_of(const struct compact *c, const struct bins *plan)
{
	json_t *gone = json_array();
	for (size_t i = 0; i < plan->count; i++)
		for (size_t j = 0; j < plan->bins[i].count; j++)
			if (!c->files[plan->bins[i].files[j]].stays)
				json_array_append(gone, c->files[plan->bins[i].files[j]].add);
	return gone;
}

static void tell(struct compact *c, const struct bins *plan, size_t files, uint64_t after)
{
	struct strbuf text = STRBUF_INIT;
	uint64_t before = 0;
	for (size_t i = 0; i < plan->count; i++)
		before += plan->bins[i].bytes;
	if (c->opt->dry_run)
		strbuf_addf(&text, "would put %zu file%s together in %zu", plan->files, plan->files == 1 ? "" : "s",
			plan->count);
	else
		strbuf_addf(&text, "version %" PRId64 ": put %zu file%s together in %zu", c->log.version, plan->files,
			plan->files == 1 ? "" : "s", files);
	if (plan->deleted)
		strbuf_addf(&text, " without %" PRIu64 " deleted row%s", plan->deleted, plan->deleted == 1 ? "" : "s");
	add_size(&text, " (", before);
	if (!c->opt->dry_run)
		add_size(&text, " became ", after);
	compact_tell(c, "%s)", text.s);
	strbuf_release(&text);
}

/* The commit that removes GONE. */
static struct commit commit_of(const struct compact *c, json_t *gone)
{
	return (struct commit){.gone = gone, .since = c->since, .meta_version = c->meta_version};
}

/* Commit what has become of PLAN. */
static int commit_bins(
	struct compact *c, const struct bins *plan, struct lake_file **files, size_t count, struct strbuf *err)
{
	json_t *gone = gone_of(c, plan);
	struct commit commit = commit_of(c, gone);
	uint64_t after = 0;
	commit.files = files;
	commit.nfiles = count;
	commit.rewritten = true;
	for (size_t i = 0; i < count; i++)
		after += files[i]->size;
	int r = json_array_size(gone) ? log_commit(&c->log, &commit, err) : 0;
	KILL_POINT("compacted");
	if (r == 0)
		tell(c, plan, count, after);
	json_decref(gone);
	return r;
}

/* Whether nothing may be removed, because it may have been committed. */
static bool unsure(int r)
{
	return r == STORE_UNKNOWN;
}

/*
 * PLAN could not be carried out, because of R: -EAGAIN, with the reason in ERR instead, when others have replaced one
 * of its files meanwhile, which may then be gone.
 */
static int judge(struct compact *c, const struct bins *plan, int r, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	json_t *gone = gone_of(c, plan);
	const struct commit again = commit_of(c, gone);
	if (r == -EBADMSG && log_refresh(&c->log, &why) == 0 && log_check_commit(&c->log, &again, &why) == -EAGAIN) {
		strbuf_clear(err);
		strbuf_addstr(err, why.s);
		r = -EAGAIN;
	}
	json_decref(gone);
	strbuf_release(&why);
	return r;
}

static int rewrite(struct compact *c, const struct bins *plan, struct strbuf *err)
{
	const struct rewriter *kind = c->log.kind == TABLE_DELTA ? &delta_rewriter : &raw_rewriter;
	struct lake_file **files = NULL;
	struct crew *crew;
	size_t count = 0;
	int r = crew_run(c, kind, plan, &crew, &files, &count, err);
	if (r < 0)
		r = judge(c, plan, r, err);
	if (r == 0 && sig_stopped())
		r = -ECANCELED;
	if (r == 0)
		r = commit_bins(c, plan, files, count, err);
	if (r < 0 && !unsure(r))
		crew_discard(crew);
	if (r == 0)
		r = log_publish(&c->log, err);
	crew_free(crew);
	return r;
}

static struct plan_file plan_file_of(const struct table_file *file)
{
	return (struct plan_file){.group = file->group,
		.size = file->size,
		.records = file->records > 0 ? (uint64_t)file->records : 0,
		.deleted = file->deleted};
}

/* The files to plan with.  With --dry-run those that --expire would have taken out before are still there. */
static int list_files(const struct compact *c, struct plan_file *files, size_t *ret_count, struct strbuf *err)
{
	struct expire e = {0};
	bool expires = c->opt->dry_run && c->opt->expire_ms >= 0;
	int r = expires ? expire_init(c, &e, err) : 0;
	*ret_count = 0;
	for (size_t i = 0; r == 0 && i < c->nfiles; i++)
		if (!expires || !expire_is_due(&e, &c->files[i]))
			files[(*ret_count)++] = plan_file_of(&c->files[i]);
	expire_release(&e);
	return r;
}

/* List, plan and commit once; *RET_MORE: there may be more to do. */
static int compact_once(struct compact *c, bool *ret_more, struct strbuf *err)
{
	struct bins plan = {0};
	int r = table_list(c, err);
	size_t count = 0;
	struct plan_file *files = xcalloc(c->nfiles + 1, sizeof *files);
	if (r == 0)
		r = list_files(c, files, &count, err);
	if (r == 0)
		plan_make(files, count, c->opt->target, COMPACT_FILES, &plan);
	*ret_more = r == 0 && plan.files + 1 >= COMPACT_FILES && !c->opt->dry_run;
	if (r == 0 && !plan.count)
		compact_tell(c, "there are no small files to put together");
	else if (r == 0 && c->opt->dry_run)
		tell(c, &plan, 0, 0);
	else if (r == 0)
		r = rewrite(c, &plan, err);
	plan_release(&plan);
	free(files);
	return r;
}

/* Whether WORK, which has returned R, may be tried once more: others have committed since C's list was read. */
static bool try_again(struct compact *c, int r, int tries, struct strbuf *err)
{
	struct strbuf ignored = STRBUF_INIT;
	bool again = r == -EAGAIN && tries < TRIES && !sig_stopped() && log_refresh(&c->log, &ignored) == 0 &&
		     c->log.version > c->since;
	if (again) {
		compact_tell(c, "%s", err->s);
		strbuf_clear(err);
	}
	strbuf_release(&ignored);
	return again;
}

int compact_files(struct compact *c, struct strbuf *err)
{
	bool more = true;
	int r = 0;
	for (int tries = 1; r == 0 && more; tries++) {
		r = compact_once(c, &more, err);
		if (r == 0)
			tries = 0;
		else if (try_again(c, r, tries, err))
			r = 0;
	}
	return r;
}

/* --- removing what is old ----------------------------------------------------------------------------------------- */

/* The files that are too old, as an array of their add actions. */
static json_t *find_old(const struct compact *c, const struct expire *e, uint64_t *ret_bytes)
{
	json_t *gone = json_array();
	*ret_bytes = 0;
	for (size_t i = 0; i < c->nfiles && json_array_size(gone) < COMPACT_FILES; i++) {
		if (!expire_is_due(e, &c->files[i]))
			continue;
		json_array_append(gone, c->files[i].add);
		*ret_bytes += c->files[i].size;
	}
	return gone;
}

static int expire_once(struct compact *c, const struct expire *e, bool *ret_more, struct strbuf *err)
{
	uint64_t bytes;
	struct strbuf size = STRBUF_INIT;
	int r = table_list(c, err);
	if (r < 0)
		return r;
	json_t *gone = find_old(c, e, &bytes);
	size_t count = json_array_size(gone);
	struct commit removal = commit_of(c, gone);
	removal.expired = true;
	*ret_more = count == COMPACT_FILES && !c->opt->dry_run;
	if (count && !c->opt->dry_run) {
		r = log_commit(&c->log, &removal, err);
		KILL_POINT("expired");
		if (r == 0)
			r = log_publish(&c->log, err);
	}
	add_size(&size, "", bytes);
	if (r == 0)
		compact_tell(c, "%s %zu file%s (%s) that %s too old", c->opt->dry_run ? "would take out" : "took out",
			count, count == 1 ? "" : "s", size.s, count == 1 ? "is" : "are");
	strbuf_release(&size);
	json_decref(gone);
	return r;
}

int compact_expire(struct compact *c, struct strbuf *err)
{
	struct expire e;
	bool more = true;
	int r = expire_init(c, &e, err);
	for (int tries = 1; r == 0 && more; tries++) {
		r = expire_once(c, &e, &more, err);
		if (r == 0)
			tries = 0;
		else if (try_again(c, r, tries, err))
			r = 0;
	}
	expire_release(&e);
	return r;
}
