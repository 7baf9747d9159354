/* The metadata of offsets: see offset_text.h. */
#include "common/kafka/offset_text.h"

#include <inttypes.h>
#include <string.h>

#define PREFIX "weir:"

void offset_text_add_copy(struct strbuf *out, const char *table)
{
	strbuf_addf(out, PREFIX "%s", table);
}

void offset_text_add(struct strbuf *out, const char *table, const struct position *p)
{
	strbuf_addf(out, PREFIX "%s {", table);
	if (p->has_last)
		strbuf_addf(out, "\"last\":[%" PRId64 ",\"%08" PRIx32 "\",%" PRId64 "],", p->last_ms, p->last_crc,
			p->last_offset);
	strbuf_addstr(out, "\"cut\":");
	cut_add(out, &p->cut);
	if (p->has_parts)
		strbuf_addf(out, ",\"parts\":%" PRId32, p->parts);
	strbuf_addch(out, '}');
}

const char *offset_text_table(const char *s, size_t len, size_t *ret_len)
{
	static const size_t prefix = sizeof PREFIX - 1;
	if (!s || len <= prefix || memcmp(s, PREFIX, prefix) != 0)
		return NULL;
	const char *blank = memchr(s + prefix, ' ', len - prefix);
	*ret_len = (blank ? (size_t)(blank - s) : len) - prefix;
	return *ret_len ? s + prefix : NULL;
}

static void read_members(const json_t *json, struct mark_range *range)
{
	const json_t *parts = json_object_get(json, "parts"), *last = json_object_get(json, "last");
	json_int_t n = json_integer_value(parts);
	range->has_last = last && ranges_read_last(range, last);
	if (!cut_read(json_object_get(json, "cut"), &range->cut))
		range->cut = (struct cut){0};
	range->topic_parts = n > 0 && n <= INT32_MAX ? (int32_t)n : RANGE_NONE;
}

bool offset_text_read(const char *s, size_t len, const char *table, struct mark_range *range)
{
	size_t table_len;
	const char *found = offset_text_table(s, len, &table_len);
	if (!found || table_len != strlen(table) || memcmp(found, table, table_len) != 0 ||
		found + table_len == s + len)
		return false;
	const char *rest = found + table_len + 1;
	json_t *json = json_loadb(rest, (size_t)(s + len - rest), JSON_REJECT_DUPLICATES, NULL);
	if (json_is_object(json))
		read_members(json, range);
	bool ours = json_is_object(json);
	json_decref(json);
	return ours;
}
