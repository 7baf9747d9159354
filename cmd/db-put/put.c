/* The table as a sink: see put.h. */
#include "put.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/killpoint.h"
#include "common/base/patience.h"
#include "options.h"
#include "stats.h"

#define RETRY_MS 200

static int on_span(
	void *self, struct sink_place *place, const char *s, size_t len, struct flow *flow, struct strbuf *err)
{
	struct db_sink *p = self;
	return take_span(&p->take, place, s, len, flow, err);
}

static int on_end(void *self, struct sink_place *place, struct flow *flow, struct strbuf *err)
{
	struct db_sink *p = self;
	return take_end(&p->take, place, flow, err);
}

static int on_gathered(void *self, const struct mark *mark)
{
	struct db_sink *p = self;
	return rejects_batch(p->rejects, mark);
}

static int on_start(void *self, const char *group, bool *ret_began, struct strbuf *err)
{
	struct db_sink *p = self;
	int r = db_state_knows_group(&p->state, group, err);
	*ret_began = r > 0;
	return r < 0 ? r : 0;
}

static const char *table_id(void *self)
{
	const struct db_sink *p = self;
	return p->state.table_id[0] ? p->state.table_id : NULL;
}

static int on_locate(void *self, const char *group, struct mark_ranges *ranges, struct strbuf *err)
{
	struct db_sink *p = self;
	return db_state_locate(&p->state, group, ranges, err);
}

/* The database has refused row NR. */
static int on_refused(void *arg, uint64_t nr, const char *why)
{
	struct db_sink *p = arg;
	const char *rec;
	size_t len;
	if (!numset_add(&p->refused, nr)) /* an earlier try of this commit has set it aside */
		return 0;
	const struct sink_place place = sink_places_find(&p->take.held.places, nr);
	held_record(&p->take.held, nr, &rec, &len);
	const struct aside_record aside = {
		.reason = why, .input = place.input, .number = place.record, .rec = rec, .len = len};
	return rejects_add(p->rejects, false, &aside);
}

/* Put the rows in hand into the table. */
static int put_rows(struct db_sink *p, struct strbuf *err)
{
	struct db_batch batch = {.arg = p, .refuse = rejects_go_on(p->rejects) ? on_refused : NULL};
	struct strbuf why = STRBUF_INIT;
	int r = held_map(&p->take.held, &batch);
	if (r < 0)
		strbuf_addf(&why, "cannot read the rows again: %s", diag_strerror(r));
	else
		r = p->db->ops->put(p->db, &p->choice.plan, &batch, &why);
	if (r == -EBADMSG && batch.bad < batch.rows) {
		const struct sink_place place = sink_places_find(&p->take.held.places, batch.bad);
		sink_place_add(err, &place);
		strbuf_addstr(err, ", ");
	}
	if (r)
		strbuf_addstr(err, why.s);
	strbuf_release(&why);
	/* what is left out has to be on disk first */
	return r == 0 && p->refused.count ? rejects_batch(p->rejects, NULL) : r;
}

/* All that a transaction does between its beginning and its commit. */
static int in_transaction(struct db_sink *p, const struct sink_commit *commit, struct strbuf *err)
{
	bool remembers = commit->marked || opts.once.id;
	int r = remembers ? db_state_begin(&p->state, err) : 0;
	if (r == 0)
		r = db_state_move(&p->state, commit->positions, commit->count, commit->stay, err);
	KILL_POINT("positions-moved");
	if (r == 0 && opts.once.id)
		r = db_state_add_id(&p->state, opts.once.id, err);
	return r == 0 && p->take.held.count ? put_rows(p, err) : r;
}

/* Try the commit once. */
static int try_commit(struct db_sink *p, const struct sink_commit *commit, struct strbuf *err)
{
	KILL_POINT("before-begin");
	int r = p->db->ops->begin(p->db, err);
	if (r < 0)
		return r;
	r = in_transaction(p, commit, err);
	if (r == 0)
		r = p->db->ops->commit(p->db, err);
	if (r)
		p->db->ops->rollback(p->db);
	return r;
}

/* What is known of a commit that is tried again. */
struct commit_tries {
	struct patience patience;
	char lost[UUID_LEN + 1]; /* the id of a commit that got no answer; "": all have got one */
};

/*
 * The commit that got no answer may be there.  1: it is; 0: it is not, or this cannot be found out now; then it is
 * tried again, and the positions, or the id, of the other one show whether it came through after all.
 */
static int is_there(struct db_sink *p, const struct commit_tries *tries)
{
	struct strbuf err = STRBUF_INIT;
	struct db_state asked = p->state;
	int r = tries->lost[0] ? p->db->ops->begin(p->db, &err) : -ENODATA;
	memcpy(asked.commit_id, tries->lost, sizeof asked.commit_id);
	if (r == 0)
		r = db_state_is_committed(&asked, &err);
	if (tries->lost[0])
		p->db->ops->rollback(p->db);
	strbuf_release(&err);
	return r > 0;
}

/* The commit has failed with R: 1 to try it again; else what it has come to. */
static int judge(struct db_sink *p, struct commit_tries *tries, bool remembers, int r, struct strbuf *err)
{
	if (r == -EINPROGRESS && remembers)
		memcpy(tries->lost, p->state.commit_id, sizeof tries->lost);
	if ((r == -EINPROGRESS || r == -ESTALE || r == -EALREADY) && is_there(p, tries))
		return 0;
	if (r != -EAGAIN && (r != -EINPROGRESS || !remembers))
		return r;
	enum patience_state state = patience_ask(&tries->patience, opts.timeout_ms, clock_ms());
	if (state == PATIENCE_TELL)
		warn("the commit is tried again: %s", err->s);
	if (state == PATIENCE_OVER)
		return tries->lost[0] ? SINK_UNKNOWN : -EAGAIN;
	strbuf_clear(err);
	usleep(RETRY_MS * 1000);
	return 1;
}

static int on_commit(void *self, struct sink_commit *commit, struct strbuf *err)
{
	struct db_sink *p = self;
	struct commit_tries tries = {0};
	bool remembers = commit->marked || opts.once.id;
	int r;
	if (p->take.later) { /* positions move, and there is no table that could have them */
		strbuf_addf(err,
			"the table '%s' is missing, and no record has shown its columns yet: --schema says them",
			opts.table);
		return -ENOENT;
	}
	numset_clear(&p->refused);
	patience_begin(&tries.patience, clock_ms());
	do {
		r = try_commit(p, commit, err);
		if (r > 0)
			return r;
		if (r < 0)
			r = judge(p, &tries, remembers, r, err);
		p->retries += r > 0;
	} while (r > 0);
	if (r == 0) {
		if (remembers)
			db_state_committed(&p->state);
		commit->bytes = p->take.held.open ? p->take.held.rows.size : 0;
		commit->refused = p->refused.count;
	}
	return r;
}

static int on_publish(void *self, struct strbuf *err)
{
	struct db_sink *p = self;
	(void)err;
	p->rows = p->take.held.count - p->refused.count;
	p->all_rows += p->rows;
	held_clear(&p->take.held);
	return 0;
}

static int on_figures(void *self, const struct sink_figures *figures, const struct chain *chain, struct strbuf *err)
{
	const struct db_sink *p = self;
	return opts.stats ? stats_write(opts.stats, p, figures, chain, err) : 0;
}

static void on_describe(void *self, const struct sink_commit *commit, struct strbuf *out)
{
	const struct db_sink *p = self;
	if (commit)
		strbuf_addf(out, "%" PRIu64 " %s", p->rows, diag_plural(p->rows, "row", "rows"));
	else
		strbuf_addf(out, "table '%s' of %s%s", p->take.later ? opts.table : p->table.name, p->db->url,
			p->take.later ? ", which is new" : "");
}

const struct sink_ops put_sink_ops = {
	.span = on_span,
	.end = on_end,
	.gathered = on_gathered,
	.start = on_start,
	.table = table_id,
	.locate = on_locate,
	.commit = on_commit,
	.publish = on_publish,
	.figures = on_figures,
	.describe = on_describe,
};
