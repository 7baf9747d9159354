/* Going through JSON that is known to be valid: see json_scan.h. */
#include "common/data/json_scan.h"

#include <stdint.h>
#include <string.h>

#include "common/base/ascii.h"
#include "common/base/eight.h"
#include "common/data/json_text.h"

static const char *skip_blanks(const char *p, const char *end)
{
	while (p < end && ascii_is_blank(*p))
		p++;
	return p;
}

/* The first byte from P on that begins or ends a string, or in a string, which has no BRACKETS, an escape; else END. */
static inline const char *find(const char *p, const char *end, bool brackets)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	/* `map explode` of five objects takes a quarter less time than by bytes */
	for (uint64_t v, found; end - p >= 8; p += 8) {
		memcpy(&v, p, 8);
		found = eight_that_are(v, '"');
		if (brackets) /* of both kinds, which differ in this bit */
			found |=
				eight_that_are(v | EIGHT_ONES * 0x20, '{') | eight_that_are(v | EIGHT_ONES * 0x20, '}');
		else
			found |= eight_that_are(v, '\\');
		if (found)
			return p + __builtin_ctzll(found) / 8;
	}
#endif
	while (p < end && *p != '"' && !(brackets ? (*p | 0x20) == '{' || (*p | 0x20) == '}' : *p == '\\'))
		p++;
	return p;
}

/* After the string whose quote is at P. */
static const char *skip_string(const char *p, const char *end)
{
	for (p = find(p + 1, end, false); p < end && *p == '\\';)
		p = find(end - p > 2 ? p + 2 : end, end, false);
	return p < end ? p + 1 : end;
}

static const char *skip_container(const char *p, const char *end)
{
	size_t depth = 0;

	do {
		if (*p == '"') {
			p = skip_string(p, end);
		} else {
			depth += (*p | 0x20) == '{' ? 1 : (size_t)-1;
			p++;
		}
		if (depth)
			p = find(p, end, true);
	} while (depth && p < end);
	return p;
}

const char *json_scan_value(const char *s, const char *end)
{
	if (*s == '"')
		return skip_string(s, end);
	if (*s == '{' || *s == '[')
		return skip_container(s, end);
	while (s < end && *s != ',' && *s != '}' && *s != ']' && !ascii_is_blank(*s))
		s++;
	return s;
}

void json_scan_begin(struct json_scan *scan, const char *s, size_t len)
{
	*scan = (struct json_scan){.p = s + 1, .end = s + len - 1, .object = *s == '{'};
}

bool json_scan_next(struct json_scan *scan, struct json_item *ret)
{
	const char *end = scan->end, *p = skip_blanks(scan->p, end), *from = NULL;

	if (p >= end)
		return false;
	ret->start = scan->p;
	ret->key_len = 0;
	if (scan->object) {
		from = p;
		p = skip_string(p, end);
		ret->key_len = (size_t)(p - from);
		p = skip_blanks(skip_blanks(p, end) + 1, end);
	}
	ret->key = from;
	ret->s = from = p;
	p = json_scan_value(p, end);
	ret->len = (size_t)(p - from);
	p = skip_blanks(p, end);
	ret->stop = p;
	scan->p = p < end ? p + 1 : p; /* after the ',' */
	return true;
}

bool json_scan_is_empty(const char *s, size_t len)
{
	return skip_blanks(s + 1, s + len - 1) == s + len - 1;
}

size_t json_scan_count(const char *s, size_t len)
{
	struct json_scan scan;
	struct json_item item;
	size_t count = 0;

	json_scan_begin(&scan, s, len);
	while (json_scan_next(&scan, &item))
		count++;
	return count;
}

const char *json_scan_name(const struct json_item *item, struct strbuf *text, size_t *ret_len)
{
	const char *s = item->key + 1;
	size_t lone;

	*ret_len = item->key_len - 2;
	if (!memchr(s, '\\', *ret_len))
		return s;
	strbuf_clear(text);
	char *to = strbuf_grow(text, *ret_len);
	if (json_unescape(to, s, *ret_len, ret_len, &lone) < 0)
		*ret_len = 0; /* cannot happen: the text is known to be valid */
	strbuf_extend(text, *ret_len);
	return text->s;
}

bool json_scan_is(const struct json_item *item, const char *name, size_t len)
{
	struct strbuf text = STRBUF_INIT;
	size_t key_len;

	if (!item->key)
		return false;
	const char *s = json_scan_name(item, &text, &key_len);
	bool same = key_len == len && memcmp(s, name, len) == 0;
	strbuf_release(&text);
	return same;
}

bool json_scan_member(const char *s, size_t len, const char *name, size_t name_len, struct json_item *ret)
{
	struct json_scan scan;
	struct json_item item;
	bool found = false;

	json_scan_begin(&scan, s, len);
	while (json_scan_next(&scan, &item))
		if (json_scan_is(&item, name, name_len)) {
			*ret = item;
			found = true;
		}
	return found;
}

bool json_scan_element(const char *s, size_t len, int64_t index, struct json_item *ret)
{
	struct json_scan scan;

	if (index < 0)
		index += (int64_t)json_scan_count(s, len);
	json_scan_begin(&scan, s, len);
	while (index >= 0 && json_scan_next(&scan, ret))
		if (index-- == 0)
			return true;
	return false;
}
