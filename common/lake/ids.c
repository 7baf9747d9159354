/* The names of --id: see ids.h. */
#include "common/lake/ids.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/killpoint.h"
#include "common/lake/json_in.h"
#include "common/lake/side.h"

#define CLOCK_SET_MS INT64_C(1577836800000) /* 2020-01-01 */

/* A file of ids that is being made, or was read: its lines after the first one. */
struct lines {
	struct strbuf text;
	json_int_t count, newest;
};

/* Append [NAME: the beginning of a line, by which the line is found.  A string in JSON holds no raw line feed. */
static void begin_line(struct strbuf *out, const char *name)
{
	json_t *string = json_string(name);
	char *text = json_dumps(string, JSON_ENCODE_ANY | JSON_COMPACT);
	strbuf_addf(out, "[%s,", text);
	free(text);
	json_decref(string);
}

/* Read the file of REF: FOUND gets its text, including the first line. */
static int read_file(struct ids_place place, json_t *ref, struct strbuf *ret, struct strbuf *err)
{
	struct strbuf head = STRBUF_INIT;
	int r = side_read(place.store, place.dir, ref, ret, err);
	strbuf_addf(
		&head, "{\"ids\":{\"v\":1,\"count\":%" JSON_INTEGER_FORMAT "}}\n", (json_int_t)number_in(ref, "ids"));
	if (r == 0 && strncmp(ret->s, head.s, head.len) != 0)
		r = side_damaged(place.store, place.dir, ref, "does not hold the ids that the log says", err);
	strbuf_release(&head);
	return r;
}

int ids_find(struct ids_place place, json_t *state, const char *id, struct strbuf *err)
{
	struct strbuf line = STRBUF_INIT;
	size_t i;
	json_t *ref;
	int r = json_object_get(json_object_get(state, "ids"), id) != NULL;
	strbuf_addch(&line, '\n');
	begin_line(&line, id);
	json_array_foreach(json_object_get(state, "id_files"), i, ref)
	{
		struct strbuf text = STRBUF_INIT;
		if (r == 0)
			r = read_file(place, ref, &text, err);
		if (r == 0 && memmem(text.s, text.len, line.s, line.len))
			r = 1;
		strbuf_release(&text);
	}
	strbuf_release(&line);
	return r;
}

bool ids_is_old(int64_t ms, int64_t now_ms)
{
	return ms >= CLOCK_SET_MS && ms < now_ms - IDS_KEPT_MS;
}

/*
 * Drop the ids that are too old.  A time before this program was written comes from a clock that was not set.  When
 * such an id was committed is not known, so its age counts from now on.
 */
static void drop_old(json_t *state, int64_t now_ms)
{
	json_t *ids = json_object_get(state, "ids"), *files = json_object_get(state, "id_files"), *at;
	const char *key;
	void *next;
	json_object_foreach_safe(ids, next, key, at)
	{
		int64_t ms = json_is_integer(at) ? json_integer_value(at) : 0;
		if (ms < CLOCK_SET_MS)
			json_object_set_new(ids, key, json_integer(now_ms));
		else if (ids_is_old(ms, now_ms))
			json_object_del(ids, key);
	}
	for (size_t i = json_array_size(files); i-- > 0;)
		if (ids_is_old(number_in(json_array_get(files, i), "newest"), now_ms))
			json_array_remove(files, i);
}

static void add_line(struct lines *lines, const char *line, size_t len, json_int_t ms)
{
	strbuf_add(&lines->text, line, len);
	lines->count++;
	lines->newest = ms > lines->newest ? ms : lines->newest;
}

/* Append the ids of the entry itself. */
static void take_own(struct lines *lines, json_t *ids)
{
	struct strbuf line = STRBUF_INIT;
	const char *key;
	json_t *at;
	json_object_foreach(ids, key, at)
	{
		strbuf_clear(&line);
		begin_line(&line, key);
		strbuf_addf(&line, "%" JSON_INTEGER_FORMAT "]\n", json_integer_value(at));
		add_line(lines, line.s, line.len, json_integer_value(at));
	}
	strbuf_release(&line);
}

/* Append those ids of the file REF that are not too old. */
static int take_file(struct ids_place place, struct lines *lines, json_t *ref, int64_t now_ms, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	int r = read_file(place, ref, &text, err);
	const char *end = text.s + text.len, *lf;
	for (const char *s = text.s; r == 0 && (lf = memchr(s, '\n', (size_t)(end - s))); s = lf + 1) {
		/* skip the first line, which has no id */
		const char *comma = *s == '[' ? memrchr(s, ',', (size_t)(lf - s)) : NULL;
		int64_t ms = comma ? strtoll(comma + 1, NULL, 10) : 0;
		if (comma && !ids_is_old(ms, now_ms))
			add_line(lines, s, (size_t)(lf + 1 - s), ms);
	}
	strbuf_release(&text);
	return r;
}

/* Move the ids of the entry into a file, together with those of the newest files that hold no more ids than it. */
static int spill(struct ids_place place, json_t *state, int64_t version, int64_t now_ms, struct strbuf *err)
{
	struct lines lines = {.text = STRBUF_INIT};
	struct strbuf text = STRBUF_INIT;
	json_t *files = json_object_get(state, "id_files"), *ref = NULL;
	int r = 0;
	take_own(&lines, json_object_get(state, "ids"));
	while (r == 0 && json_array_size(files)) {
		json_t *last = json_array_get(files, json_array_size(files) - 1);
		if (number_in(last, "ids") > lines.count)
			break;
		r = take_file(place, &lines, last, now_ms, err);
		if (r == 0)
			json_array_remove(files, json_array_size(files) - 1);
	}
	strbuf_addf(&text, "{\"ids\":{\"v\":1,\"count\":%" JSON_INTEGER_FORMAT "}}\n", lines.count);
	strbuf_add(&text, lines.text.s, lines.text.len);
	if (r == 0)
		r = side_write(place.store, place.dir, SIDE_IDS, version, &text, &ref, err);
	KILL_POINT("ids-written");
	if (r == 0) {
		json_object_set_new(ref, "ids", json_integer(lines.count));
		json_object_set_new(ref, "newest", json_integer(lines.newest));
		if (!files)
			json_object_set_new(state, "id_files", files = json_array());
		json_array_append_new(files, ref);
		json_object_clear(json_object_get(state, "ids"));
	}
	strbuf_release(&lines.text);
	strbuf_release(&text);
	return r;
}

int ids_add(struct ids_place place, json_t *state, const char *id, int64_t version, int64_t now_ms, struct strbuf *err)
{
	if (!json_is_object(json_object_get(state, "ids")))
		json_object_set_new(state, "ids", json_object());
	json_t *ids = json_object_get(state, "ids");
	drop_old(state, now_ms);
	if (!id)
		return 0;
	json_object_set_new(ids, id, json_integer(now_ms));
	return json_object_size(ids) > IDS_IN_ENTRY ? spill(place, state, version, now_ms, err) : 0;
}

const char *ids_fault(json_t *state)
{
	json_t *ids = json_object_get(state, "ids"), *files = json_object_get(state, "id_files"), *ref;
	size_t i;
	if ((ids && !json_is_object(ids)) || (files && !json_is_array(files)))
		return "its ids are not valid";
	json_array_foreach(files, i, ref)
	{
		if (!side_is_ref(ref, SIDE_IDS) || number_in(ref, "ids") < 0 ||
			!json_is_integer(json_object_get(ref, "newest")))
			return "a file of its ids is not valid";
	}
	return NULL;
}

int ids_check(struct ids_place place, json_t *ref, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	int r = read_file(place, ref, &text, err);
	strbuf_release(&text);
	return r;
}
