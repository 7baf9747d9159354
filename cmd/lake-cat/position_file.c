/* The file of --position-file: see position_file.h. */
#include "position_file.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/whole.h"
#include "common/io/file.h"
#include "common/stream/mark_offsets.h"

enum { FORMAT_VERSION = 1 };

/* [VERSION,MS,"8 hex"], or null. */
static bool parse_last(json_t *v, struct identity *ret)
{
	*ret = (struct identity){0};
	if (json_is_null(v))
		return true;
	json_t *offset = json_array_get(v, 0), *ms = json_array_get(v, 1);
	const char *hex = json_string_value(json_array_get(v, 2));
	if (json_array_size(v) != 3 || !json_is_integer(offset) || !json_is_integer(ms) || !hex)
		return false;
	if (strlen(hex) != 8 || strspn(hex, "0123456789abcdef") != 8)
		return false;
	*ret = (struct identity){.known = true,
		.offset = json_integer_value(offset),
		.ms = json_integer_value(ms),
		.crc = (uint32_t)strtoul(hex, NULL, 16)};
	return ret->offset >= 0 && ret->ms >= -1;
}

int position_file_parse(const char *s, size_t len, const char *table, struct position_file *ret, struct strbuf *err)
{
	json_t *json = json_loadb(s, len, JSON_REJECT_DUPLICATES, NULL);
	json_t *next = json_object_get(json, "next");
	const char *of = json_string_value(json_object_get(json, "table"));
	struct position_file at;
	int r = 0;
	bool good = json_integer_value(json_object_get(json, "v")) == FORMAT_VERSION && of && json_is_integer(next) &&
		    json_integer_value(next) >= 0 && parse_last(json_object_get(json, "last"), &at.last);
	if (!good) {
		strbuf_addstr(err, "is not a file of positions");
		r = -EBADMSG;
	} else if (strcmp(of, table) != 0) {
		strbuf_addf(err, "is about the table %s, not about %s", of, table);
		r = -EINVAL;
	} else {
		at.next = json_integer_value(next);
		*ret = at;
	}
	json_decref(json);
	return r;
}

int position_file_read(const char *path, const char *table, struct position_file *ret, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT, why = STRBUF_INIT;
	int r = whole_read(path, POSITION_FILE_MAX, &text);
	if (r == -ENOENT) {
		*ret = (struct position_file){.next = OFFSET_NONE};
		r = 0;
	} else if (r == 0 || r == -EFBIG) {
		r = position_file_parse(text.s, r == 0 ? text.len : 0, table, ret, &why);
		if (r < 0)
			strbuf_addf(err, "'%s' %s", path, why.s);
	} else {
		strbuf_addf(err, "cannot read '%s': %s", path, whole_strerror(r));
	}
	strbuf_release(&text);
	strbuf_release(&why);
	return r;
}

int position_file_write(const char *path, const char *table, const struct position_file *at, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	strbuf_addf(&text, "{\"v\":%d,\"table\":", FORMAT_VERSION);
	mark_add_string(&text, table);
	strbuf_addf(&text, ",\"next\":%" PRId64 ",\"last\":", at->next);
	if (at->last.known)
		strbuf_addf(&text, "[%" PRId64 ",%" PRId64 ",\"%08" PRIx32 "\"]}\n", at->last.offset, at->last.ms,
			at->last.crc);
	else
		strbuf_addstr(&text, "null}\n");
	int r = file_replace(path, text.s, text.len);
	if (r < 0)
		strbuf_addf(err, "cannot write '%s': %s", path, file_strerror(r));
	strbuf_release(&text);
	return r;
}
