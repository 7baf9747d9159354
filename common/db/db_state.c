/* What a database remembers of commits: reading it.  See db_state.h. */
#include "common/db/db_state.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/db/db_state_impl.h"

/* Whether SQL finds a row: 1 or 0. */
static int finds(struct db_state *st, const char *sql, const char *const *params, size_t count, struct strbuf *err)
{
	struct db_answer answer;
	int r = db_state_query(st, sql, params, count, &answer, err);
	if (r < 0)
		return r;
	r = answer.rows > 0;
	db_answer_release(&answer);
	return r;
}

/* All rows of the table have its id. */
int db_state_read_id(struct db_state *st, struct strbuf *err)
{
	struct db_answer answer;
	const char *object = st->table->object;
	int r = db_state_query(
		st, "SELECT table_id FROM @positions WHERE object_id = $1 LIMIT 1", &object, 1, &answer, err);
	if (r < 0)
		return r;
	const char *id = answer.rows ? db_answer_get(&answer, 0, 0) : "";
	st->has_id = id && *id;
	memset(st->table_id, 0, sizeof st->table_id);
	strncpy(st->table_id, id ? id : "", UUID_LEN);
	db_answer_release(&answer);
	return 0;
}

/* Whether something is remembered of another table of the same name: 1 or 0. */
static int knows_name(struct db_state *st, struct strbuf *err)
{
	const char *params[] = {st->table->name, st->table->object ? st->table->object : ""};
	return finds(st,
		"SELECT 1 FROM @positions WHERE table_name = $1 AND object_id <> $2 UNION ALL "
		"SELECT 1 FROM @ids WHERE table_name = $1 AND object_id <> $2 LIMIT 1",
		params, 2, err);
}

/* The table has the rows of the one that had its name before: what is remembered of that one is of this one, too. */
static int adopt(struct db_state *st, struct strbuf *err)
{
	const struct db_ops *ops = st->db->ops;
	int r = ops->begin(st->db, err);
	if (r < 0)
		return r;
	r = ops->tag(st->db, st->table, err);
	const char *params[] = {st->table->object, st->table->name};
	if (r == 0)
		r = db_state_query(st, "UPDATE @positions SET object_id = $1 WHERE table_name = $2 AND object_id <> $1",
			params, 2, NULL, err);
	if (r == 0)
		r = db_state_query(st, "UPDATE @ids SET object_id = $1 WHERE table_name = $2 AND object_id <> $1",
			params, 2, NULL, err);
	if (r == 0)
		r = ops->commit(st->db, err);
	if (r < 0)
		ops->rollback(st->db);
	return r == 0 ? db_state_read_id(st, err) : r;
}

/* Nothing is remembered of the table. */
static int check_name(struct db_state *st, struct strbuf *err)
{
	int r = knows_name(st, err);
	if (r <= 0)
		return r;
	if (st->adopt)
		return adopt(st, err);
	strbuf_addf(err,
		"the table '%s' was dropped and made again (or restored from a copy) since weir wrote to it, and the "
		"positions of the old one are still in weir_positions: delete its rows there and in weir_ids to begin "
		"anew, or give --adopt if the table has what the old one had",
		st->table->name);
	return -EPERM;
}

int db_state_open(struct db_state *st, struct strbuf *err)
{
	struct db_table table;
	struct strbuf name = STRBUF_INIT, none = STRBUF_INIT;
	strbuf_addf(&name, "%sweir_positions", st->table->beside);
	int r = st->db->ops->find(st->db, name.s, &table, &none);
	st->made = r == 0;
	if (r == 0)
		db_table_release(&table);
	else if (r != -ENOENT)
		strbuf_addstr(err, none.s);
	strbuf_release(&name);
	strbuf_release(&none);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	r = st->table->object ? db_state_read_id(st, err) : 0;
	return r == 0 && !st->table_id[0] ? check_name(st, err) : r;
}

int db_state_knows_group(struct db_state *st, const char *group, struct strbuf *err)
{
	const char *params[] = {st->table->object, group};
	if (!st->made || !st->table->object)
		return 0;
	return finds(st, "SELECT 1 FROM @positions WHERE object_id = $1 AND group_name = $2 LIMIT 1", params, 2, err);
}

int db_state_has_id(struct db_state *st, const char *id, struct strbuf *err)
{
	const char *params[] = {st->table->object, id};
	if (!st->made || !st->table->object)
		return 0;
	return finds(st, "SELECT 1 FROM @ids WHERE object_id = $1 AND id = $2", params, 2, err);
}

int db_state_is_committed(struct db_state *st, struct strbuf *err)
{
	const char *params[] = {st->commit_id};
	return finds(st,
		"SELECT 1 FROM @positions WHERE commit_id = $1 UNION ALL SELECT 1 FROM @ids WHERE commit_id = $1 LIMIT "
		"1",
		params, 1, err);
}

/* The number in a cell; false: it is null, or no number. */
static bool number(const struct db_answer *answer, size_t column, int64_t *ret)
{
	const char *s = db_answer_get(answer, 0, column);
	char *end;
	if (!s || !*s)
		return false;
	errno = 0;
	int64_t n = strtoll(s, &end, 10);
	if (errno || *end)
		return false;
	*ret = n;
	return true;
}

/* ANSWER has next, run, batch, last_ms, last_crc, last_offset of a position. */
static int take_position(const struct db_answer *answer, struct mark_range *range, struct strbuf *err)
{
	int64_t batch, crc;
	const char *run = db_answer_get(answer, 0, 1);
	if (!number(answer, 0, &range->was) || range->was < 0) {
		strbuf_addf(err, "weir_positions: the offset of topic '%s', partition %d is none", range->topic,
			(int)range->partition);
		return -EBADMSG;
	}
	if (run && number(answer, 2, &batch))
		range->cut = (struct cut){.known = true, .run = strtoull(run, NULL, 16), .batch = (uint64_t)batch};
	range->has_last =
		number(answer, 3, &range->last_ms) && number(answer, 4, &crc) && number(answer, 5, &range->last_offset);
	if (range->has_last)
		range->last_crc = (uint32_t)crc;
	return 0;
}

static int locate_one(struct db_state *st, const char *group, struct mark_range *range, struct strbuf *err)
{
	struct db_answer answer;
	char partition[16];
	int64_t parts;
	snprintf(partition, sizeof partition, "%" PRId32, range->partition);
	const char *params[] = {st->table->object, group, range->topic, partition};
	int r = db_state_query(st,
		"SELECT next, run, batch, last_ms, last_crc, last_offset FROM @positions WHERE object_id = $1 AND "
		"group_name = $2 AND topic = $3 AND \"partition\" = $4",
		params, 4, &answer, err);
	if (r < 0)
		return r;
	if (answer.rows)
		r = take_position(&answer, range, err);
	db_answer_release(&answer);
	if (r == 0)
		r = db_state_query(st,
			"SELECT max(parts) FROM @positions WHERE object_id = $1 AND group_name = $2 AND topic = $3",
			params, 3, &answer, err);
	if (r < 0)
		return r;
	if (number(&answer, 0, &parts))
		range->topic_parts = (int32_t)parts;
	db_answer_release(&answer);
	return 0;
}

/* Another writer may have been the first one since this one looked. */
static int look_again(struct db_state *st, struct strbuf *err)
{
	struct db_table now;
	if (!st->table->object && st->table->name) {
		int r = st->db->ops->find(st->db, st->table->quoted, &now, err);
		if (r < 0)
			return r;
		st->table->object = now.object;
		now.object = NULL;
		db_table_release(&now);
	}
	return st->table->object && !st->has_id ? db_state_open(st, err) : 0;
}

int db_state_locate(struct db_state *st, const char *group, struct mark_ranges *ranges, struct strbuf *err)
{
	int r = look_again(st, err);
	for (size_t i = 0; r == 0 && i < ranges->count; i++) {
		struct mark_range *range = &ranges->items[i];
		range->was = range->topic_parts = RANGE_NONE;
		range->cut = (struct cut){0};
		range->has_last = false;
		if (!st->made || !st->table->object)
			continue;
		if (!st->also_group) /* before anything is read; the commit checks again */
			r = db_state_check_group(st, group, range->topic, err);
		if (r == 0)
			r = locate_one(st, group, range, err);
	}
	return r;
}
