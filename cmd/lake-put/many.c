/* The tables of a stream that has many: see many.h. */
#include "many.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "options.h"

static void table_free(struct many_table *t)
{
	opened_close(&t->opened);
	share_release(&t->share);
	free(t->name);
	free(t);
}

void many_release(struct many *many)
{
	for (size_t i = 0; i < many->count; i++)
		table_free(many->items[i]);
	free(many->items);
	if (many->pool)
		opened_ops()->pool_free(many->pool);
	many->items = NULL;
	many->pool = NULL;
	many->count = 0;
}

/* Whether the table T is called NAME: less than, equal to or greater than 0, as strcmp(). */
static int compare(const struct many_table *t, const char *name, size_t len)
{
	int order = strncmp(t->name, name, len);
	return order ? order : t->name[len] != '\0';
}

/* Where the table NAME is among the items, or would be. */
static size_t place_of(const struct many *many, const char *name, size_t len)
{
	size_t low = 0, high = many->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare(many->items[middle], name, len) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct many_table *many_find(struct many *many, const char *name, size_t len)
{
	if (many->last && compare(many->last, name, len) == 0)
		return many->last;
	size_t i = place_of(many, name, len);
	if (i == many->count || compare(many->items[i], name, len) != 0)
		return NULL;
	many->last = many->items[i];
	return many->last;
}

static void add(struct many *many, struct many_table *t)
{
	size_t i = place_of(many, t->name, strlen(t->name));
	if (many->count == many->cap) {
		many->cap = many->cap ? 2 * many->cap : 16;
		many->items = xreallocarray(many->items, many->cap, sizeof(struct many_table *));
	}
	memmove(many->items + i + 1, many->items + i, (many->count - i) * sizeof(struct many_table *));
	many->items[i] = t;
	many->count++;
}

/* What the tables share is made when the first one, T, is opened: all have the same kind of store. */
static int make_pool(struct many *many, const struct many_table *t)
{
	struct strbuf err = STRBUF_INIT;
	uint64_t memory = opts.memory - (t->opened.place.store->ops->remote ? opened_store_memory() : 0);
	int r = many->pool ? 0 : opened_ops()->pool_new(memory, &many->pool, &err);
	int status = r < 0 ? opt_usage_error(&spec, "--memory: %s", err.s) : EXIT_OK;
	strbuf_release(&err);
	return status;
}

/* Open T, which has its name. */
static int open_table(struct many *many, struct many_table *t)
{
	struct strbuf url = STRBUF_INIT;
	uint64_t all = opened_store_memory(), parts = many->expected ? many->expected : 1;
	route_url(many->route, t->name, &url);
	int status = opened_open(
		&t->opened, url.s, many->common, all > parts ? all / parts : 1, (opts.memory - all) / parts);
	t->opened.sink.stats = NULL; /* the figures are those of all tables */
	if (status == EXIT_NO) {
		warn("id '%s' has been committed to '%s' before: records for it are left out", opts.once.id, url.s);
		t->stored = true;
		status = EXIT_OK;
	}
	if (status == EXIT_OK)
		status = make_pool(many, t);
	t->opened.place.pool = many->pool;
	strbuf_release(&url);
	return status ? status : opened_rows(&t->opened);
}

int many_open(struct many *many, const char *name, struct many_table **ret)
{
	if (many->count >= many->max) {
		warn("the table '%s' would be one more than the %" PRIu64 " that --max-tables allows", name, many->max);
		return EXIT_CONFIG;
	}
	struct many_table *t = xcalloc(1, sizeof *t);
	t->name = xstrdup(name);
	int status = open_table(many, t);
	if (status) {
		table_free(t);
		return status;
	}
	add(many, t);
	*ret = many->last = t;
	return EXIT_OK;
}

/* Whether a log has something: 1, 0 or an error with ERR. */
typedef int asked(const struct log *log, const char *text, struct strbuf *err);

static int has_group(const struct log *log, const char *group, struct strbuf *err)
{
	(void)err;
	return state_knows_group(log->state, group);
}

/* Ask the log of the table NAME. */
static int ask_table(const struct many *many, const char *name, asked *ask, const char *text, struct strbuf *err)
{
	struct strbuf url = STRBUF_INIT;
	struct store *store = NULL;
	struct log log = {0};
	route_url(many->route, name, &url);
	int r = store_open(url.s, NULL, &opts.store, &store, err);
	if (r == 0)
		r = log_open(&log, store, NULL, err);
	if (r == 0)
		r = ask(&log, text, err);
	log_release(&log);
	store_close(store);
	strbuf_release(&url);
	return r;
}

/* Ask the existing tables, until one says yes: 1; 0: none does. */
static int ask_tables(const struct many *many, asked *ask, const char *text, struct strbuf *err)
{
	struct strbuf url = STRBUF_INIT;
	struct names names = {0};
	struct store *store = NULL;
	route_directory(many->route, &url);
	int r = store_open(url.s, NULL, &opts.store, &store, err);
	if (r == 0)
		r = store_list(store, "", &names, err);
	for (size_t i = 0; r == 0 && i < names.count; i++) {
		char *name;
		if (!route_match(many->route, names.items[i], &name))
			continue;
		r = ask_table(many, name, ask, text, err);
		free(name);
	}
	names_release(&names);
	store_close(store);
	strbuf_release(&url);
	return r;
}

int many_knows_group(const struct many *many, const char *group, bool *ret, struct strbuf *err)
{
	int r = ask_tables(many, has_group, group, err);
	*ret = r > 0;
	return r < 0 ? r : 0;
}

int many_knows_id(const struct many *many, const char *id, bool *ret, struct strbuf *err)
{
	int r = ask_tables(many, log_has_id, id, err);
	*ret = r > 0;
	return r < 0 ? r : 0;
}

void many_name(const struct many_table *t, struct strbuf *err)
{
	const char *url = t->opened.place.store->url;
	struct strbuf text = STRBUF_INIT;
	if (strstr(err->s, url))
		return;
	strbuf_addf(&text, "'%s': %s", url, err->s);
	strbuf_clear(err);
	strbuf_add(err, text.s, text.len);
	strbuf_release(&text);
}

const struct http_counters *many_counters(struct many *many)
{
	bool any = false;
	many->counters = (struct http_counters){0};
	for (size_t i = 0; i < many->count; i++) {
		const struct http_counters *one = store_counters(many->items[i]->opened.place.store);
		if (!one)
			continue;
		any = true;
		many->counters.calls += one->calls;
		many->counters.tries += one->tries;
		many->counters.sent += one->sent;
		many->counters.received += one->received;
	}
	return any ? &many->counters : NULL;
}
