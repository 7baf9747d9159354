/* Finding the checkpoints of a log: see delta_checkpoint.h. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/lake/delta_checkpoint.h"
#include "common/lake/json_in.h"
#include "common/lake/version.h"

#define WORD        ".checkpoint."
#define PART_DIGITS 10
#define PARTS_MAX   10000
#define HINT_MAX    (1 << 20) /* limit in bytes; Spark puts a schema into it */

/* A checkpoint, and how many of its parts were seen. */
struct checkpoint_seen {
	struct delta_checkpoint which;
	unsigned parts;
};

/* The number in the PART_DIGITS bytes at S; 0: it is not a number, or not the number of a part. */
static unsigned part_number(const char *s)
{
	unsigned n = 0;
	for (int i = 0; i < PART_DIGITS; i++) {
		if (s[i] < '0' || s[i] > '9' || n > PARTS_MAX)
			return 0;
		n = 10 * n + (unsigned)(s[i] - '0');
	}
	return n > PARTS_MAX ? 0 : n;
}

/* How many parts the checkpoint with a part called NAME has; 0: it is a V2 checkpoint. */
static unsigned parts_of(const char *name)
{
	const char *rest = name + VERSION_DIGITS + strlen(WORD);
	if (strcmp(rest, "parquet") == 0)
		return 1;
	if (strlen(rest) != 2 * PART_DIGITS + 9 || rest[PART_DIGITS] != '.' ||
		strcmp(rest + 2 * PART_DIGITS + 1, ".parquet") != 0)
		return 0;
	unsigned part = part_number(rest), parts = part_number(rest + PART_DIGITS + 1);
	return part && part <= parts ? parts : 0;
}

static bool is_checkpoint(const char *name)
{
	return strlen(name) > VERSION_DIGITS && strncmp(name + VERSION_DIGITS, WORD, strlen(WORD)) == 0 &&
	       version_parse(name) >= 0;
}

/* Note the checkpoint of which NAME is a part; the names come in descending order. */
static void take(struct delta_checkpoints *list, struct checkpoint_seen *seen, const char *name)
{
	const struct delta_checkpoint which = {version_parse(name), parts_of(name)};
	if (!which.parts && !list->v2)
		list->v2 = xstrdup(name);
	if (!which.parts)
		return;
	if (seen->which.version != which.version || seen->which.parts != which.parts)
		*seen = (struct checkpoint_seen){.which = which};
	if (++seen->parts != which.parts)
		return;
	if (list->count == list->cap) {
		list->cap = list->cap ? 2 * list->cap : 16;
		list->items = xreallocarray(list->items, list->cap, sizeof *list->items);
	}
	list->items[list->count++] = which;
}

void delta_checkpoints_pick(const struct names *names, int64_t from, int64_t to, struct delta_checkpoints *ret)
{
	struct checkpoint_seen one = {.which.version = -1}, several = one;
	*ret = (struct delta_checkpoints){0};
	for (size_t i = names->count; i-- > 0;) {
		const char *name = names->items[i];
		if (is_checkpoint(name) && version_parse(name) >= from && version_parse(name) <= to)
			take(ret, parts_of(name) == 1 ? &one : &several, name);
	}
}

int delta_checkpoints_list(
	const struct log *log, int64_t from, int64_t to, struct delta_checkpoints *ret, struct strbuf *err)
{
	struct names names = {0};
	int r = store_list(log->store, log->dir, &names, err);
	names_sort(&names);
	if (r < 0)
		*ret = (struct delta_checkpoints){0};
	else
		delta_checkpoints_pick(&names, from, to, ret);
	names_release(&names);
	return r;
}

void delta_checkpoints_release(struct delta_checkpoints *list)
{
	free(list->items);
	free(list->v2);
	*list = (struct delta_checkpoints){0};
}

void delta_checkpoint_path(
	const struct log *log, const struct delta_checkpoint *which, unsigned part, struct strbuf *ret)
{
	strbuf_addf(ret, "%s/%020" PRId64 ".checkpoint.", log->dir, which->version);
	if (which->parts > 1)
		strbuf_addf(ret, "%010u.%010u.", part, which->parts);
	strbuf_addstr(ret, "parquet");
}

struct delta_checkpoint delta_checkpoint_hint(const struct log *log)
{
	struct strbuf name = STRBUF_INIT, text = STRBUF_INIT, ignored = STRBUF_INIT;
	struct delta_checkpoint ret = {.version = -1, .parts = 1};
	strbuf_addf(&name, "%s/_last_checkpoint", log->dir);
	if (store_get(log->store, name.s, HINT_MAX, &text, &ignored) == 0) {
		json_t *hint = json_loadb(text.s, text.len, 0, NULL);
		int64_t version = number_in(hint, "version"), parts = number_in(hint, "parts");
		if (version >= 0 && version < VERSION_LIMIT && parts <= PARTS_MAX &&
			!json_object_get(hint, "v2Checkpoint"))
			ret = (struct delta_checkpoint){version, parts > 0 ? (unsigned)parts : 1};
		json_decref(hint);
	}
	strbuf_release(&name);
	strbuf_release(&text);
	strbuf_release(&ignored);
	return ret;
}
