/* Finding a version of a Delta table: see delta_snapshot_find.h. */
#include "common/lake/delta_snapshot_find.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/lake/version.h"

/* What the directory of the log has. */
struct finding {
	struct log log; /* only its place */
	struct names names;
	int64_t first, last; /* entries that follow each other without a gap, up to the newest; -1: none */
};

static int fail(const struct finding *f, int r, struct strbuf *err, const char *fmt, ...) PRINTF_LIKE(4, 5);
static int fail(const struct finding *f, int r, struct strbuf *err, const char *fmt, ...)
{
	va_list args;
	strbuf_addf(err, "'%s' ", f->log.store->url);
	va_start(args, fmt);
	strbuf_vaddf(err, fmt, args);
	va_end(args);
	return r;
}

/* List the log; its names begin with their versions, so they are in the order of these. */
static int list(struct finding *f, struct strbuf *err)
{
	int r = store_list(f->log.store, LOG_DELTA, &f->names, err);
	names_sort(&f->names);
	f->first = f->last = -1;
	for (size_t i = f->names.count; r == 0 && i-- > 0;) {
		int64_t version = log_version_of(f->names.items[i]);
		if (version < 0)
			continue;
		if (f->last < 0)
			f->last = version;
		else if (version != f->first - 1)
			break;
		f->first = version;
	}
	return r;
}

/* The newest checkpoint up to VERSION, into RET; its version is -1 when there is none. */
static void find_checkpoint(const struct finding *f, int64_t version, struct delta_found *ret)
{
	struct delta_checkpoints found;
	delta_checkpoints_pick(&f->names, 0, version, &found);
	int64_t v2 = found.v2 ? version_parse(found.v2) : -1;
	ret->checkpoint = found.count ? found.items[0] : (struct delta_checkpoint){.version = -1, .parts = 1};
	if (v2 > ret->checkpoint.version) {
		ret->checkpoint = (struct delta_checkpoint){.version = v2, .parts = 1};
		ret->v2 = found.v2;
		found.v2 = NULL;
	}
	delta_checkpoints_release(&found);
}

/* The oldest version that can be read, with the checkpoints and entries that there are. */
static int64_t oldest(const struct finding *f)
{
	if (f->first == 0)
		return 0;
	for (size_t i = 0; i < f->names.count; i++) {
		const char *name = f->names.items[i];
		int64_t version = strlen(name) > VERSION_DIGITS ? version_parse(name) : -1;
		struct delta_found found = {0};
		if (version < 0 || !strstr(name, ".checkpoint."))
			continue;
		find_checkpoint(f, version, &found);
		delta_found_release(&found);
		if (found.checkpoint.version == version && (version >= f->first - 1 || f->first < 0))
			return version;
	}
	return -1;
}

/* The version that AS_OF means. */
static int choose(const struct finding *f, const struct as_of *as_of, int64_t *ret, struct strbuf *err)
{
	struct delta_found newest = {0};
	find_checkpoint(f, INT64_MAX, &newest);
	delta_found_release(&newest);
	int64_t last = newest.checkpoint.version > f->last ? newest.checkpoint.version : f->last, first = oldest(f);
	if (last < 0)
		return fail(f, -ENOENT, err, "is not a Delta table: its log has neither an entry nor a checkpoint");
	if (as_of->version < 0 && as_of->time_ms != INT64_MIN && first >= 0)
		return as_of_search(&f->log, first > f->first ? first : f->first, f->last, as_of->time_ms, ret, err);
	*ret = as_of->version < 0 ? last : as_of->version;
	if (*ret > last)
		return fail(f, -ENOENT, err, "has no version %" PRId64 ": the newest is %" PRId64, *ret, last);
	if (first < 0)
		return fail(
			f, -EBADMSG, err, "has gaps in its log, and no checkpoint before version %" PRId64, f->first);
	if (*ret < first)
		return fail(f, -ENOENT, err,
			"does not have version %" PRId64 " any more: the oldest that can be read is %" PRId64, *ret,
			first);
	return 0;
}

int delta_snapshot_find(struct store *store, const struct as_of *as_of, struct delta_found *ret, struct strbuf *err)
{
	struct finding f = {.log = {.store = store, .dir = LOG_DELTA, .version = -1, .kind = TABLE_DELTA}};
	*ret = (struct delta_found){.checkpoint = {.version = -1}};
	int r = list(&f, err);
	if (r == 0)
		r = choose(&f, as_of, &ret->version, err);
	if (r == 0)
		find_checkpoint(&f, ret->version, ret);
	if (r == 0 && ret->checkpoint.version < ret->version && ret->checkpoint.version < f.first - 1)
		r = fail(&f, -EBADMSG, err, "has gaps in its log: version %" PRId64 " follows none that can be read",
			f.first);
	names_release(&f.names);
	return r;
}

void delta_found_release(struct delta_found *found)
{
	free(found->v2);
	found->v2 = NULL;
}
