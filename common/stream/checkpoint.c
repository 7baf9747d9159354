/* State that survives a crash: see checkpoint.h. */
#include "common/stream/checkpoint.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/checking.h"

/* Print the lines of NOTES. */
static void tell(struct strbuf *notes)
{
	for (char *s = notes->s, *lf; (lf = strchr(s, '\n')); s = lf + 1)
		warn("%.*s", (int)(lf - s), s);
	strbuf_release(notes);
}

/* The line that distinguishes this program's states from others. */
static char *identity(const struct checkpoint_ops *form, const char *query)
{
	json_t *v = json_pack(
		"{s:s,s:i,s:s%}", "program", diag_name(), "version", (int)form->version, "query", query, strlen(query));
	char *text = v ? json_dumps(v, JSON_COMPACT) : NULL;
	json_decref(v);
	return text;
}

int checkpoint_open(struct checkpoint *k, const struct checkpoint_opts *opts, const struct checkpoint_ops *form,
	void *self, const char *query)
{
	struct strbuf notes = STRBUF_INIT, err = STRBUF_INIT;
	*k = (struct checkpoint){.form = form, .self = self, .fresh = opts->fresh, .full = true};
	if (!opts->dir || strcmp(opts->dir, "none") == 0)
		return 0;
	if (checking()) {
		int e = checking_file(opts->dir);
		if (e < 0)
			warn("cannot write '%s': %s", opts->dir, diag_strerror(e));
		return (int)diag_status(e);
	}
	char *line = identity(form, query);
	if (!line) {
		warn("the options that shape the state are not UTF-8");
		return EXIT_CONFIG;
	}
	int r = checkpoint_dir_open(&k->dir, opts->dir, line, &notes, &err);
	free(line);
	k->on = true;
	tell(&notes);
	if (r < 0)
		warn("%s", err.s);
	strbuf_release(&err);
	return r == -ESTALE ? EXIT_CONFIG : r < 0 ? (int)diag_status(r) : 0;
}

void checkpoint_release(struct checkpoint *k)
{
	if (k->on)
		checkpoint_dir_release(&k->dir);
	ranges_release(&k->at);
	k->on = false;
}

static int load(void *arg, bool full, const char *data, size_t len, struct strbuf *err)
{
	struct checkpoint *k = arg;
	return k->form->load(k->self, full, data, len, err);
}

/* Load the state for START.  1, 0 there is none, or FLOW_STOP after a message. */
static int load_state(struct checkpoint *k, const struct mark_ranges *start)
{
	struct strbuf notes = STRBUF_INIT, err = STRBUF_INIT;
	int r = checkpoint_dir_load(&k->dir, start, load, k, &notes, &err);
	tell(&notes);
	if (r < 0)
		warn("%s", err.s);
	strbuf_release(&err);
	return r < 0 ? FLOW_STOP : r;
}

static int save(struct checkpoint *k, const struct mark *mark)
{
	struct checkpoint_out out;
	bool full = k->full || !k->form->deltas || !checkpoint_dir_takes_delta(&k->dir);
	int r = checkpoint_dir_save_begin(&k->dir, full ? CHECKPOINT_FULL : CHECKPOINT_DELTA, mark, &out);
	if (r == 0) {
		k->form->save(k->self, full, &out);
		r = checkpoint_dir_save_end(&k->dir, &out);
	}
	k->full = r < 0;
	if (r == 0)
		return 0;
	warn("cannot write state in '%s': %s", k->dir.path, diag_strerror(r));
	return EXIT_TEMP;
}

/* There is no state for START: return 0 to begin with an empty one, or an exit status after a message. */
static int begin_empty(struct checkpoint *k, const struct mark_ranges *start)
{
	bool held = false, empty = checkpoint_dir_empty(&k->dir);
	for (size_t i = 0; start && i < start->count; i++)
		held |= start->items[i].was != RANGE_NONE;
	if (empty && !held) {
		warn("'%s' holds no state yet; beginning with empty state", k->dir.path);
	} else if (k->fresh) {
		warn("'%s' has no state for where the run starts; beginning with empty state (--reset-state)",
			k->dir.path);
	} else if (!start) {
		const char *why = checkpoint_dir_is_marked(&k->dir)
					  ? "the state of a marked stream; the input is a plain one"
					  : "states, but none that can be read";
		warn("'%s' holds %s (--reset-state begins with empty state)", k->dir.path, why);
		return EXIT_CONFIG;
	} else {
		struct strbuf what = STRBUF_INIT;
		checkpoint_dir_compare(&k->dir, start, &what);
		warn("'%s' has no state for where the run starts (%s); start where it has been, or --reset-state "
		     "begins with empty state",
			k->dir.path, what.s);
		strbuf_release(&what);
		return EXIT_CONFIG;
	}
	return 0;
}

/* Record that the state is now at the positions of PARTS, and empty PARTS. */
static void move_to(struct checkpoint *k, struct mark_ranges *parts)
{
	ranges_release(&k->at);
	k->at = *parts;
	*parts = (struct mark_ranges){0};
}

/* *RET_EMPTY: the program begins with an empty state. */
static int resume_first(struct checkpoint *k, const struct mark_ranges *start, bool *ret_empty)
{
	int r = load_state(k, start);
	if (r < 0)
		return EXIT_TEMP;
	*ret_empty = r == 0;
	r = r == 0 ? begin_empty(k, start) : 0;
	checkpoint_dir_drop_index(&k->dir);
	k->resumed = true;
	return r;
}

/* Whether START has all partitions of the state and otherwise only new ones. */
static bool same_partitions(const struct checkpoint *k, const struct mark_ranges *start)
{
	bool same = true;
	for (size_t i = 0; i < k->at.count; i++)
		same &= ranges_find(start, k->at.items[i].topic, k->at.items[i].partition) != NULL;
	for (size_t i = 0; i < start->count; i++)
		same &= start->items[i].was == RANGE_NONE ||
			ranges_find(&k->at, start->items[i].topic, start->items[i].partition);
	return same;
}

/* A later R: check that the state is at the positions where the run goes on. */
static int check_later(const struct checkpoint *k, const struct mark_ranges *start)
{
	if (checkpoint_is_at(&k->at, start))
		return 0;
	if (same_partitions(k, start)) { /* a new run may find the state that START needs */
		warn("another run has committed meanwhile, and the state in hand is not the one for that; a new run "
		     "looks for it in '%s'",
			k->dir.path);
		return EXIT_TEMP;
	}
	warn("the assignment of partitions has changed, and state does not move between members of a group: read a "
	     "fixed list of partitions (consume -p)");
	return EXIT_CONFIG;
}

/* Whether the R of START moves a position, so that the sink's next commit is for a state other than its last one. */
static bool resume_moves(const struct mark_ranges *start, const struct mark *resume)
{
	const struct cut own = {.known = true, .run = resume->run, .batch = resume->batch};
	for (size_t i = 0; i < start->count; i++)
		if (cut_same(&start->items[i].cut, &own))
			return true;
	return false;
}

/* From now on at least one partition is read. */
static int resume_at(struct checkpoint *k, struct mark_ranges *start, const struct mark *mark)
{
	bool empty = false;
	k->spare = CHECKPOINT_SPARE;
	for (size_t i = 0; i < start->count; i++)
		k->spare = start->items[i].was == RANGE_NONE ? k->spare : 0;
	int r = k->resumed ? check_later(k, start) : resume_first(k, start, &empty);
	if (r)
		return r;
	ranges_resume(start, mark);
	r = empty || resume_moves(start, mark) ? save(k, mark) : 0;
	move_to(k, start);
	return r;
}

static int resume(struct checkpoint *k, const struct mark *mark)
{
	struct mark_ranges start;
	struct strbuf err = STRBUF_INIT;
	if (ranges_read(mark, &start, &err) < 0) {
		warn("%s", err.s);
		strbuf_release(&err);
		return EXIT_DATA;
	}
	int r = start.count ? resume_at(k, &start, mark) : 0; /* otherwise nothing is read from now on */
	ranges_release(&start);
	return r;
}

/* Whether a batch with PARTS has read anything, including control records. */
static bool moves(const struct checkpoint *k, const struct mark_ranges *parts)
{
	for (size_t i = 0; i < parts->count; i++) {
		const struct mark_range *was = ranges_find(&k->at, parts->items[i].topic, parts->items[i].partition);
		if (!was || was->to != parts->items[i].to)
			return true;
	}
	return false;
}

/* Remove the states that no restart can ask for any more.  The program goes on if that fails. */
static void prune(struct checkpoint *k, const struct mark *mark)
{
	uint64_t done;
	if (!k->resumed || !mark_number(mark, "done", &done) || done < k->spare)
		return;
	int r = checkpoint_dir_prune(&k->dir, done - k->spare);
	if (r < 0)
		warn("cannot remove old state in '%s': %s", k->dir.path, diag_strerror(r));
}

static int end_batch(struct checkpoint *k, const struct mark *mark)
{
	struct mark_ranges parts = {0};
	struct strbuf err = STRBUF_INIT;
	int r = 0;
	if (ranges_read(mark, &parts, &err) < 0) {
		warn("%s", err.s);
		r = EXIT_DATA;
	} else if (parts.count && !k->resumed) {
		warn("a batch comes before the mark that says where it starts");
		r = EXIT_DATA;
	} else if (moves(k, &parts)) {
		r = save(k, mark);
		move_to(k, &parts);
	}
	ranges_release(&parts);
	strbuf_release(&err);
	if (r == 0)
		prune(k, mark);
	return r;
}

static int end_plain(struct checkpoint *k)
{
	int r = save(k, NULL), e = r ? 0 : checkpoint_dir_keep_newest(&k->dir);
	if (e < 0)
		warn("cannot remove old state in '%s': %s", k->dir.path, diag_strerror(e));
	return r;
}

int checkpoint_step(struct checkpoint *k, enum filter_moment when, const struct mark *mark)
{
	if (!k->on)
		return 0;
	bool empty;
	switch (when) {
	case FILTER_PLAIN:
		return resume_first(k, NULL, &empty);
	case FILTER_RESUME:
		return resume(k, mark);
	case FILTER_BATCH:
		return end_batch(k, mark);
	case FILTER_DONE:
		return end_plain(k);
	}
	return 0;
}
