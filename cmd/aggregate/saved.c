/* Groups as bytes: see saved.h. */
#include "cmd/aggregate/saved.h"

#include <errno.h>
#include <string.h>

#include "common/data/jsonout.h"

enum { FLAG_OTHER = 1, FLAG_CHANGED = 2, FLAG_CLOSED = 4, FLAGS = 7 };

void saved_put(struct strbuf *out, const struct query *q, const struct key_group *group)
{
	bool changed = q->tracks && !group->closed && *query_block_changed(q, group->block);
	uint64_t flags = (group->other ? FLAG_OTHER : 0) | (changed ? FLAG_CHANGED : 0);

	stat_put_u64(out, SAVED_VERSION);
	stat_put_u64(out, flags | (group->closed ? FLAG_CLOSED : 0));
	stat_put_i64(out, group->start_ms);
	stat_put_i64(out, group->end_ms);
	stat_put_bytes(out, group->key, group->key_len);
	for (size_t i = 0; i < q->accum_count && !group->closed; i++)
		q->accums[i].kind->ops->save((const char *)group->block + q->accums[i].offset, out);
}

/* Whether the LEN bytes at S are a key that key_add() has made. */
static bool key_ok(const char *s, size_t len)
{
	struct value v;
	int r;

	while ((r = key_next(&s, &len, &v)) > 0)
		;
	return r == 0;
}

int saved_get(struct stat_in *in, const struct query *q, struct key_group *group, bool *ret_changed)
{
	uint64_t version, flags;
	const unsigned char *key;
	int64_t start_ms, end_ms;
	size_t len;

	if (stat_get_u64(in, &version) < 0)
		return -EBADMSG;
	if (version != SAVED_VERSION)
		return -EPROTONOSUPPORT;
	if (stat_get_u64(in, &flags) < 0 || flags > FLAGS || stat_get_i64(in, &start_ms) < 0 ||
		stat_get_i64(in, &end_ms) < 0 || stat_get_bytes(in, &key, &len) < 0)
		return -EBADMSG;
	bool can_change = q->tracks && !(flags & FLAG_CLOSED);
	if (!key_ok((const char *)key, len) || (flags & FLAG_CHANGED && !can_change))
		return -EBADMSG;
	*group = (struct key_group){.other = flags & FLAG_OTHER,
		.closed = flags & FLAG_CLOSED,
		.start_ms = start_ms,
		.end_ms = end_ms,
		.key = (const char *)key,
		.key_len = len};
	*ret_changed = flags & FLAG_CHANGED;
	return 0;
}

int saved_get_block(struct stat_in *in, const struct query *q, void *block)
{
	for (size_t i = 0; i < q->accum_count; i++) {
		const struct accum *a = &q->accums[i];
		if (a->kind->ops->load((char *)block + a->offset, in) < 0)
			return -EBADMSG;
	}
	return in->s == in->end ? 0 : -EBADMSG;
}

static void add_text(struct strbuf *out, const char *s)
{
	size_t len = strlen(s);
	char *start = strbuf_grow(out, JSONOUT_MAX(len));

	strbuf_extend(out, (size_t)(jsonout_string(start, s, len) - start));
}

void saved_query(struct strbuf *out, const struct query *q)
{
	strbuf_addf(out, "v%d by", SAVED_VERSION);
	for (size_t i = 0; i < q->keys.count; i++) {
		strbuf_addch(out, ' ');
		add_text(out, q->keys.all[i].expr ? q->keys.all[i].text : q->keys.all[i].name);
	}
	for (size_t i = 0; i < q->accum_count; i++) {
		const struct accum *a = &q->accums[i];
		strbuf_addf(out, "; %s ", a->kind->name);
		if (a->value->text)
			add_text(out, a->value->text);
		for (size_t k = 0; k < a->arg_count; k++)
			strbuf_addf(out, ",%.17g", a->args[k]);
	}
}

const char *saved_not_joined(const struct query *q)
{
	for (size_t i = 0; i < q->accum_count; i++)
		if (!q->accums[i].kind->ops->merge)
			return q->accums[i].written;
	return NULL;
}
