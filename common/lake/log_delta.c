/*
 * Protocol and schema of a Delta table, and whether we can append to it: see log.h.
 *
 * Others write entries to the log, too, without a state: these are skipped, unless they replace the table's rows as a
 * whole (delta_rules.h).  Others also remove old entries.  Protocol and schema are in an entry that may be gone by
 * then, so they are also kept beside the log:
 *     "meta":{"name":"meta-…","size":…,"crc":…,"version":N}
 * in the state names a file with the line {"protocol":{…},"metaData":{…}}, the actions that have been valid since the
 * entry N.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/lake/delta_rules.h"
#include "common/lake/json_in.h"
#include "common/lake/log.h"
#include "common/lake/side.h"

void log_delta_release(struct log_delta *delta)
{
	json_decref(delta->protocol);
	json_decref(delta->meta);
	free(delta->misfit);
	*delta = (struct log_delta){.version = -1};
}

static void replace(json_t **slot, json_t *action)
{
	if (!action)
		return;
	json_decref(*slot);
	*slot = json_incref(action);
}

/* --- protocol and schema ------------------------------------------------------------------------------------------ */

void log_delta_adopt(struct log *log, const struct entry *entry, int64_t version)
{
	struct log_delta *delta = &log->delta;
	struct strbuf why = STRBUF_INIT;
	json_t *state = entry_state(entry);
	replace(&delta->protocol, entry->protocol);
	replace(&delta->meta, entry->meta);
	if (entry->protocol || entry->meta) {
		delta->version = version;
		delta->saved = false;
	}
	if (state) {
		delta->saved = number_in(json_object_get(state, "meta"), "version") == delta->version;
		free(delta->misfit);
		delta->misfit = NULL;
	} else if (log->state && !delta->misfit && delta_rules_misfit(entry, state_table(log->state), &why)) {
		struct strbuf text = STRBUF_INIT;
		strbuf_addf(&text, "version %" PRId64 " %s", version, why.s);
		delta->misfit = strbuf_detach(&text);
	}
	strbuf_release(&why);
}

int64_t log_delta_committed(const struct log *log)
{
	return number_in(json_object_get(log->state, "meta"), "version");
}

int log_delta_load(struct log *log, const struct entry *entry, struct strbuf *err)
{
	json_t *ref = json_object_get(entry_state(entry), "meta");
	struct strbuf text = STRBUF_INIT;
	if (!ref) {
		strbuf_addf(err, "the log of '%s' does not say what the schema of the table is", log->store->url);
		return -EBADMSG;
	}
	int r = side_read(log->store, log->dir, ref, &text, err);
	json_t *both = r == 0 ? json_loadb(text.s, text.len, 0, NULL) : NULL;
	json_t *protocol = json_object_get(both, "protocol"), *meta = json_object_get(both, "metaData");
	if (r == 0 && (!json_is_object(protocol) || !json_is_object(meta)))
		r = side_damaged(log->store, log->dir, ref, "holds no schema", err);
	if (r == 0) {
		replace(&log->delta.protocol, protocol);
		replace(&log->delta.meta, meta);
		log->delta.version = number_in(ref, "version");
		log->delta.saved = true;
	}
	json_decref(both);
	strbuf_release(&text);
	return r;
}

int log_delta_save(struct log *log, const struct commit *commit, json_t *state, struct strbuf *err)
{
	struct log_delta *delta = &log->delta;
	json_t *ref = NULL, *protocol = commit->protocol ? commit->protocol : delta->protocol;
	json_t *meta = commit->meta ? commit->meta : delta->meta;
	if (delta->saved && !commit->protocol && !commit->meta)
		return 0;
	struct strbuf text = STRBUF_INIT;
	json_t *both = json_pack("{s:O,s:O}", "protocol", protocol, "metaData", meta);
	char *line = json_dumps(both, JSON_COMPACT);
	json_decref(both);
	if (!line) {
		strbuf_addf(err, "the schema of '%s' cannot be written as JSON", log->store->url);
		return -EILSEQ;
	}
	strbuf_addf(&text, "%s\n", line);
	free(line);
	int r = side_write(log->store, log->dir, SIDE_META, log->version + 1, &text, &ref, err);
	strbuf_release(&text);
	if (r < 0)
		return r;
	int64_t version = commit->protocol || commit->meta ? log->version + 1 : delta->version;
	json_object_set_new(ref, "version", json_integer(version));
	json_object_set_new(state, "meta", ref);
	return 0;
}

/* --- whether we can append ---------------------------------------------------------------------------------------- */

int log_delta_check(const struct log *log, bool positions, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	const char *url = log->store->url;
	int r = 0;
	if (log->version < 0)
		return 0;
	if (!log->delta.protocol || !log->delta.meta) {
		strbuf_addf(err, "the log of '%s' has no protocol or no schema", url);
		r = -EBADMSG;
	} else if (positions && log->delta.misfit) {
		strbuf_addf(err,
			"the contents of '%s' do not match our positions: %s; say where to go on "
			"(weir lake-check --set-position)",
			url, log->delta.misfit);
		r = -EINVAL;
	} else if ((r = delta_rules_protocol(log->delta.protocol, &why)) < 0) {
		strbuf_addf(err, "we cannot append to '%s': the table needs %s", url, why.s);
	} else if ((r = delta_rules_meta(log->delta.meta, &why)) < 0) {
		strbuf_addf(err, "we cannot append to '%s': the table has %s", url, why.s);
	}
	strbuf_release(&why);
	return r;
}

int log_delta_check_schema(const struct log *log, const struct commit *commit, struct strbuf *err)
{
	if ((!commit->nfiles && !commit->meta) || commit->meta_version == log->delta.version)
		return 0;
	strbuf_addf(err,
		"another writer has %s '%s' in version %" PRId64 ": nothing is committed, and the records have to be "
		"read again",
		commit->meta_version < 0 ? "created" : "changed protocol or schema of", log->store->url,
		log->delta.version);
	return -EAGAIN;
}

bool log_delta_is_gone(const struct log *log, int64_t version)
{
	uint64_t size;
	return log->kind == TABLE_DELTA && version >= 0 && log_entry_size(log, version, &size) == -ENOENT;
}
