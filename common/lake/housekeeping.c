/* The housekeeping of stores: see housekeeping.h. */
#include "common/lake/housekeeping.h"

#include <stdlib.h>
#include <string.h>

int store_claim(struct store *store, const struct claim_rules *rules, struct claim *ret, struct strbuf *err)
{
	*ret = (struct claim){0};
	const struct housekeeping *local = store->ops->housekeeping;
	return local ? local->claim(store, rules, ret, err) : 0;
}

void store_end_claim(struct store *store, struct claim *claim, bool clean)
{
	const struct housekeeping *local = store->ops->housekeeping;
	if (local)
		local->end_claim(store, claim, clean);
}

void claim_spare(struct claim *claim, const char *tag)
{
	size_t kept = 0;
	for (size_t i = 0; i < claim->paths.count; i++) {
		if (strcmp(claim->paths.items[i], tag) == 0)
			free(claim->paths.items[i]);
		else
			claim->paths.items[kept++] = claim->paths.items[i];
	}
	claim->paths.count = kept;
}

int store_survey(struct store *store, struct survey *ret, struct strbuf *err)
{
	*ret = (struct survey){0};
	const struct housekeeping *local = store->ops->housekeeping;
	return local ? local->survey(store, ret, err) : 0;
}

void survey_release(struct survey *survey)
{
	for (size_t i = 0; i < survey->count; i++)
		free(survey->items[i].path);
	free(survey->items);
	*survey = (struct survey){0};
}

static int by_path(const void *key, const void *item)
{
	return strcmp(key, ((const struct found *)item)->path);
}

const struct found *survey_find(const struct survey *survey, const char *path)
{
	return survey->count ? bsearch(path, survey->items, survey->count, sizeof *survey->items, by_path) : NULL;
}

void store_undo(struct store *store)
{
	const struct housekeeping *local = store->ops->housekeeping;
	if (local)
		local->undo(store);
}
