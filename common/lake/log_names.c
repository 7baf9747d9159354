/* The directory of a log: names of entries, and the hint that names the newest one.  See log.h. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "common/lake/json_in.h"
#include "common/lake/log.h"
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

int64_t log_hint(const struct log *log, bool *ret_published)
{
	struct strbuf name = STRBUF_INIT, text = STRBUF_INIT, ignored = STRBUF_INIT;
	int64_t version = -1;
	strbuf_addf(&name, "%s/_last", log->dir);
	if (store_get(log->store, name.s, HINT_MAX, &text, &ignored) == 0) {
		json_t *hint = json_loadb(text.s, text.len, 0, NULL);
		int64_t hinted = number_in(hint, "version");
		if (hinted >= 0 && hinted < VERSION_LIMIT)
			version = hinted; /* it is only a hint: if anything in it is wrong, it is ignored */
		if (ret_published)
			*ret_published = json_is_true(json_object_get(hint, "published"));
		json_decref(hint);
	}
	strbuf_release(&name);
	strbuf_release(&text);
	strbuf_release(&ignored);
	return version;
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

int log_find_kind(struct store *store, enum table_kind *ret, struct strbuf *err)
{
	const struct log raw = {.store = store, .dir = LOG_RAW};
	struct names names = {0};
	int64_t version, count;
	*ret = TABLE_RAW;
	if (log_hint(&raw, NULL) >= 0)
		return 0;
	int r = log_highest(&raw, &version, &count, err);
	if (r < 0 || version >= 0)
		return r;
	r = store_list(store, LOG_DELTA, &names, err);
	for (size_t i = 0; i < names.count; i++)
		if (log_version_of(names.items[i]) >= 0 || strstr(names.items[i], ".checkpoint."))
			*ret = TABLE_DELTA;
	names_release(&names);
	return r;
}

int log_missing(const struct log *log, struct strbuf *err)
{
	strbuf_addf(err, "'%s' is not a table: it has no log", log->store->url);
	return -ENOENT;
}
