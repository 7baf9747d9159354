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

#define HINT_MAX 4096 /* bytes of `_last` */

void log_entry_name(const struct log *log, int64_t version, struct strbuf *ret)
{
	strbuf_addf(ret, "%s/%020" PRId64 ".json", log->dir, version);
}

int log_entry_size(const struct log *log, int64_t version, uint64_t *ret)
{
	struct strbuf name = STRBUF_INIT, ignored = STRBUF_INIT;
	log_entry_name(log, version, &name);
	int r = store_size(log->store, name.s, ret, &ignored);
	strbuf_release(&name);
	strbuf_release(&ignored);
	return r;
}

/* Read `_last`.  It is a hint: if anything in it is odd, it is ignored. */
static int64_t read_hint(const struct log *log, bool *ret_published)
{
	struct strbuf name = STRBUF_INIT, text = STRBUF_INIT, ignored = STRBUF_INIT;
	int64_t version = -1;
	strbuf_addf(&name, "%s/_last", log->dir);
	if (store_get(log->store, name.s, HINT_MAX, &text, &ignored) == 0) {
		json_t *hint = json_loadb(text.s, text.len, 0, NULL);
		int64_t hinted = number_in(hint, "version");
		if (hinted >= 0 && hinted < VERSION_LIMIT)
			version = hinted;
		*ret_published = json_is_true(json_object_get(hint, "published"));
		json_decref(hint);
	}
	strbuf_release(&name);
	strbuf_release(&text);
	strbuf_release(&ignored);
	return version;
}

int64_t log_hint(const struct log *log)
{
	bool published;
	return read_hint(log, &published);
}

int64_t log_version_of(const char *name)
{
	if (strlen(name) != VERSION_DIGITS + 5 || strcmp(name + VERSION_DIGITS, ".json") != 0)
		return -1;
	return version_parse(name);
}

int log_highest(const struct log *log, int64_t *ret, int64_t *ret_count, struct strbuf *err)
{
	struct names names = {0};
	int r = store_list(log->store, log->dir, &names, err);
	*ret = -1;
	*ret_count = 0;
	for (size_t i = 0; i < names.count; i++) {
		int64_t version = log_version_of(names.items[i]);
		*ret = version > *ret ? version : *ret;
		*ret_count += version >= 0;
	}
	names_release(&names);
	return r;
}

int log_missing(const struct log *log, struct strbuf *err)
{
	strbuf_addf(err, "'%s' is not a table: it has no log", log->store->url);
	return -ENOENT;
}

/* Without a hint: the highest version in the directory, -1 for none; -EBADMSG when one is missing below it. */
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

/* Find the state in the entries before the head, which has none. */
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
	if (r == -EBADMSG && log_is_retired(log, *version)) /* the hint is older than the floor */
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
 * Whether ENTRY, the head to be, follows the entries before it, as far as one more entry shows it: then no other entry
 * has to be read.  False when only the whole log can tell, because the head or an entry before it is foreign or
 * damaged.  Where old entries were emptied, the oldest one left is trusted: it holds the whole state.
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

/* Read every entry from the first one kept up to VERSION; an entry that does not follow the one before is an error. */
static int walk_to(struct log *log, int64_t version, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	int r = 0;
	log_begin(log);
	while (r == 0 && log->version < version)
		r = log_step(log, &text);
	if (r < 0)
		strbuf_addstr(err, text.s);
	strbuf_release(&text);
	return r == -ENOENT || r == -ENODATA ? -EBADMSG : r; /* VERSION is there, so one is missing before it */
}

/* Read the entry that is the head according to the hint or the directory. */
static int first_read(struct log *log, struct strbuf *err)
{
	bool published = false;
	struct entry entry;
	struct strbuf ignored = STRBUF_INIT;
	int64_t version = read_hint(log, &published), hint = version;
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

/* Go on, entry by entry, to the end: -ENOENT there. */
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
		r = log->state ? 0 : step_back(log, err);
	return r == 0 ? log_check_table(log, err) : r;
}

int log_open(struct log *log, struct store *store, const struct table *table, struct strbuf *err)
{
	*log = (struct log){.store = store,
		.dir = LOG_RAW,
		.version = -1,
		.inventory_every = LOG_EVERY,
		.keep_ms = LOG_KEPT_MS,
		.stage_ms = KILL_LIMIT("WEIR_STAGE_MS", LOG_STAGE_MS)};
	if (table)
		log->table = *table;
	log->writer = table;
	json_set_alloc_funcs(xmalloc, free); /* so that NULL never means memory */
	int r = first_read(log, err);
	return r == 0 ? log_refresh(log, err) : r;
}

void log_release(struct log *log)
{
	entry_release(&log->head);
	json_decref(log->state);
	json_decref(log->own);
	log->state = log->own = NULL;
}
