/* Opens the database and finds the table: see put.h. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "common/base/checking.h"
#include "grow.h"
#include "options.h"
#include "put.h"

/* 1: the table will be made when its first records show its columns. */
static int find_table(struct db_sink *p, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	int r = p->db->ops->find(p->db, opts.table, &p->table, &why);
	if (r == -ENOENT && opts.create && checking()) {
		r = 0; /* it will be made; p->table stays empty */
	} else if (r == -ENOENT && opts.create) {
		strbuf_clear(&why);
		r = opts.schema.root.count ? grow_create(p->db, &opts.schema, &why) : 1;
		if (r == 0)
			r = p->db->ops->find(p->db, opts.table, &p->table, &why);
	} else if (r == -ENOENT) {
		strbuf_addstr(&why, "; --create makes it");
	}
	if (r < 0)
		strbuf_addstr(err, why.s);
	strbuf_release(&why);
	return r;
}

/* Everything behind the connection.  1: the id is committed already. */
static int find_all(struct db_sink *p, struct strbuf *err)
{
	int r = find_table(p, err);
	p->take.later = r > 0;
	if (r < 0 || !p->table.name)
		return r > 0 ? 0 : r;
	return grow_settle(&p->take, err);
}

bool put_makes_file(const char *url)
{
	const char *path = strncmp(url, "sqlite:", 7) == 0 ? url + 7 : NULL;
	return path && checking() && opts.create && access(path, F_OK) < 0 && checking_file(path) == 0;
}

int put_open(struct db_sink *p, const char *url, struct rejects *rejects)
{
	const struct db_options options = {
		.timeout_ms = opts.timeout_ms, .create = opts.create && !checking(), .tell = warn_line};
	struct strbuf err = STRBUF_INIT;
	*p = (struct db_sink){.rejects = rejects, .take = TAKE_INIT};
	p->state = (struct db_state){.table = &p->table, .also_group = opts.also_group, .adopt = opts.adopt};
	int status, r = db_open(url, &options, &p->db, &err);
	if (r == -EINVAL && !p->db)
		status = opt_usage_error(&spec, "%s", err.s);
	else {
		p->state.db = p->db;
		take_init(&p->take, &p->state, &p->choice, rejects);
		if (r == 0)
			r = find_all(p, &err);
		status = r > 0 ? EXIT_NO : (int)diag_status(r);
		if (r < 0)
			warn("%s", err.s);
	}
	strbuf_release(&err);
	return status || (!p->table.name && !p->take.later) ? status : take_open(&p->take);
}

void put_close(struct db_sink *p)
{
	take_release(&p->take);
	columns_choice_release(&p->choice);
	db_table_release(&p->table);
	numset_clear(&p->refused);
	db_close(p->db);
}

int put_try(struct db_sink *p)
{
	struct strbuf err = STRBUF_INIT;
	int r = p->db->ops->begin(p->db, &err);
	if (r == 0)
		p->db->ops->rollback(p->db);
	if (r < 0)
		warn("%s", err.s);
	else
		inform("all that writing needs is there: table '%s', %zu %s",
			p->table.name ? p->table.name : opts.table, p->choice.plan.count,
			diag_plural(p->choice.plan.count, "column", "columns"));
	strbuf_release(&err);
	return diag_status(r);
}
