/* Positions in a file beside the log: see positions.h. */
#include "common/lake/positions.h"

#include <errno.h>
#include <stdlib.h>

#include "common/base/killpoint.h"
#include "common/lake/json_in.h"
#include "common/lake/side.h"

static size_t count(json_t *positions)
{
	size_t n = 0;
	const char *key;
	json_t *topics, *partitions;
	json_object_foreach(positions, key, topics)
	{
		json_object_foreach(topics, key, partitions)
		{
			n += json_object_size(partitions);
		}
	}
	return n;
}

/*
 * Put POSITIONS into ALL, except those that BASE has with the same value; *RET_KNOWN is how many of them BASE has with
 * any value.
 */
static void overlay(json_t *all, json_t *positions, json_t *base, size_t *ret_known)
{
	const char *group, *topic, *partition;
	json_t *topics, *partitions, *at;
	json_object_foreach(positions, group, topics)
	{
		json_object_foreach(topics, topic, partitions)
		{
			json_t *old = json_object_get(json_object_get(base, group), topic);
			json_object_foreach(partitions, partition, at)
			{
				json_t *was = json_object_get(old, partition);
				*ret_known += was != NULL;
				if (!was || !json_equal(was, at))
					json_object_set(object_in(object_in(all, group), topic), partition, at);
			}
		}
	}
}

/* The positions in the file that STATE names; owned by the caller. */
static int read_file(struct store *store, const char *dir, json_t *state, json_t **ret, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	json_t *ref = json_object_get(state, "position_file");
	int r = side_read(store, dir, ref, &text, err);
	json_t *file = r == 0 ? json_loadb(text.s, text.len, JSON_REJECT_DUPLICATES, NULL) : NULL;
	json_t *positions = json_object_get(file, "positions");
	if (r == 0 && !json_is_object(positions))
		r = side_damaged(store, dir, ref, "holds no positions", err);
	*ret = r == 0 ? json_incref(positions) : NULL;
	json_decref(file);
	strbuf_release(&text);
	return r;
}

int positions_unfold(struct store *store, const char *dir, json_t *state, struct strbuf *err)
{
	json_t *all;
	size_t ignored = 0;
	if (!json_object_get(state, "position_file"))
		return 0;
	int r = read_file(store, dir, state, &all, err);
	if (r < 0)
		return r;
	overlay(all, json_object_get(state, "positions"), NULL, &ignored);
	json_object_set_new(state, "positions", all);
	return 0;
}

/*
 * Those of STATE's positions that differ from its file, owned; NULL when the difference cannot be expressed in this
 * way.
 */
static int differences(struct store *store, const char *dir, json_t *state, json_t **ret, struct strbuf *err)
{
	json_t *base, *all = json_object_get(state, "positions"), *differ = json_object();
	size_t known = 0;
	int r = read_file(store, dir, state, &base, err);
	if (r == 0)
		overlay(differ, all, base, &known);
	bool whole = r == 0 && known == count(base); /* otherwise the file has positions that no longer exist */
	if (r == 0)
		json_decref(base);
	*ret = whole ? differ : NULL;
	if (!whole)
		json_decref(differ);
	return r;
}

/* Write a file with all positions, and remove them from STATE. */
static int write_file(struct store *store, const char *dir, json_t *state, int64_t version, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	json_t *file = json_pack("{s:O}", "positions", json_object_get(state, "positions")), *ref = NULL;
	char *s = json_dumps(file, JSON_COMPACT);
	strbuf_addstr(&text, s);
	int r = side_write(store, dir, SIDE_POSITIONS, version, &text, &ref, err);
	KILL_POINT("positions-written");
	if (r == 0) {
		json_object_set_new(state, "position_file", ref);
		json_object_set_new(state, "positions", json_object());
	}
	free(s);
	json_decref(file);
	strbuf_release(&text);
	return r;
}

int positions_fold(
	struct store *store, const char *dir, json_t *state, int64_t version, size_t moved, struct strbuf *err)
{
	json_t *differ = NULL;
	size_t n = count(json_object_get(state, "positions"));
	size_t limit = n / 4 > POSITIONS_IN_ENTRY ? n / 4 : POSITIONS_IN_ENTRY;
	int r = 0;
	if (n > POSITIONS_IN_ENTRY && json_object_get(state, "position_file"))
		r = differences(store, dir, state, &differ, err);
	if (r == 0 && differ && count(differ) <= limit) {
		json_object_set_new(state, "positions", differ);
		return 0;
	}
	json_decref(differ);
	if (r < 0)
		return r;
	if (n > POSITIONS_IN_ENTRY && moved <= limit)
		return write_file(store, dir, state, version, err);
	json_object_del(state, "position_file");
	return 0;
}
