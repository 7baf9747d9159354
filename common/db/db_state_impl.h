/* Private to db_state*.c. */
#ifndef WEIR_DB_STATE_IMPL_H
#define WEIR_DB_STATE_IMPL_H

#include "common/db/db_state.h"

/* Run SQL, in which @ stands for what the names of our tables begin with.  RET may be NULL. */
int db_state_query(struct db_state *st, const char *sql, const char *const *params, size_t count, struct db_answer *ret,
	struct strbuf *err) MUST_CHECK;

/* -EPERM with ERR: another group holds TOPIC, and GROUP nothing of it. */
int db_state_check_group(struct db_state *st, const char *group, const char *topic, struct strbuf *err) MUST_CHECK;

/* Set has_id and table_id, which is "" if the table has none. */
int db_state_read_id(struct db_state *st, struct strbuf *err) MUST_CHECK;

#endif
