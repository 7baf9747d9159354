/* --repair and --clean: see check.h. */
#include <errno.h>
#include <inttypes.h>

#include "check.h"
#include "common/lake/age.h"
#include "common/lake/parquet_check.h"

#define DAY_MS (INT64_C(86400) * 1000)

int64_t before_of(struct store *store, const struct check_options *opt)
{
	if (opt->older_ms >= 0)
		return store_before_ms(store, opt->older_ms);
	/* in a remote store a writer may commit stages that are up to 12 hours old (log.h) */
	return store_before_ms(store, store->ops->remote ? 2 * DAY_MS : DAY_MS);
}

/* Ignore the error: the check that follows reports what is wrong with the log. */
static void found(void *arg, const char *text)
{
	(void)arg;
	(void)text;
}

static void failed(void *arg, int code, const char *text)
{
	int *first = arg;
	(void)text;
	*first = *first ? *first : code;
}

/* Publish the files that any entry names. */
static int repair(struct audit *audit, struct store *store, const struct table_checks *checks, struct strbuf *err)
{
	struct audit_published done;
	int r = checks->publish(audit, store, &done, err);
	if (done.published)
		warn("published %zu file%s", done.published, done.published == 1 ? "" : "s");
	if (done.hidden)
		warn("hid %zu file%s of which others have the records", done.hidden, done.hidden == 1 ? "" : "s");
	return r;
}

/* Remove a stage that has no living writer, and report it; it may be impossible to remove stages of another user. */
static void discard(struct store *store, const char *path, int *ret_first)
{
	struct strbuf err = STRBUF_INIT;
	int r = store_discard(store, path, &err);
	if (r == 0)
		warn("removed '%s'", path);
	else
		warn("%s", err.s);
	*ret_first = *ret_first ? *ret_first : r;
	strbuf_release(&err);
}

/* Remove the stages that the writers of CLAIM have left, except those that an entry needs. */
static int remove_leftovers(struct audit *audit, struct store *store, struct claim *claim)
{
	int first = 0;
	for (size_t i = claim->paths.count; i-- > 0;) {
		struct strbuf ignored = STRBUF_INIT;
		uint64_t size;
		const char *path = claim->paths.items[i];
		bool there = store_size(store, path, &size, &ignored) == 0;
		strbuf_release(&ignored);
		if (there && audit_needs(audit, store, path))
			claim_spare(claim, path);
		else if (there)
			discard(store, path, &first);
	}
	for (size_t i = 0; first == 0 && i < claim->locks.count; i++)
		warn("removed '%s'", claim->locks.items[i]);
	store_end_claim(store, claim, true); /* directories that are now empty; and the locks, if nothing had to stay */
	return first;
}

/* Remove stages that have no lock, and have not changed for long. */
static int remove_orphans(struct audit *audit, struct store *store, int64_t before_ms, struct strbuf *err)
{
	struct survey survey;
	int r = store_survey(store, &survey, err), first = 0;
	for (size_t i = 0; r == 0 && i < survey.count; i++) {
		const struct found *f = &survey.items[i];
		bool ours = f->kind == FOUND_STAGE || f->kind == FOUND_TEMP;
		if (ours && f->owner == OWNER_NONE && f->modified_ms < before_ms && !audit_needs(audit, store, f->path))
			discard(store, f->path, &first);
	}
	survey_release(&survey);
	return r < 0 ? r : first;
}

/* Whether the file PATH says that weir has made it; the name alone could be that of another program's file. */
static bool is_ours(struct store *store, const char *path)
{
	struct parquet_checked checked = {0};
	struct strbuf ignored = STRBUF_INIT;
	uint64_t size;
	int r = store_size(store, path, &size, &ignored);
	if (r == 0)
		r = parquet_check(store, path, size, (struct parquet_spared){.pages = true}, &checked, &ignored);
	strbuf_release(&ignored);
	return r == 0 && checked.ours;
}

/* Remove files that have their final names and that no version names. */
static int remove_files(struct audit *audit, struct store *store, const struct table_checks *checks, int64_t before_ms,
	struct strbuf *err)
{
	struct survey survey = {0};
	int r = checks->is_left ? store_survey(store, &survey, err) : 0;
	for (size_t i = 0; r == 0 && i < survey.count; i++) {
		const struct found *f = &survey.items[i];
		if (!checks->is_left(audit, &survey, f, before_ms) || !is_ours(store, f->path))
			continue;
		r = store_remove(store, f->path, err);
		if (r == 0)
			warn("removed '%s'", f->path);
	}
	survey_release(&survey);
	return r;
}

/* Remove the files that the stages of CLAIM have become. */
static int remove_claimed(struct audit *audit, struct store *store, const struct table_checks *checks,
	const struct claim *claim, struct strbuf *err)
{
	struct names removed = {0};
	int r = checks->remove_claimed ? checks->remove_claimed(audit, store, claim, &removed, err) : 0;
	for (size_t i = 0; i < removed.count; i++)
		warn("removed '%s'", removed.items[i]);
	names_release(&removed);
	return r;
}

static int clean(struct audit *audit, struct store *store, const struct table_checks *checks, struct claim *claim,
	int64_t before_ms, struct strbuf *err)
{
	if (audit->findings) {
		strbuf_addstr(err, "the log is damaged: nothing is removed, for it may belong to what is missing");
		store_end_claim(store, claim, false);
		return -EBADMSG;
	}
	int r = remove_claimed(audit, store, checks, claim, err); /* before the claim ends */
	int stages = remove_leftovers(audit, store, claim), orphans = remove_orphans(audit, store, before_ms, err);
	r = r < 0 ? r : stages < 0 ? stages : orphans;
	return r < 0 ? r : remove_files(audit, store, checks, before_ms, err);
}

int repair_and_clean(struct store *store, const struct table_checks *checks, const struct check_options *opt)
{
	struct strbuf err = STRBUF_INIT;
	struct audit audit;
	struct claim claim = {0};
	struct claim_rules rules = {before_of(store, opt), true, opt->host};
	int failure = 0;
	audit_init(&audit, found, failed, &failure);
	/* Claim first, so that the log that is read has everything that a dead writer has committed. */
	int r = opt->clean ? store_claim(store, &rules, &claim, &err) : 0;
	bool claimed = r == 0 && opt->clean;
	if (r == 0) {
		r = checks->log(&audit, store, &err);
		r = r == 0 ? failure : r;
		strbuf_clear(&err);
	}
	if (r == 0 && opt->repair)
		r = repair(&audit, store, checks, &err);
	if (r == 0 && claimed)
		r = clean(&audit, store, checks, &claim, rules.before_ms, &err);
	else if (claimed)
		store_end_claim(store, &claim, false);
	audit_release(&audit);
	if (r < 0 && err.len)
		warn("%s", err.s);
	strbuf_release(&err);
	return r < 0 ? (int)diag_status(r) : EXIT_OK;
}
