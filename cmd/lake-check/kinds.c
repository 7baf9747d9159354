/* Raw and Delta tables: see check.h. */
#include "check.h"
#include "common/lake/audit_delta.h"
#include "common/lake/delta_left.h"

static const struct table_checks raw_checks = {
	.log = audit_log, .files = audit_files, .rest = audit_rest, .publish = audit_publish};

/* As table_checks.remove_claimed. */
static int remove_claimed(
	struct audit *audit, struct store *store, const struct claim *claim, struct names *ret, struct strbuf *err)
{
	const struct log log = {.store = store, .dir = audit->dir, .kind = audit->kind, .version = audit->version};
	return delta_left_remove(&log, claim, ret, err);
}

static const struct table_checks delta_checks = {
	.log = audit_delta_log,
	.files = audit_delta_files,
	.rest = audit_delta_rest,
	.remove_claimed = remove_claimed,
	.is_left = audit_delta_is_left,
};

int find_checks(struct store *store, const struct table_checks **ret, struct strbuf *err)
{
	enum table_kind kind;
	int r = log_find_kind(store, &kind, err);
	if (r == 0)
		*ret = kind == TABLE_DELTA ? &delta_checks : &raw_checks;
	return r;
}

int refuse_delta(const struct store *store, const char *option, const char *why)
{
	warn("%s is for raw tables, and '%s' is a Delta table: %s", option, store->url, why);
	return EXIT_CONFIG;
}
