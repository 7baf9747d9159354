/* The entries after a checkpoint: see delta_snapshot_tail.h. */
#include "common/lake/delta_snapshot_tail.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "common/base/alloc.h"
#include "common/data/json.h"
#include "common/lake/json_in.h"
#include "common/lake/log.h"

/* Which values of a line are needed; those of a file are DELTA_OF_FILE of add, then the same of remove. */
static const char *const paths[] = {".add.path", ".add.deletionVector.storageType",
	".add.deletionVector.pathOrInlineDv", ".add.deletionVector.offset", ".remove.path",
	".remove.deletionVector.storageType", ".remove.deletionVector.pathOrInlineDv", ".remove.deletionVector.offset",
	".protocol", ".metaData", ".commitInfo.weir.actions", ".commitInfo"};
#define PATHS    (sizeof paths / sizeof *paths)
#define ADD      0
#define REMOVE   4
#define PROTOCOL 8
#define META     9
#define ACTIONS  10
#define INFO     11

/* The key of the file PATH with the deletion vector of this kind, place and offset. */
static struct delta_key key_of(struct strbuf *text, const char *const part[3], const size_t len[3], int64_t offset)
{
	strbuf_clear(text);
	for (int i = 0; i < 3; i++) {
		strbuf_add(text, part[i], len[i]);
		strbuf_addch(text, '\0');
	}
	strbuf_addf(text, "%" PRId64, offset);
	XXH128_hash_t hash = XXH3_128bits(text->s, text->len);
	return (struct delta_key){hash.low64, hash.high64};
}

static struct delta_key key_of_values(struct strbuf *text, const struct value *v)
{
	const char *part[3];
	size_t len[3];
	for (int i = 0; i < 3; i++) {
		part[i] = v[i].type == VALUE_STRING ? v[i].s : "";
		len[i] = v[i].type == VALUE_STRING ? v[i].len : 0;
	}
	return key_of(text, part, len, v[3].type == VALUE_INT ? v[3].i : -1);
}

static struct delta_key key_of_add(struct strbuf *text, const json_t *add)
{
	const json_t *vector = json_object_get(add, "deletionVector");
	const char *part[3] = {text_in(add, "path"), text_in(vector, "storageType"), text_in(vector, "pathOrInlineDv")};
	size_t len[3];
	for (int i = 0; i < 3; i++) {
		part[i] = part[i] ? part[i] : "";
		len[i] = strlen(part[i]);
	}
	return key_of(text, part, len, number_in(vector, "offset"));
}

/* The slot of KEY, or the free one where it belongs. */
static size_t slot_of(const struct delta_tail *tail, struct delta_key key)
{
	size_t i = key.low & (tail->slots - 1);
	while (tail->table[i]) {
		const struct delta_key *there = &tail->files[tail->table[i] - 1].key;
		if (there->low == key.low && there->high == key.high)
			break;
		i = (i + 1) & (tail->slots - 1);
	}
	return i;
}

static void grow(struct delta_tail *tail)
{
	tail->cap = tail->cap ? 2 * tail->cap : 64;
	tail->files = xreallocarray(tail->files, tail->cap, sizeof *tail->files);
	tail->slots = 2 * tail->cap;
	free(tail->table);
	tail->table = xcalloc(tail->slots, sizeof *tail->table);
	for (size_t i = 0; i < tail->count; i++) /* later ones replace those before them */
		tail->table[slot_of(tail, tail->files[i].key)] = (uint32_t)i + 1;
}

/* Note an action of FILE; it replaces the one before for the same file. */
static void note(struct delta_tail *tail, const struct delta_tail_file *file)
{
	if (tail->count == tail->cap)
		grow(tail);
	size_t slot = slot_of(tail, file->key);
	if (tail->table[slot])
		tail->files[tail->table[slot] - 1].gone = true;
	tail->files[tail->count++] = *file;
	tail->table[slot] = (uint32_t)tail->count;
}

static int damaged(const struct delta_tail *tail, int64_t version, const char *why, struct strbuf *err)
{
	strbuf_addf(err, "version %" PRId64 " of the log of '%s' is damaged: %s", version, tail->store->url, why);
	return -EBADMSG;
}

static void replace(json_t **slot, const struct value *v)
{
	if (v->type != VALUE_OBJECT)
		return;
	json_decref(*slot);
	*slot = json_loadb(v->raw, v->raw_len, 0, NULL);
}

/* The entry VERSION of ours has the commitInfo V: it must follow the entry of ours before it, if that is known. */
static int follow(struct delta_tail *tail, int64_t version, const struct value *v, struct strbuf *err)
{
	const struct log log = {.store = tail->store, .kind = TABLE_DELTA, .own = tail->own};
	struct entry entry = {.info = json_loadb(v->raw, v->raw_len, 0, NULL)};
	bool known = tail->own || tail->first == 0, good = !known || log_follows(&log, &entry, version);
	if (good) {
		json_decref(tail->own);
		tail->own = entry_own(&entry, version);
	}
	entry_release(&entry);
	return good ? 0 : log_not_following(&log, version, err);
}

/* Take the action of the line from AT on, of LEN bytes, in the entry VERSION. */
static int take(struct delta_tail *tail, int64_t version, const char *text, size_t at, size_t len, int64_t *actions,
	struct strbuf *err)
{
	int r = json_read(tail->json, text + at, len);
	const struct value *v = json_values(tail->json);
	if (r < 0)
		return damaged(tail, version, r == -EBADMSG ? json_error(tail->json)->what : "a line is too long", err);
	for (int which = ADD; which <= REMOVE; which += REMOVE - ADD) {
		if (v[which].type != VALUE_STRING)
			continue;
		struct delta_tail_file file = {.key = key_of_values(&tail->text, &v[which]),
			.entry = (uint32_t)(version - tail->first),
			.at = (uint32_t)at,
			.len = (uint32_t)len & 0x7fffffff,
			.gone = which == REMOVE};
		note(tail, &file);
	}
	replace(&tail->protocol, &v[PROTOCOL]);
	replace(&tail->meta, &v[META]);
	if (v[ACTIONS].type != VALUE_INT)
		return 0;
	*actions = v[ACTIONS].i;
	return follow(tail, version, &v[INFO], err);
}

/* Read the text of an entry into TEXT. */
static int read_text(const struct delta_tail *tail, int64_t version, struct strbuf *text, struct strbuf *err)
{
	struct strbuf name = STRBUF_INIT;
	const struct log log = {.store = tail->store, .dir = LOG_DELTA};
	log_entry_name(&log, version, &name);
	strbuf_clear(text);
	int r = store_get(tail->store, name.s, LOG_ENTRY_MAX, text, err);
	strbuf_release(&name);
	return r;
}

/* Read the entry VERSION. */
static int read_entry(struct delta_tail *tail, int64_t version, struct strbuf *text, struct strbuf *err)
{
	int64_t lines = 0, actions = -1;
	int r = read_text(tail, version, text, err);
	for (size_t at = 0; r == 0 && at < text->len; lines++) {
		const char *lf = memchr(text->s + at, '\n', text->len - at);
		size_t len = lf ? (size_t)(lf - text->s) - at : text->len - at;
		r = take(tail, version, text->s, at, len, &actions, err);
		at += len + 1;
	}
	if (r == 0 && !lines)
		return damaged(tail, version, "it is empty", err);
	if (r == 0 && actions >= 0 && actions != lines)
		return damaged(tail, version, "it is cut off", err);
	return r;
}

void delta_tail_init(struct delta_tail *tail)
{
	*tail = (struct delta_tail){.last = -1, .text = STRBUF_INIT};
}

int delta_tail_read(struct delta_tail *tail, struct store *store, int64_t first, int64_t last, struct strbuf *err)
{
	delta_tail_init(tail);
	tail->store = store;
	tail->first = first;
	tail->last = last;
	int r = json_new(&tail->json);
	for (size_t i = 0; r == 0 && i < PATHS; i++) {
		struct path path;
		r = path_init(&path, paths[i], err);
		if (r < 0)
			break;
		(void)json_add(tail->json, &path); /* its index is I */
		path_release(&path);
	}
	if (last < first)
		return r;
	tail->texts = xcalloc((size_t)(last - first + 1), sizeof *tail->texts);
	for (int64_t i = 0; i <= last - first; i++)
		strbuf_init(&tail->texts[i]);
	for (int64_t version = first; r == 0 && version <= last; version++) {
		struct strbuf *text = &tail->texts[version - first];
		r = read_entry(tail, version, text, err);
		if (tail->kept + text->cap > DELTA_TAIL_BYTES)
			strbuf_release(text);
		tail->kept += text->cap;
	}
	return r;
}

void delta_tail_release(struct delta_tail *tail)
{
	for (int64_t i = 0; tail->texts && i <= tail->last - tail->first; i++)
		strbuf_release(&tail->texts[i]);
	free(tail->texts);
	free(tail->files);
	free(tail->table);
	json_free(tail->json);
	json_decref(tail->protocol);
	json_decref(tail->meta);
	json_decref(tail->own);
	strbuf_release(&tail->text);
	delta_tail_init(tail);
}

bool delta_tail_names(const struct delta_tail *tail, const json_t *add)
{
	struct strbuf text = STRBUF_INIT;
	if (!tail->count)
		return false;
	struct delta_key key = key_of_add(&text, add);
	strbuf_release(&text);
	return tail->table[slot_of(tail, key)];
}

/* The text of the entry of FILE. */
static int text_of(
	struct delta_tail *tail, const struct delta_tail_file *file, const struct strbuf **ret, struct strbuf *err)
{
	*ret = &tail->texts[file->entry];
	if ((*ret)->len)
		return 0;
	*ret = &tail->text;
	if (tail->open == file->entry + 1)
		return 0;
	tail->open = file->entry + 1;
	return read_text(tail, tail->first + file->entry, &tail->text, err);
}

int delta_tail_next(struct delta_tail *tail, json_t **ret_add, struct strbuf *err)
{
	const struct strbuf *text;
	while (tail->next < tail->count && tail->files[tail->next].gone)
		tail->next++;
	if (tail->next == tail->count)
		return 0;
	const struct delta_tail_file *file = &tail->files[tail->next++];
	int r = text_of(tail, file, &text, err);
	if (r < 0)
		return r;
	json_t *line =
		(size_t)file->at + file->len <= text->len ? json_loadb(text->s + file->at, file->len, 0, NULL) : NULL;
	*ret_add = json_incref(json_object_get(line, "add"));
	json_decref(line);
	return *ret_add ? 1
			: damaged(tail, tail->first + file->entry, "it has changed, or has a string that is none", err);
}
