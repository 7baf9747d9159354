/* Output formats: writing.  See format.h. */
#include "common/kafka/format.h"

#include <string.h>

#include "common/base/ascii.h"
#include "common/data/base64.h"
#include "common/data/jsonout.h"

static bool part_refused(const struct format *f, const struct format_piece *piece, const char *s, size_t len)
{
	return s && piece->modifier == FORMAT_PLAIN && frame_refuses(&f->frame, s, len);
}

static bool headers_refused(const struct format *f, const struct record *r)
{
	for (size_t i = 0; i < r->header_count; i++) {
		const struct record_header *h = &r->headers[i];
		if (frame_refuses(&f->frame, h->name, h->name_len) ||
			(h->value && frame_refuses(&f->frame, h->value, h->value_len)))
			return true;
	}
	return false;
}

bool format_refuses(const struct format *f, const struct record *r)
{
	if (!f->framed || f->frame.policy != FRAME_ERROR)
		return false;
	for (size_t i = 0; i < f->count; i++) {
		const struct format_piece *piece = &f->pieces[i];
		if ((piece->verb == FORMAT_KEY && part_refused(f, piece, r->key, r->key_len)) ||
			(piece->verb == FORMAT_VALUE && part_refused(f, piece, r->value, r->value_len)) ||
			(piece->verb == FORMAT_HEADERS && headers_refused(f, r)))
			return true;
	}
	return false;
}

static size_t part_size(const struct format *f, const struct format_piece *piece, size_t len)
{
	if (piece->modifier == FORMAT_HEX)
		return 2 * len;
	if (piece->modifier == FORMAT_BASE64)
		return BASE64_SIZE(len);
	return frame_size(&f->frame, len);
}

static size_t headers_size(const struct format *f, const struct record *r)
{
	size_t size = 0;
	for (size_t i = 0; i < r->header_count; i++)
		size += frame_size(&f->frame, r->headers[i].name_len + r->headers[i].value_len) + 2;
	return size;
}

static size_t date_size(const struct format_piece *piece)
{
	/* %c gives the longest text of all conversions: 24 bytes for 2 bytes of the format. */
	return piece->modifier == FORMAT_STRFTIME ? strlen(piece->date.pattern) * 16 + 32 : TIME_RFC3339_SIZE;
}

size_t format_size(const struct format *f, const struct record *r)
{
	size_t size = 0;
	for (size_t i = 0; i < f->count; i++) {
		const struct format_piece *piece = &f->pieces[i];
		if (piece->verb == FORMAT_LITERAL)
			size += piece->len;
		else if (piece->verb == FORMAT_TOPIC)
			size += strlen(r->topic);
		else if (piece->verb == FORMAT_KEY)
			size += part_size(f, piece, r->key_len);
		else if (piece->verb == FORMAT_VALUE)
			size += part_size(f, piece, r->value_len);
		else if (piece->verb == FORMAT_HEADERS)
			size += headers_size(f, r);
		else if (piece->verb == FORMAT_DATE)
			size += date_size(piece);
		else
			size += JSONOUT_INT_MAX;
	}
	return size;
}

static char *put(char *p, const char *s, size_t len)
{
	memcpy(p, s, len);
	return p + len;
}

static char *put_text(const struct format *f, char *p, const char *s, size_t len)
{
	if (!len)
		return p;
	return f->framed && f->frame.policy != FRAME_ERROR ? frame_put(&f->frame, p, s, len) : put(p, s, len);
}

static char *put_part(const struct format *f, const struct format_piece *piece, char *p, const char *s, size_t len)
{
	if (!s)
		return p;
	if (piece->modifier == FORMAT_HEX)
		return ascii_put_hex(p, s, len);
	if (piece->modifier == FORMAT_BASE64)
		return p + base64_encode(p, s, len);
	return put_text(f, p, s, len);
}

static char *put_number(const struct format_piece *piece, char *p, int64_t n)
{
	int bytes = piece->modifier == FORMAT_BIG32 ? 4 : piece->modifier == FORMAT_BIG64 ? 8 : 0;
	if (!bytes)
		return jsonout_int(p, n);
	for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
		*p++ = (char)((uint64_t)n >> shift);
	return p;
}

static char *put_headers(const struct format *f, char *p, const struct record *r)
{
	for (size_t i = 0; i < r->header_count; i++) {
		const struct record_header *h = &r->headers[i];
		if (i)
			*p++ = ',';
		p = put_text(f, p, h->name, h->name_len);
		*p++ = '=';
		p = put_text(f, p, h->value, h->value_len);
	}
	return p;
}

/* Writes nothing for a record without a timestamp, or with one beyond the calendar. */
static char *put_date(struct format_piece *piece, char *p, const struct record *r)
{
	struct timespec t;
	char text[TIME_RFC3339_SIZE];
	if (r->timestamp_type == RECORD_TIME_NONE || time_from_epoch(r->timestamp, TIME_MS, &t) < 0)
		return p;
	if (piece->modifier != FORMAT_STRFTIME) {
		size_t len = time_write_rfc3339(&t, text);
		return put(p, text, len);
	}
	const char *name = time_pattern_name(&piece->date, &t);
	return put(p, name, strlen(name));
}

static int64_t length_of(const char *s, size_t len)
{
	return s ? (int64_t)len : -1;
}

static char *write_piece(const struct format *f, struct format_piece *piece, char *p, const struct record *r)
{
	switch (piece->verb) {
	case FORMAT_LITERAL:
		return put(p, piece->text, piece->len);
	case FORMAT_TOPIC:
		return put(p, r->topic, strlen(r->topic));
	case FORMAT_PARTITION:
		return put_number(piece, p, r->partition);
	case FORMAT_OFFSET:
		return put_number(piece, p, r->offset);
	case FORMAT_TIMESTAMP:
		return put_number(piece, p, r->timestamp_type == RECORD_TIME_NONE ? -1 : r->timestamp);
	case FORMAT_DATE:
		return put_date(piece, p, r);
	case FORMAT_KEY:
		return put_part(f, piece, p, r->key, r->key_len);
	case FORMAT_KEY_LEN:
		return put_number(piece, p, length_of(r->key, r->key_len));
	case FORMAT_VALUE:
		return put_part(f, piece, p, r->value, r->value_len);
	case FORMAT_VALUE_LEN:
		return put_number(piece, p, length_of(r->value, r->value_len));
	case FORMAT_HEADERS:
		return put_headers(f, p, r);
	}
	return p;
}

char *format_write(struct format *f, char *p, const struct record *r)
{
	for (size_t i = 0; i < f->count; i++)
		p = write_piece(f, &f->pieces[i], p, r);
	return p;
}
