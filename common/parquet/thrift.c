/* Thrift's compact protocol: see thrift.h. */
#include "common/parquet/thrift.h"

#include <string.h>

static void put_varint(struct strbuf *to, uint64_t v)
{
	for (; v >= 128; v >>= 7)
		strbuf_addch(to, (char)(v | 128));
	strbuf_addch(to, (char)v);
}

static uint64_t zigzag(int64_t v)
{
	return (uint64_t)v << 1 ^ (v < 0 ? UINT64_MAX : 0);
}

static void put_head(struct thrift_out *t, int id, enum thrift_type type)
{
	int *last = &t->last[t->depth - 1], delta = id - *last;
	if (delta >= 1 && delta <= 15) {
		strbuf_addch(t->to, (char)(delta << 4 | (int)type));
	} else {
		strbuf_addch(t->to, (char)type);
		put_varint(t->to, zigzag(id));
	}
	*last = id;
}

void thrift_begin(struct thrift_out *t, int id)
{
	if (id)
		put_head(t, id, THRIFT_STRUCT);
	t->last[t->depth++] = 0;
}

void thrift_end(struct thrift_out *t)
{
	t->depth--;
	strbuf_addch(t->to, THRIFT_STOP);
}

void thrift_empty(struct thrift_out *t, int id)
{
	thrift_begin(t, id);
	thrift_end(t);
}

void thrift_bool(struct thrift_out *t, int id, bool value)
{
	put_head(t, id, value ? THRIFT_TRUE : THRIFT_FALSE);
}

void thrift_byte(struct thrift_out *t, int id, int8_t value)
{
	put_head(t, id, THRIFT_BYTE);
	strbuf_addch(t->to, (char)value);
}

void thrift_i16(struct thrift_out *t, int id, int16_t value)
{
	put_head(t, id, THRIFT_I16);
	thrift_item_int(t, value);
}

void thrift_i32(struct thrift_out *t, int id, int32_t value)
{
	put_head(t, id, THRIFT_I32);
	thrift_item_int(t, value);
}

void thrift_i64(struct thrift_out *t, int id, int64_t value)
{
	put_head(t, id, THRIFT_I64);
	thrift_item_int(t, value);
}

void thrift_binary(struct thrift_out *t, int id, const void *data, size_t len)
{
	put_head(t, id, THRIFT_BINARY);
	thrift_item_binary(t, data, len);
}

void thrift_string(struct thrift_out *t, int id, const char *s)
{
	thrift_binary(t, id, s, strlen(s));
}

void thrift_list(struct thrift_out *t, int id, enum thrift_type type, size_t count)
{
	put_head(t, id, THRIFT_LIST);
	if (count < 15) {
		strbuf_addch(t->to, (char)(count << 4 | type));
	} else {
		strbuf_addch(t->to, (char)(0xf0 | type));
		put_varint(t->to, count);
	}
}

void thrift_item_bool(struct thrift_out *t, bool value)
{
	strbuf_addch(t->to, value ? THRIFT_TRUE : THRIFT_FALSE);
}

void thrift_item_int(struct thrift_out *t, int64_t value)
{
	put_varint(t->to, zigzag(value));
}

void thrift_item_binary(struct thrift_out *t, const void *data, size_t len)
{
	put_varint(t->to, len);
	strbuf_add(t->to, data, len);
}

static void fail(struct thrift_in *t)
{
	t->bad = true;
	t->p = t->end;
}

static unsigned get_byte(struct thrift_in *t)
{
	if (t->p < t->end)
		return *t->p++;
	fail(t);
	return 0;
}

static uint64_t get_varint(struct thrift_in *t)
{
	uint64_t v = 0;
	for (unsigned shift = 0; shift < 64; shift += 7) {
		unsigned byte = get_byte(t);
		v |= (uint64_t)(byte & 127) << shift;
		if (byte < 128)
			return t->bad ? 0 : v;
	}
	fail(t);
	return 0;
}

static int64_t get_zigzag(struct thrift_in *t)
{
	uint64_t v = get_varint(t);
	return (int64_t)(v >> 1 ^ (0 - (v & 1)));
}

bool thrift_next(struct thrift_in *t, struct thrift_field *field)
{
	unsigned head = get_byte(t);
	field->type = (enum thrift_type)(head & 15);
	if (!field->type || t->bad)
		return false;
	int64_t id = head >> 4 ? field->id + (int64_t)(head >> 4) : get_zigzag(t);
	if (id < 1 || id > INT16_MAX || field->type > THRIFT_STRUCT)
		fail(t);
	field->id = (int)id;
	return !t->bad;
}

int64_t thrift_get_int(struct thrift_in *t, enum thrift_type type)
{
	if (type == THRIFT_BYTE)
		return (int8_t)get_byte(t);
	if (type == THRIFT_I16 || type == THRIFT_I32 || type == THRIFT_I64)
		return get_zigzag(t);
	fail(t);
	return 0;
}

bool thrift_get_bool(struct thrift_in *t, enum thrift_type type)
{
	if (type != THRIFT_TRUE && type != THRIFT_FALSE)
		fail(t);
	return type == THRIFT_TRUE;
}

const unsigned char *thrift_get_binary(struct thrift_in *t, enum thrift_type type, size_t *ret_len)
{
	uint64_t len = type == THRIFT_BINARY ? get_varint(t) : UINT64_MAX;
	const unsigned char *s = t->p;
	if (t->bad || len > (size_t)(t->end - t->p)) {
		fail(t);
		len = 0;
	}
	t->p += len;
	*ret_len = (size_t)len;
	return s;
}

static size_t list_head(struct thrift_in *t, enum thrift_type *ret_type)
{
	unsigned head = get_byte(t);
	uint64_t count = head >> 4 == 15 ? get_varint(t) : head >> 4;
	*ret_type = (enum thrift_type)(head & 15);
	if (count > (size_t)(t->end - t->p))
		fail(t);
	return t->bad ? 0 : (size_t)count;
}

size_t thrift_get_list(struct thrift_in *t, enum thrift_type type, enum thrift_type want)
{
	enum thrift_type have = want;
	size_t count = 0;
	if (type == THRIFT_LIST)
		count = list_head(t, &have);
	else
		fail(t);
	if (have != want && count) {
		fail(t);
		count = 0;
	}
	return count;
}

static void skip_value(struct thrift_in *t, enum thrift_type type, int depth);

/* In a list, a boolean is a byte. */
static void skip_items(struct thrift_in *t, enum thrift_type type, size_t count, int depth)
{
	for (; count && !t->bad; count--) {
		if (type == THRIFT_TRUE || type == THRIFT_FALSE)
			get_byte(t);
		else
			skip_value(t, type, depth);
	}
}

static void skip_map(struct thrift_in *t, int depth)
{
	uint64_t count = get_varint(t);
	unsigned types = count ? get_byte(t) : 0;
	if (count > (size_t)(t->end - t->p))
		fail(t);
	for (; count && !t->bad; count--) {
		skip_items(t, (enum thrift_type)(types >> 4), 1, depth);
		skip_items(t, (enum thrift_type)(types & 15), 1, depth);
	}
}

static void skip_value(struct thrift_in *t, enum thrift_type type, int depth)
{
	size_t len;
	enum thrift_type item;
	struct thrift_field field = {0};
	if (depth > THRIFT_DEPTH)
		fail(t);
	switch (type) {
	case THRIFT_TRUE:
	case THRIFT_FALSE:
		return;
	case THRIFT_BYTE:
		get_byte(t);
		return;
	case THRIFT_I16:
	case THRIFT_I32:
	case THRIFT_I64:
		get_varint(t);
		return;
	case THRIFT_DOUBLE:
		for (int i = 0; i < 8; i++)
			get_byte(t);
		return;
	case THRIFT_BINARY:
		thrift_get_binary(t, type, &len);
		return;
	case THRIFT_LIST:
	case THRIFT_SET:
		len = list_head(t, &item);
		skip_items(t, item, len, depth + 1);
		return;
	case THRIFT_MAP:
		skip_map(t, depth + 1);
		return;
	case THRIFT_STRUCT:
		while (thrift_next(t, &field))
			skip_value(t, field.type, depth + 1);
		return;
	case THRIFT_STOP:
	default:
		fail(t);
	}
}

void thrift_skip(struct thrift_in *t, enum thrift_type type)
{
	skip_value(t, type, 0);
}
