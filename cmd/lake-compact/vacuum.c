/* Removing files that no version needs any more: see compact.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/killpoint.h"
#include "common/base/num.h"
#include "common/base/sig.h"
#include "common/lake/age.h"
#include "common/lake/housekeeping.h"
#include "compact.h"
#include "needed.h"

/*
 * Files of a Delta table that no entry names are removed after this time, even if less was asked for: a writer may be
 * about to commit them, and those of others may take days.
 */
#define UNNAMED_MS (INT64_C(7) * 86400 * 1000)

struct vacuum {
	struct compact *c;
	struct needed needed;
	int64_t before_ms, unnamed_before_ms; /* the last change of files that an entry names, and that none does */
	uint64_t files;
};

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);
	return n >= m && strcmp(s + n - m, end) == 0;
}

/* Whether F is a data file of the table, in use or not, rather than something that is not ours to remove. */
static bool is_data(const struct vacuum *v, const struct found *f)
{
	if (v->c->log.kind == TABLE_RAW)
		return f->kind == FOUND_ASIDE;
	const char *slash = strrchr(f->path, '/'), *name = slash ? slash + 1 : f->path;
	bool vector = strncmp(name, "deletion_vector_", 16) == 0 && ends_with(name, ".bin");
	return f->kind == FOUND_FILE && (vector || ends_with(name, ".parquet"));
}

/* Whether no version since --older-than needs F. */
static bool is_due(const struct vacuum *v, const struct found *f)
{
	int64_t since;
	if (needed_now(&v->needed, f->path))
		return false;
	if (needed_until(&v->needed, f->path, &since))
		return since < v->before_ms;
	return f->modified_ms < v->unnamed_before_ms;
}

static int remove_all(struct vacuum *v, const struct survey *survey, struct strbuf *err)
{
	int r = 0;
	for (size_t i = 0; r == 0 && i < survey->count; i++) {
		const struct found *f = &survey->items[i];
		if (!is_data(v, f) || !is_due(v, f))
			continue;
		if (v->c->opt->dry_run)
			compact_tell(v->c, "would remove '%s'", f->path);
		else
			r = store_remove(v->c->store, f->path, err);
		v->files += r == 0;
		KILL_POINT("vacuuming");
		if (sig_stopped())
			r = -ECANCELED;
	}
	return r;
}

int compact_vacuum(struct compact *c, struct strbuf *err)
{
	struct vacuum v = {.c = c, .before_ms = store_before_ms(c->store, c->opt->older_ms)};
	struct survey survey = {0};
	v.unnamed_before_ms = v.before_ms;
	if (c->log.kind == TABLE_DELTA && c->opt->older_ms < UNNAMED_MS)
		v.unnamed_before_ms = store_before_ms(c->store, UNNAMED_MS);
	/* the files first, so that the log that is read names all that were committed by then */
	int r = store_survey(c->store, &survey, err);
	if (r == 0)
		r = log_refresh(&c->log, err);
	if (r == 0)
		r = needed_read(&c->log, &v.needed, err);
	if (r == 0)
		r = remove_all(&v, &survey, err);
	if (r == 0)
		compact_tell(c, "%s %" PRIu64 " file%s that no version needs any more",
			c->opt->dry_run ? "would remove" : "removed", v.files, v.files == 1 ? "" : "s");
	needed_release(&v.needed);
	survey_release(&survey);
	return r;
}
