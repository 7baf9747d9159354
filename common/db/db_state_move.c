/* What a database remembers of commits: changing it.  See db_state.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/db/db_state_impl.h"

/* The columns are those of a position, its cut and its last record; see struct position and struct cut. */
static const char make_positions[] =
	"CREATE TABLE IF NOT EXISTS @positions (object_id text NOT NULL, group_name text NOT NULL, topic text NOT "
	"NULL, "
	"\"partition\" integer NOT NULL, next bigint NOT NULL, run text, batch bigint, last_ms bigint, last_crc "
	"bigint, "
	"last_offset bigint, parts integer, commit_id text NOT NULL, table_name text NOT NULL, table_id text NOT NULL, "
	"committed_at timestamp DEFAULT CURRENT_TIMESTAMP, PRIMARY KEY (object_id, group_name, topic, \"partition\"))";
static const char make_ids[] =
	"CREATE TABLE IF NOT EXISTS @ids (object_id text NOT NULL, id text NOT NULL, commit_id text NOT NULL, "
	"table_name text NOT NULL, committed_at timestamp DEFAULT CURRENT_TIMESTAMP, PRIMARY KEY (object_id, id))";

/* Make sure that the table has an object.  One that was made in a transaction which was rolled back is gone. */
static int tag(struct db_state *st, struct strbuf *err)
{
	if (st->tagged) {
		free(st->table->object);
		st->table->object = NULL;
	}
	const bool had = st->table->object;
	int r = st->db->ops->tag(st->db, st->table, err);
	st->tagged = !had && st->table->object;
	return r;
}

void db_state_committed(struct db_state *st)
{
	st->made = true;
	st->tagged = false;
}

/* The first commit gives the table its id.  Two that begin at the same time come one after the other. */
static int choose_id(struct db_state *st, struct strbuf *err)
{
	int r = st->db->ops->lock ? st->db->ops->lock(st->db, st->table, err) : 0;
	if (r == 0)
		r = db_state_read_id(st, err);
	return r == 0 && !st->has_id ? uuid_new(st->table_id, err) : r;
}

int db_state_begin(struct db_state *st, struct strbuf *err)
{
	int r = st->made || !st->db->ops->lock ? 0 : st->db->ops->lock(st->db, NULL, err);
	if (r == 0 && !st->made)
		r = db_state_query(st, make_positions, NULL, 0, NULL, err);
	if (r == 0 && !st->made)
		r = db_state_query(st, make_ids, NULL, 0, NULL, err);
	if (r == 0)
		r = tag(st, err);
	if (r == 0 && !st->has_id)
		r = choose_id(st, err);
	return r == 0 ? uuid_new(st->commit_id, err) : r;
}

/* The parameters of the statements about a position, in their order. */
enum {
	P_OBJECT,
	P_GROUP,
	P_TOPIC,
	P_PARTITION,
	P_NEXT,
	P_RUN,
	P_BATCH,
	P_MS,
	P_CRC,
	P_OFFSET,
	P_PARTS,
	P_COMMIT,
	P_WAS,
	P_NAME = P_WAS, /* of the table; for a first position, which has none before it */
	P_ID,
	P_COUNT
};

struct position_params {
	char numbers[P_COUNT][24];
	const char *v[P_COUNT];
};

static void set(struct position_params *p, int which, int64_t n)
{
	snprintf(p->numbers[which], sizeof p->numbers[which], "%" PRId64, n);
	p->v[which] = p->numbers[which];
}

static void set_all(struct position_params *p, const struct db_state *st, const struct position *at)
{
	*p = (struct position_params){.v = {[P_OBJECT] = st->table->object,
					      [P_GROUP] = at->group,
					      [P_TOPIC] = at->topic,
					      [P_COMMIT] = st->commit_id,
					      [P_ID] = st->table_id}};
	set(p, P_PARTITION, at->partition);
	set(p, P_NEXT, at->next);
	if (at->cut.known) {
		snprintf(p->numbers[P_RUN], sizeof p->numbers[P_RUN], "%016" PRIx64, at->cut.run);
		p->v[P_RUN] = p->numbers[P_RUN];
		set(p, P_BATCH, (int64_t)at->cut.batch);
	}
	if (at->has_last) {
		set(p, P_MS, at->last_ms);
		set(p, P_CRC, at->last_crc);
		set(p, P_OFFSET, at->last_offset);
	}
	if (at->has_parts)
		set(p, P_PARTS, at->parts);
	if (at->was >= 0)
		set(p, P_WAS, at->was);
	else
		p->v[P_NAME] = st->table->name;
}

static const char move_sql[] =
	"UPDATE @positions SET next = $5, run = $6, batch = $7, last_ms = $8, last_crc = $9, last_offset = $10, parts "
	"= "
	"coalesce(parts, CAST($11 AS integer)), commit_id = $12, committed_at = CURRENT_TIMESTAMP WHERE object_id = $1 "
	"AND group_name = "
	"$2 AND topic = $3 AND \"partition\" = $4 AND next = $13 AND coalesce(parts, CAST($11 AS integer), 0) = "
	"coalesce(CAST($11 AS integer), parts, 0)";
static const char first_sql[] =
	"INSERT INTO @positions (object_id, group_name, topic, \"partition\", next, run, batch, last_ms, last_crc, "
	"last_offset, parts, commit_id, table_name, table_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, "
	"$12, "
	"$13, $14) ON CONFLICT DO NOTHING";

static int move_one(struct db_state *st, const struct position *at, struct strbuf *err)
{
	struct position_params p;
	struct db_answer answer;
	bool first = at->was < 0;
	/* first commits of two groups come one after the other, or neither would see the other */
	int r = first && st->db->ops->lock ? st->db->ops->lock(st->db, st->table, err) : 0;
	if (r == 0 && first && !st->also_group)
		r = db_state_check_group(st, at->group, at->topic, err);
	set_all(&p, st, at);
	if (r == 0)
		r = db_state_query(st, first ? first_sql : move_sql, p.v, first ? P_COUNT : P_WAS + 1, &answer, err);
	if (r < 0)
		return r;
	if (answer.changes != 1) {
		strbuf_addf(err,
			"the table '%s' is not at offset %" PRId64
			" of %s [%d] for group %s: another writer has committed past it",
			st->table->name, at->was, at->topic, (int)at->partition, at->group);
		r = -ESTALE;
	}
	db_answer_release(&answer);
	return r;
}

int db_state_move(struct db_state *st, const struct position *positions, size_t count, size_t stay, struct strbuf *err)
{
	int r = 0;
	for (size_t i = 0; r == 0 && i < count + stay; i++)
		r = move_one(st, &positions[i], err);
	return r;
}

int db_state_add_id(struct db_state *st, const char *id, struct strbuf *err)
{
	struct db_answer answer;
	const char *params[] = {st->table->object, id, st->commit_id, st->table->name};
	int r = db_state_query(st,
		"INSERT INTO @ids (object_id, id, commit_id, table_name) VALUES ($1, $2, $3, $4) ON CONFLICT DO "
		"NOTHING",
		params, 4, &answer, err);
	if (r < 0)
		return r;
	if (answer.changes != 1) {
		strbuf_addf(err, "id '%s' has been committed before", id);
		r = -EALREADY;
	}
	db_answer_release(&answer);
	return r;
}
