/* Tables without records: see create.h. */
#include "create.h"

#include <errno.h>
#include <inttypes.h>

#include "delta_open.h"
#include "options.h"

#define TRIES 5 /* how often to try while other writers change the schema */

/* Try once.  -EAGAIN: another writer was faster, and the log is at its entry. */
static int try_create(const struct table_place *place, struct strbuf *err)
{
	struct delta_schema s;
	int r = delta_schema_open(place, &opts.schema, &s, err);
	const struct commit commit = {.protocol = s.protocol, .meta = s.meta, .meta_version = s.version};
	if (r == 0 && !s.meta) {
		inform("'%s' is there already, at version %" PRId64, place->store->url, place->log->version);
	} else if (r == 0) {
		r = log_commit(place->log, &commit, err);
		if (r == 0)
			r = log_publish(place->log, err);
		if (r == 0)
			inform("'%s' has these columns as of version %" PRId64, place->store->url, place->log->version);
	}
	delta_schema_release(&s);
	return r;
}

int create_table(const struct table_place *place)
{
	struct strbuf err = STRBUF_INIT;
	int r = -EAGAIN;
	for (int i = 0; i < TRIES && r == -EAGAIN; i++) {
		strbuf_clear(&err);
		r = try_create(place, &err);
	}
	if (r < 0)
		warn("%s", err.s);
	strbuf_release(&err);
	return diag_status(r);
}
