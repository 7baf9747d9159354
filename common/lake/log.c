/* Reading the log of a table: see log.h.  Committing is in commit.c. */
#include "common/lake/log.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/killpoint.h"
#include "common/lake/json_in.h"
#include "common/lake/percent.h"
#include "common/lake/version.h"

/* When there is no hint: the highest version in the directory, -1 for none; -EBADMSG when a lower one is missing. */
static int highest(const struct log *log, int64_t *ret, struct strbuf *err)
{
	int64_t max, count;
	int r = log_highest(log, &max, &count, err);
	if (r == 0 && count != max + 1) {
		strbuf_addf(err, "the log '%s' of '%s' has gaps: %" PRId64 " entries up to version %" PRId64, log->dir,
			log->store->url, count, max);
		return -EBADMSG;
	}
	*ret = max;
	return r;
}

/* Find the state in the entries before the head, because the head has none. */
static int step_back(struct log *log, struct strbuf *err)
{
	int r = 0;
	for (int64_t version = log->version - 1; r == 0 && !log->state && version >= 0; version--) {
		struct entry entry;
		r = log_read(log, version, &entry, err);
		if (r < 0)
			break;
		log_adopt_state(log, &entry, version);
		entry_release(&entry);
	}
	return r;
}

/* Read the entry VERSION, or, when it is undone, the one that undoes it; *version is set to that. */
static int read_at(const struct log *log, int64_t *version, struct entry *ret, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	struct log there = {.store = log->store, .dir = log->dir, .version = *version - 1};
	int r = log_read(log, *version, ret, &text);
	if (r == -EBADMSG && log_is_retired(log, *version)) /* the entry of the hint is older than the floor */
		r = -ENOENT;
	int64_t later = r == -EBADMSG ? log_undoing(&there, *version, ret) : -1;
	if (later >= 0) {
		*version = later;
		r = 0;
	}
	strbuf_addstr(err, r < 0 ? text.s : "");
	strbuf_release(&text);
	return r;
}

/*
 * Whether ENTRY, which is to become the head, follows the entry before it.  If so, no other entry must be read.  False
 * when only the whole log can show it, because the head or an entry before it is foreign or damaged.  If old entries
 * were emptied, the oldest one left is trusted, because it holds the whole state.
 */
static bool confirmed(const struct log *log, const struct entry *entry, int64_t version)
{
	int64_t undoes = entry_undoes(entry, version);
	struct log before = {.store = log->store, .dir = log->dir, .version = (undoes >= 0 ? undoes : version) - 1};
	struct strbuf ignored = STRBUF_INIT;
	struct entry last;
	int r = before.version < 0 ? 0 : log_read(&before, before.version, &last, &ignored);
	bool known = before.version < 0;
	if (r == 0 && !known) {
		log_adopt_state(&before, &last, before.version);
		entry_release(&last);
		known = before.own;
	}
	bool good = entry_state(entry) && (r == -ENOENT || (r == 0 && known && log_follows(&before, entry, version)));
	log_release(&before);
	strbuf_release(&ignored);
	return good;
}

/*
 * Read every entry from the oldest one that is left up to VERSION; an entry that does not follow the one before is an
 * error.
 */
static int walk_to(struct log *log, int64_t version, struct strbuf *err)
{
	int r = 0;
	log_begin(log);
	while (r == 0 && log->version < version)
		r = log_step_known(log, err);
	return r == -ENODATA ? -EBADMSG : r; /* VERSION exists, so an entry before it is missing */
}

/* Read the entry that is the head by the hint or the directory. */
static int first_read(struct log *log, struct strbuf *err)
{
	bool published = false;
	struct entry entry;
	struct strbuf ignored = STRBUF_INIT;
	int64_t version = log_hint(log, &published), hint = version;
	if (log->kind == TABLE_DELTA)
		return log_delta_begin(log, hint, err);
	int r = version < 0 ? -ENOENT : read_at(log, &version, &entry, &ignored);
	strbuf_addstr(err, r != -ENOENT ? ignored.s : "");
	strbuf_release(&ignored);
	if (r == -ENOENT) {
		r = highest(log, &version, err);
		if (r == 0 && version >= 0)
			r = read_at(log, &version, &entry, err);
	}
	if (r == 0 && version >= 0) {
		if (confirmed(log, &entry, version)) {
			log_advance(log, &entry, version);
		} else {
			entry_release(&entry);
			r = walk_to(log, version, err);
		}
		log->hinted = published && version == hint && log->version == hint;
	}
	return r;
}

/* Go on entry by entry; the result at the end is -ENOENT. */
static int walk_on(struct log *log, struct strbuf *err)
{
	struct strbuf gone = STRBUF_INIT;
	int r = 0;
	while (r == 0) {
		strbuf_clear(&gone);
		r = log_step(log, &gone);
	}
	if (r != -ENOENT)
		strbuf_addstr(err, gone.s);
	strbuf_release(&gone);
	return r;
}

/* The entry after LOG's was emptied meanwhile: continue at the log's current head. */
static int jump(struct log *log, struct strbuf *err)
{
	struct log there = *log;
	there.version = -1;
	there.delta = (struct log_delta){.version = -1};
	there.head = (struct entry){0};
	there.state = there.own = NULL;
	there.published = there.hinted = false;
	int r = first_read(&there, err);
	if (r == 0 && there.version <= log->version) {
		strbuf_addf(err, "the log of '%s' has become shorter", log->store->url);
		r = -EBADMSG;
	}
	log_release(r == 0 ? log : &there);
	if (r == 0)
		*log = there;
	return r;
}

int log_refresh(struct log *log, struct strbuf *err)
{
	int r;
	for (;;) {
		struct strbuf text = STRBUF_INIT;
		r = walk_on(log, &text);
		if (r == -ENOENT && log_delta_is_gone(log, log->version))
			r = -ENODATA;
		if (r != -ENODATA && r != -ENOENT)
			strbuf_addstr(err, text.s);
		strbuf_release(&text);
		if (r != -ENODATA)
			break;
		r = jump(log, err);
		if (r < 0)
			return r;
	}
	if (r == -ENOENT)
		r = log->state || log->kind == TABLE_DELTA ? 0 : step_back(log, err);
	return r == 0 ? log_check_table(log, err) : r;
}

static void begin_as(struct log *log, enum table_kind kind)
{
	log->kind = kind;
	log->dir = kind == TABLE_DELTA ? LOG_DELTA : LOG_RAW;
	log->version = -1;
}

/* There is no table of LOG's kind: look for one of the other kind, which only readers accept. */
static int open_other(struct log *log, struct strbuf *err)
{
	enum table_kind kind = log->kind;
	begin_as(log, kind == TABLE_RAW ? TABLE_DELTA : TABLE_RAW);
	int r = first_read(log, err);
	if (r == 0 && log->version >= 0 && log->writer) {
		strbuf_addf(err, "'%s' is a %s table: --table %s writes to it", log->store->url,
			log->kind == TABLE_RAW ? "raw" : "Delta", log->kind == TABLE_RAW ? "raw" : "delta");
		return -EINVAL;
	}
	if (r == 0 && log->version < 0)
		begin_as(log, kind);
	return r;
}

int log_open(struct log *log, struct store *store, const struct table *table, struct strbuf *err)
{
	*log = (struct log){.store = store,
		.delta = {.version = -1},
		.inventory_every = LOG_EVERY,
		.keep_ms = LOG_KEPT_MS,
		.stage_ms = KILL_LIMIT("WEIR_STAGE_MS", LOG_STAGE_MS)};
	if (table)
		log->table = *table;
	log->writer = table;
	begin_as(log, log->table.kind);
	json_set_alloc_funcs(xmalloc, free); /* so that NULL never means that there is no memory */
	int r = first_read(log, err);
	if (r == 0 && log->version < 0)
		r = open_other(log, err);
	return r == 0 ? log_refresh(log, err) : r;
}

void log_release(struct log *log)
{
	entry_release(&log->head);
	json_decref(log->state);
	json_decref(log->own);
	log->state = log->own = NULL;
	log_delta_release(&log->delta);
}
