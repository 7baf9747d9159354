/* Lists of fields (common/data/fields.h): every part has a name and a value, also where names stand without dots. */
#include "common/data/fields.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Add the fields of LIST to F; returns what fields_add() does. */
static int add(struct fields *f, struct records **r, bool bare, const char *list)
{
	const struct records_opts opts = {.format = RECORDS_AUTO};
	const struct filter_opts filter = {.max_record = 0};
	struct strbuf err = STRBUF_INIT;
	*f = (struct fields){.bare = bare};
	if (records_new(r, &opts, &filter, &err) < 0)
		abort();
	int n = fields_add(f, list, *r, &err);
	if (n > 0 || (n == 0) != !err.len || (n == 0 && !f->count))
		abort();
	for (size_t i = 0; n == 0 && i < f->count; i++)
		if (!f->all[i].name || (!f->all[i].expr && f->all[i].slot < 0))
			abort();
	strbuf_release(&err);
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fields plain, bare;
	struct records *r[2];
	if (size && *data == '@') /* a file */
		return 0;
	char *list = xstrndup((const char *)data, size);
	int n = add(&plain, &r[0], false, list), m = add(&bare, &r[1], true, list);
	/* A bare name may be what was a constant; there is never another number of parts. */
	if (n == 0 && m == 0 && plain.count != bare.count)
		abort();
	fields_release(&plain);
	fields_release(&bare);
	records_free(r[0]);
	records_free(r[1]);
	free(list);
	return 0;
}
