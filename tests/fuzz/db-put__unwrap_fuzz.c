/* Change events and keys of tombstones: the images and the values are slices of the record, objects where they are said
 * to be. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/db-put/tombstone.h"
#include "cmd/db-put/unwrap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_image(const struct unwrap_image *image, const char *text, size_t size)
{
	if (image->s && (image->s < text || image->s + image->len > text + size || *image->s != '{'))
		abort();
}

static void check_event(struct unwrap *u, const struct members *m, const char *text, size_t size)
{
	struct strbuf why = STRBUF_INIT;
	struct unwrap_change c;
	int r = unwrap_event(u, m->values, &c, &why);
	if ((r == 0) == (why.len > 0))
		abort();
	if (r == 0) {
		check_image(&c.before, text, size);
		check_image(&c.after, text, size);
		if ((c.op == UNWRAP_PUT && !c.after.s) || (c.op == UNWRAP_DELETE && !c.before.s))
			abort();
	}
	strbuf_release(&why);
}

/* Each member as the key of a tombstone. */
static void check_keys(struct tombstone *t, const struct members *m)
{
	struct strbuf why = STRBUF_INIT;
	const struct value *values;
	for (size_t i = 0; i < m->count; i++)
		if (tombstone_key(t, &m->values[i], &values, &why) == 0)
			for (size_t j = 0; j < t->count; j++)
				strbuf_add(&why, values[j].s, values[j].len);
	strbuf_release(&why);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {"a", "b"};
	struct members m;
	struct unwrap u;
	struct tombstone one, two;
	const char *rec;
	size_t len;
	if (members_init(&m, unwrap_members, UNWRAP_MEMBERS) < 0 || unwrap_init(&u) < 0 ||
		tombstone_init(&one, names, 1) < 0 || tombstone_init(&two, names, 2) < 0)
		abort();
	char *text = malloc(size + 1);
	memcpy(text, data, size);
	text[size] = '\n';
	members_span(&m, text, size + 1, '\n');
	for (int r; (r = members_next(&m, &rec, &len)) != 0;) {
		if (r < 0)
			continue;
		check_event(&u, &m, rec, len);
		check_keys(&one, &m);
		check_keys(&two, &m);
	}
	free(text);
	members_release(&m);
	unwrap_release(&u);
	tombstone_release(&one);
	tombstone_release(&two);
	return 0;
}
