/* What a database remembers of commits: statements that reading and changing it share.  See db_state_impl.h. */
#include <errno.h>

#include "common/db/db_state_impl.h"

int db_state_query(struct db_state *st, const char *sql, const char *const *params, size_t count, struct db_answer *ret,
	struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	for (; *sql; sql++) /* @ stands before the names of our tables */
		if (*sql == '@')
			strbuf_addf(&text, "%sweir_", st->table->beside);
		else
			strbuf_addch(&text, *sql);
	int r = st->db->ops->query(st->db, text.s, params, count, ret, err);
	strbuf_release(&text);
	return r;
}

int db_state_check_group(struct db_state *st, const char *group, const char *topic, struct strbuf *err)
{
	struct db_answer answer;
	const char *params[] = {st->table->object, topic, group};
	int r = db_state_query(st,
		"SELECT group_name FROM @positions WHERE object_id = $1 AND topic = $2 AND NOT EXISTS (SELECT 1 FROM "
		"@positions WHERE object_id = $1 AND topic = $2 AND group_name = $3) LIMIT 1",
		params, 3, &answer, err);
	if (r < 0)
		return r;
	if (answer.rows) {
		strbuf_addf(err,
			"the table '%s' holds topic '%s' for group '%s'; a second group would store every record once "
			"more: go on with -g '%s', or allow both (--also-group)",
			st->table->name, topic, db_answer_get(&answer, 0, 0), db_answer_get(&answer, 0, 0));
		r = -EPERM;
	}
	db_answer_release(&answer);
	return r;
}
