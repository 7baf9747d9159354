/* What lies beside the files of a Delta table: see audit_delta.h. */
#include <inttypes.h>
#include <string.h>

#include "common/lake/audit_delta.h"
#include "common/base/uuid.h"
#include "common/lake/age.h"
#include "common/lake/elsewhere.h"

#define WEEK_MS (INT64_C(7) * 86400 * 1000) /* from when on VACUUM removes files, unless it is told otherwise */

static const char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* The UUID of the writer in the name of PATH, a data file of ours (delta_writer.c); NULL: it is not one. */
static const char *writer_of(const char *path)
{
	const char *name = name_of(path), *uuid = name + strlen("part-");
	if (strncmp(name, "part-", strlen("part-")) != 0 || !uuid_begins(uuid) || uuid[UUID_LEN] != '-')
		return NULL;
	const char *number = uuid + UUID_LEN + 1, *end = name + strlen(name) - strlen(".parquet");
	size_t digits = strspn(number, "0123456789");
	return digits >= 5 && number + digits <= end && strcmp(end, ".parquet") == 0 ? uuid : NULL;
}

/* Whether a version names PATH. */
static bool is_named(const struct audit *a, const char *path)
{
	return audit_names(a, path) || elsewhere_spares(a->delta.spared, path);
}

/* Whether SURVEY has the lock of the writer UUID, which is running. */
static bool lives(const struct survey *survey, const char *uuid)
{
	bool found = false;
	for (size_t i = 0; !found && i < survey->count; i++) {
		const struct found *f = &survey->items[i];
		size_t len = strlen(f->path);
		found = f->kind == FOUND_LOCK && f->owner == OWNER_ALIVE && len > UUID_LEN &&
			strncmp(f->path + len - UUID_LEN, uuid, UUID_LEN) == 0;
	}
	return found;
}

bool audit_delta_is_left(const struct audit *a, const struct survey *survey, const struct found *f, int64_t before_ms)
{
	const char *uuid = writer_of(f->path);
	return f->kind == FOUND_FILE && uuid && !a->delta.partial && f->modified_ms < before_ms &&
	       !is_named(a, f->path) && !lives(survey, uuid);
}

/* Whether F is a file by others that no version names, and that is old. */
static bool is_foreign(const struct audit *a, const struct found *f, int64_t week_ms)
{
	bool vector = strncmp(name_of(f->path), "deletion_vector_", strlen("deletion_vector_")) == 0;
	return f->kind == FOUND_FILE && !writer_of(f->path) && !vector && !a->delta.partial &&
	       f->modified_ms < week_ms && !is_named(a, f->path);
}

/* Whether F is a directory that the protocol has in the log: _sidecars, _commits and the like. */
static bool is_of_log(const struct found *f)
{
	return f->kind == FOUND_ODD && strncmp(f->path, LOG_DELTA "/_", strlen(LOG_DELTA "/_")) == 0;
}

void audit_delta_rest(struct audit *a, struct store *store, const struct survey *first, const struct survey *second,
	int64_t before_ms)
{
	int64_t week_ms = store_before_ms(store, WEEK_MS);
	const char *foreign = NULL;
	uint64_t count = 0;
	for (size_t i = 0; i < second->count; i++) {
		const struct found *f = &second->items[i], *before = survey_find(first, f->path);
		if (f->kind != FOUND_FILE) {
			if (f->kind != FOUND_ASIDE && !is_of_log(f) && audit_is_left(a, before, f, before_ms))
				audit_find_left(a, f);
		} else if (before && audit_delta_is_left(a, second, f, before_ms)) {
			audit_find(a,
				"'%s' is in no version of the log: a writer that was killed has left it (--clean)",
				f->path);
		} else if (before && is_foreign(a, f, week_ms)) {
			foreign = foreign ? foreign : f->path;
			count++;
		}
	}
	if (count)
		audit_find(a,
			"%" PRIu64
			" file%s of other writers, such as '%s', %s in no version of the log, and older than a "
			"week: VACUUM removes such files",
			count, count == 1 ? "" : "s", foreign, count == 1 ? "is" : "are");
}
