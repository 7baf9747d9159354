/* All files of a table at one version: see inventory.h. */
#include "common/lake/inventory.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/killpoint.h"
#include "common/lake/json_in.h"
#include "common/lake/side.h"

#define FILES_PER_VERSION                                                                          \
	8 /* with many files the next inventory comes later, so that they are not listed too often \
	   */

/* Parse the line at POS as JSON, and move POS past it; NULL at the end, or when it is not valid. */
static json_t *take_line(struct inventory *inv)
{
	const char *s = inv->text.s + inv->pos;
	const char *lf = memchr(s, '\n', inv->text.len - inv->pos);
	json_t *line = lf ? json_loadb(s, (size_t)(lf - s), JSON_REJECT_DUPLICATES, NULL) : NULL;
	inv->pos = lf ? (size_t)(lf + 1 - inv->text.s) : inv->text.len;
	return line;
}

int inventory_read(struct inventory *inv, struct store *store, const char *dir, json_t *state, struct strbuf *err)
{
	json_t *ref = json_object_get(state, "inventory");
	*inv = (struct inventory){.version = -1, .text = STRBUF_INIT};
	if (!ref)
		return 0;
	int r = side_read(store, dir, ref, &inv->text, err);
	if (r < 0)
		return r;
	json_t *line = take_line(inv), *head = json_object_get(line, "inventory");
	json_t *version = json_object_get(head, "version");
	inv->own = json_incref(json_object_get(head, "own"));
	bool good = number_in(head, "v") == 1 && json_equal(version, json_object_get(ref, "version"));
	inv->version = json_integer_value(version);
	json_decref(line);
	return good ? 0 : side_damaged(store, dir, ref, "is not the list of files that the log says", err);
}

void inventory_release(struct inventory *inv)
{
	json_decref(inv->own);
	inv->own = NULL;
	strbuf_release(&inv->text);
}

int inventory_next(struct inventory *inv, json_t **ret_add, int64_t *ret_version, struct strbuf *err)
{
	if (inv->pos >= inv->text.len)
		return 0;
	json_t *line = take_line(inv), *add = json_object_get(line, "add"), *version = json_object_get(line, "version");
	bool good = json_is_object(add) && json_is_integer(version);
	if (good) {
		*ret_add = json_incref(add);
		*ret_version = json_integer_value(version);
	} else {
		strbuf_addf(
			err, "the list of the files of version %" PRId64 " has a line that is not valid", inv->version);
	}
	json_decref(line);
	return good ? 1 : -EBADMSG;
}

struct log inventory_log(const struct inventory *inv, const struct log *log)
{
	return (struct log){.store = log->store,
		.dir = log->dir,
		.kind = log->kind,
		.delta = {.version = -1},
		.version = inv->version,
		.own = json_incref(inv->own)};
}

/* --- making one --------------------------------------------------------------------------------------------------- */

bool inventory_due(const struct log *log)
{
	json_t *ref = json_object_get(log->state, "inventory");
	int64_t last = ref ? number_in(ref, "version") : -1, every = number_in(ref, "files") / FILES_PER_VERSION;
	if (log->kind == TABLE_DELTA) /* a Delta table has checkpoints instead */
		return false;
	return log->version - last >= (every > log->inventory_every ? every : log->inventory_every);
}

/*
 * Note that lines about ACTION's path that begin before AT are no longer valid: the file was removed there, or a later
 * line replaces them.
 */
static void void_before(json_t *valid_from, json_t *action, size_t at)
{
	const char *path = text_in(action, "path");
	if (path)
		json_object_set_new(valid_from, path, json_integer((json_int_t)at));
}

/*
 * Append the valid lines of INV's files, from the next one on.  VALID_FROM says, by path, from where on lines are
 * valid.
 */
static int valid_lines(
	struct inventory *inv, json_t *valid_from, struct strbuf *ret, json_int_t *count, struct strbuf *err)
{
	int r = 0;
	while (r == 0 && inv->pos < inv->text.len) {
		size_t from = inv->pos;
		int64_t version;
		json_t *add;
		r = inventory_next(inv, &add, &version, err);
		if (r <= 0)
			break;
		const char *path = text_in(add, "path");
		r = 0;
		if (!path || (json_int_t)from >= json_integer_value(json_object_get(valid_from, path))) {
			strbuf_add(ret, inv->text.s + from, inv->pos - from);
			++*count;
		}
		json_decref(add);
	}
	return r;
}

static void add_line(struct strbuf *out, json_t *add, int64_t version)
{
	char *text = json_dumps(add, JSON_COMPACT);
	strbuf_addf(out, "{\"version\":%" PRId64 ",\"add\":%s}\n", version, text);
	free(text);
}

/* Append the files of the entries after INV up to LOG's head, and note in VALID_FROM which lines they make invalid. */
static int walk(const struct log *log, struct inventory *inv, json_t *valid_from, struct strbuf *err)
{
	struct log walk = inventory_log(inv, log);
	int r = 0;
	while (r == 0 && walk.version < log->version) {
		size_t i;
		json_t *action;
		r = log_step_known(&walk, err);
		if (r < 0)
			break;
		json_array_foreach(walk.head.removes, i, action)
		{
			void_before(valid_from, action, inv->text.len);
		}
		json_array_foreach(walk.head.adds, i, action)
		{
			void_before(valid_from, action, inv->text.len);
			add_line(&inv->text, action, walk.version);
		}
	}
	log_release(&walk);
	return r;
}

/* Write the text of an inventory of LOG's head to RET. */
static int compose(const struct log *log, struct strbuf *ret, json_int_t *count, struct strbuf *err)
{
	struct inventory inv;
	struct strbuf lines = STRBUF_INIT;
	json_t *valid_from = json_object();
	int r = inventory_read(&inv, log->store, log->dir, log->state, err);
	if (r == 0)
		r = walk(log, &inv, valid_from, err);
	if (r == 0)
		r = valid_lines(&inv, valid_from, &lines, count, err);
	char *own = log->own ? json_dumps(log->own, JSON_COMPACT) : NULL;
	if (r == 0 && own) {
		strbuf_addf(ret, "{\"inventory\":{\"v\":1,\"version\":%" PRId64 ",\"own\":%s}}\n", log->version, own);
		strbuf_add(ret, lines.s, lines.len);
	}
	r = r == 0 && !own ? -ENODATA : r; /* there is no entry of ours yet from which readers could go on */
	free(own);
	json_decref(valid_from);
	strbuf_release(&lines);
	inventory_release(&inv);
	return r;
}

/* The version that was planned as the next floor becomes the floor if it is old enough. */
static void move_floor(json_t *state, int64_t version, int64_t now_ms, int64_t keep_ms)
{
	json_t *next = json_object_get(state, "next");
	int64_t at = number_in(next, "at");
	if (next && at > now_ms) { /* the clock was wrong */
		json_object_set_new(next, "at", json_integer(now_ms));
		return;
	}
	if (next && now_ms - at < keep_ms)
		return;
	if (next)
		json_object_set(state, "floor", json_object_get(next, "version"));
	json_object_set_new(
		state, "next", json_pack("{s:I,s:I}", "version", (json_int_t)version, "at", (json_int_t)now_ms));
}

int inventory_make(const struct log *log, json_t *state, int64_t now_ms, int64_t keep_ms, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	json_int_t count = 0;
	json_t *ref = NULL;
	int r = compose(log, &text, &count, err);
	if (r == 0)
		r = side_write(log->store, log->dir, SIDE_INVENTORY, log->version + 1, &text, &ref, err);
	KILL_POINT("inventory-written");
	if (r == 0) {
		json_object_set_new(ref, "version", json_integer(log->version));
		json_object_set_new(ref, "files", json_integer(count));
		json_object_set_new(state, "inventory", ref);
		move_floor(state, log->version, now_ms, keep_ms);
	}
	strbuf_release(&text);
	return r;
}
