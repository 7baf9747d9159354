/* Tombstones: see tombstone.h. */
#include "tombstone.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

const char *const envelope_members[ENVELOPE_MEMBERS] = {
	"_key", "_topic", "_partition", "_offset", "_timestamp", "_headers"};

bool envelope_has(const char *name, size_t len)
{
	for (size_t i = 0; i < ENVELOPE_MEMBERS; i++)
		if (strlen(envelope_members[i]) == len && memcmp(envelope_members[i], name, len) == 0)
			return true;
	return false;
}

bool envelope_is_all(const struct members *m, const size_t at[ENVELOPE_MEMBERS])
{
	uint64_t have = 0;
	for (size_t i = 0; i < ENVELOPE_MEMBERS; i++)
		have += m->values[at[i]].type != VALUE_MISSING;
	return m->seen == have && m->values[at[0]].type != VALUE_MISSING;
}

int tombstone_init(struct tombstone *t, const char *const *names, size_t count)
{
	const char **all = xcalloc(count + 1, sizeof *all);
	*t = (struct tombstone){.count = count};
	memcpy(all, names, count * sizeof *all);
	all[count] = "payload";
	bool has = false; /* a column of that name has its values */
	for (size_t i = 0; i < count; i++)
		has = has || strcmp(names[i], "payload") == 0;
	int r = members_init(&t->key, all, count + !has);
	if (r == 0)
		r = members_init(&t->payload, names, count);
	free(all);
	return r;
}

void tombstone_release(struct tombstone *t)
{
	members_release(&t->key);
	members_release(&t->payload);
}

/* Read the LEN bytes at S into M.  False: they are not an object of JSON. */
static bool read_object(struct members *m, const char *s, size_t len)
{
	const char *rec;
	size_t rec_len;
	members_span(m, s, len, '\0');
	return len && !memchr(s, '\0', len) && members_next(m, &rec, &rec_len) > 0;
}

/* Whether M has all COUNT columns. */
static bool is_whole(const struct members *m, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (m->values[i].type == VALUE_MISSING)
			return false;
	return true;
}

/* The object of LEN bytes at S is, or has as its payload, the columns; NULL: it has not. */
static const struct value *take_object(struct tombstone *t, const char *s, size_t len)
{
	if (!read_object(&t->key, s, len))
		return NULL;
	if (is_whole(&t->key, t->count))
		return t->key.values;
	const struct value *payload = t->key.count > t->count ? &t->key.values[t->count] : NULL;
	bool has = payload && payload->type == VALUE_OBJECT && read_object(&t->payload, payload->raw, payload->raw_len);
	return has && is_whole(&t->payload, t->count) ? t->payload.values : NULL;
}

int tombstone_key(struct tombstone *t, const struct value *key, const struct value **ret, struct strbuf *why)
{
	bool text = key->type == VALUE_STRING;
	const struct value *values = NULL;
	if (key->type == VALUE_OBJECT || (text && key->len && *key->s == '{'))
		values = take_object(t, key->s, key->len);
	if (!values && t->count == 1 && key->type != VALUE_OBJECT && !value_is_null(key)) {
		t->text = *key;
		if (text) /* of a number, too, whose text it is */
			t->text = (struct value){
				.type = VALUE_TEXT, .raw = key->s, .raw_len = key->len, .s = key->s, .len = key->len};
		values = &t->text;
	}
	if (!values) {
		strbuf_addstr(why, value_is_null(key) ? "a tombstone without a key"
						      : "a tombstone whose key does not have the columns of --key");
		return -EINVAL;
	}
	*ret = values;
	return 0;
}
