/*
 * Listing the table beside its log, and stages that were left behind: see remote.h and housekeeping.h.
 *
 * There are no locks that could show whether a writer is dead or only slow.  So no writer commits stages that it began
 * long ago (log.h), and stages that are much older than that are abandoned.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/lake/remote.h"

/* Names below a directory. */
struct below {
	struct names *ret;
	size_t skip; /* bytes of a path for the directory and its '/' */
};

static int add_name(void *arg, const char *path, bool is_dir, uint64_t size, int64_t modified_ms)
{
	struct below *below = arg;
	(void)is_dir;
	(void)size;
	(void)modified_ms;
	names_add(below->ret, path + below->skip);
	return 0;
}

int remote_list(struct store *store, const char *dir, struct names *ret, struct strbuf *err)
{
	struct below below = {ret, *dir ? strlen(dir) + 1 : 0};
	return remote_of(store)->ops->list(remote_of(store), dir, false, add_name, &below, err);
}

/*
 * Names that readers of directories ignore: ours, those of other writers' logs, and what is in such directories; a
 * column of partitions may begin with '_'.
 */
static bool is_hidden(const char *path)
{
	if (*path == '_')
		return true;
	for (;;) {
		size_t n = strcspn(path, "/");
		if (*path == '.' || (*path == '_' && (!path[n] || !memchr(path, '=', n))))
			return true;
		if (!path[n])
			return false;
		path += n + 1;
	}
}

struct surveying {
	struct survey *ret;
	bool is_table;       /* there is a log */
	struct names tables; /* directories with one, with a '/' at their ends */
};

/* Note of which directory PATH is in the log, if it is in one. */
static void note_log(struct surveying *s, const char *path)
{
	static const char *const logs[] = {"/_weir_log/", "/_delta_log/"};
	for (size_t i = 0; i < sizeof logs / sizeof *logs; i++) {
		const char *at = strstr(path, logs[i]);
		s->is_table |= strncmp(path, logs[i] + 1, strlen(logs[i]) - 1) == 0;
		if (!at)
			continue;
		char *table = xstrndup(path, (size_t)(at - path) + 1);
		if (!s->tables.count || strcmp(s->tables.items[s->tables.count - 1], table) != 0)
			names_add(&s->tables, table);
		free(table);
	}
}

static int note(void *arg, const char *path, bool is_dir, uint64_t size, int64_t modified_ms)
{
	struct surveying *s = arg;
	struct survey *ret = s->ret;
	bool stage = remote_is_stage(path);
	(void)size;
	note_log(s, path);
	if (is_dir || (!stage && is_hidden(path)) || path[strlen(path) - 1] == '/')
		return 0;
	if (ret->count == ret->cap) {
		ret->cap = ret->cap ? 2 * ret->cap : 64;
		ret->items = xreallocarray(ret->items, ret->cap, sizeof *ret->items);
	}
	ret->items[ret->count++] = (struct found){.path = xstrdup(path),
		.kind = stage ? FOUND_STAGE : FOUND_FILE,
		.owner = stage ? OWNER_ELSEWHERE : OWNER_NONE,
		.modified_ms = modified_ms};
	return 0;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct found *)a)->path, ((const struct found *)b)->path);
}

static bool begins_with(const char *s, const char *beginning)
{
	return strncmp(s, beginning, strlen(beginning)) == 0;
}

/* Forget what is in TABLES, tables in this one: their files are their own.  All is sorted. */
static void leave_out(struct survey *survey, const struct names *tables)
{
	size_t kept = 0, t = 0;
	for (size_t i = 0; i < survey->count; i++) {
		struct found *f = &survey->items[i];
		while (t < tables->count && !begins_with(f->path, tables->items[t]) &&
			strcmp(tables->items[t], f->path) < 0)
			t++;
		if (t < tables->count && begins_with(f->path, tables->items[t]))
			free(f->path);
		else
			survey->items[kept++] = *f;
	}
	survey->count = kept;
}

static int survey(struct store *store, struct survey *ret, struct strbuf *err)
{
	struct surveying s = {.ret = ret};
	int r = remote_of(store)->ops->list(remote_of(store), "", true, note, &s, err);
	if (ret->count)
		qsort(ret->items, ret->count, sizeof *ret->items, by_path);
	names_sort(&s.tables);
	if (s.is_table)
		leave_out(ret, &s.tables);
	names_release(&s.tables);
	return r;
}

/* What to claim, and from which age on. */
struct claiming {
	struct claim *ret;
	int64_t before_ms;
};

static int claim_old(void *arg, const char *path, bool is_dir, uint64_t size, int64_t modified_ms)
{
	struct claiming *c = arg;
	(void)size;
	if (!is_dir && remote_is_stage(path) && modified_ms && modified_ms < c->before_ms)
		names_add(&c->ret->paths, path);
	return 0;
}

/* Left by a writer that was killed while it tested whether the store supports conditions: see store_prove(). */
static int claim_proof(void *arg, const char *path, bool is_dir, uint64_t size, int64_t modified_ms)
{
	struct claiming *c = arg;
	(void)size;
	if (!is_dir && strncmp(path, ".proof-", 7) == 0 && modified_ms && modified_ms < c->before_ms)
		names_add(&c->ret->paths, path);
	return 0;
}

static int claim(struct store *store, const struct claim_rules *rules, struct claim *ret, struct strbuf *err)
{
	struct claiming c = {ret, rules->before_ms};
	if (!rules->others) /* a writer that is starting: it cannot know that the writer of any stage is dead */
		return 0;
	const struct remote_ops *ops = remote_of(store)->ops;
	int r = ops->list(remote_of(store), REMOTE_STAGES, false, claim_old, &c, err);
	return r < 0 ? r : ops->list(remote_of(store), "", false, claim_proof, &c, err);
}

static void end_claim(struct store *store, struct claim *claim, bool clean)
{
	struct strbuf ignored = STRBUF_INIT; /* the next claim finds what stays */
	for (size_t i = 0; clean && i < claim->paths.count; i++)
		if (remote_discard(store, claim->paths.items[i], &ignored) < 0)
			strbuf_clear(&ignored);
	strbuf_release(&ignored);
	names_release(&claim->paths);
	names_release(&claim->locks);
}

static void undo(struct store *store)
{
	(void)store; /* the store has no directories */
}

const struct housekeeping remote_housekeeping = {
	.survey = survey, .claim = claim, .end_claim = end_claim, .undo = undo};

int remote_list_goes_on(
	const struct remote *remote, const struct strbuf *before, const struct strbuf *after, struct strbuf *err)
{
	if (before->len != after->len || memcmp(before->s, after->s, after->len) != 0)
		return 1;
	strbuf_addf(err, "cannot list '%s': the server names the same page again and again", remote->base.url);
	return -EINVAL;
}
