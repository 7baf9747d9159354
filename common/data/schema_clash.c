/* Names of one struct that clash: see schema_clash.h. */
#include "common/data/schema_clash.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/schema_name.h"

/* A name, and the same name with case ignored. */
struct folded {
	const char *name;
	char *text;
};

static int compare_folded(const void *a, const void *b)
{
	return strcmp(((const struct folded *)a)->text, ((const struct folded *)b)->text);
}

int schema_clash(const struct schema_field *parent, struct strbuf *err)
{
	struct folded *all = xcalloc(parent->count, sizeof(*all));
	int r = 0;

	for (size_t i = 0; i < parent->count; i++) {
		struct strbuf text = STRBUF_INIT;
		schema_name_fold(parent->children[i].name, strlen(parent->children[i].name), &text);
		all[i] = (struct folded){.name = parent->children[i].name, .text = strbuf_detach(&text)};
	}
	if (parent->count)
		qsort(all, parent->count, sizeof(*all), compare_folded);
	for (size_t i = 1; r == 0 && i < parent->count; i++) {
		if (compare_folded(&all[i - 1], &all[i]) != 0)
			continue;
		if (strcmp(all[i - 1].name, all[i].name) == 0)
			strbuf_addf(err, "there are two fields '%s'", all[i].name);
		else
			strbuf_addf(err, "the fields '%s' and '%s' differ only in case", all[i - 1].name, all[i].name);
		r = -EEXIST;
	}
	for (size_t i = 0; i < parent->count; i++)
		free(all[i].text);
	free(all);
	return r;
}
