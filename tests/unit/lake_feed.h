/* For unit tests of common/lake/feed: a table with a writer, and a reader of its versions. */
#ifndef WEIR_TESTS_LAKE_FEED_H
#define WEIR_TESTS_LAKE_FEED_H

#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

#include "common/lake/feed.h"
#include "tests/unit/delta_log.h"

static struct strbuf why = STRBUF_INIT;

/* A raw table with a writer, and a reader of its versions. */
struct fed {
	struct fake *fake;
	struct log log;
	struct feed feed;
};

static inline void begin(struct fed *t)
{
	*t = (struct fed){.fake = open_fake(++tables)};
	strbuf_clear(&why);
	CHECK_INT(log_open(&t->log, &t->fake->base, &lines, &why), 0);
}

static inline void end(struct fed *t)
{
	feed_release(&t->feed);
	log_release(&t->log);
	store_close(&t->fake->base);
}

/* The path of the data file NAME, a word, in the table. */
static inline const char *file_of(const char *name)
{
	static struct strbuf path = STRBUF_INIT;
	strbuf_clear(&path);
	strbuf_addf(&path, "x=%s/part-01234567-89ab-4cde-8f01-23456789abcd-00000", name);
	return path.s;
}

/* Commit a file NAME of ten bytes and two records as the next version, without publishing it. */
static inline void commit_file(struct fed *t, const char *name)
{
	struct stage *stage;
	struct store *real = t->fake->real;
	CHECK_INT(store_stage(real, file_of(name), &stage, &why), 0);
	CHECK_INT(store_append(real, stage, "1234\n6789\n", 10, &why), 0);
	CHECK_INT(store_seal(real, stage, &why), 0);
	CHECK_INT(store_sync(real, &why), 0);
	struct lake_file file = {
		.path = stage->path, .tag = stage->tag, .size = 10, .records = 2, .began_ms = stage->began_ms};
	struct lake_file *files[] = {&file};
	struct commit c = {.files = files, .nfiles = 1};
	CHECK_INT(log_commit(&t->log, &c, &why), 0);
	store_stage_free(stage);
}

static inline void publish(struct fed *t)
{
	CHECK_INT(log_publish(&t->log, &why), 0);
}

/* The path of NAME in the table. */
static inline const char *path_of(const struct fed *t, const char *name)
{
	static struct strbuf path = STRBUF_INIT;
	strbuf_clear(&path);
	strbuf_addf(&path, "%s/%s", t->fake->base.url, name);
	return path.s;
}

/* An entry that is not written by log_commit(). */
static inline void entry(const struct fed *t, int64_t version, const char *text)
{
	char name[64];
	snprintf(name, sizeof name, LOG_RAW "/%020" PRId64 ".json", version);
	FILE *file = fopen(path_of(t, name), "w");
	CHECK(file && fputs(text, file) >= 0 && fclose(file) == 0);
}

/* Begin to read at NEXT. */
static inline int at(struct fed *t, int64_t next, enum feed_removal removal)
{
	int64_t newest;
	feed_release(&t->feed);
	strbuf_clear(&why);
	int r = feed_open(&t->feed, &t->fake->base, removal, &why);
	if (r == 0)
		r = feed_newest(&t->feed, &newest, &why);
	return r == 0 ? feed_place(&t->feed, next, &why) : r;
}

/* The next version as text: "all 3: a b", "2: c", "2:" (no rows), "-" (nothing yet), or the error. */
static inline const char *next(struct fed *t)
{
	static struct strbuf text = STRBUF_INIT;
	struct feed_version v;
	size_t i;
	json_t *add;
	strbuf_clear(&text);
	strbuf_clear(&why);
	int r = feed_next(&t->feed, &v, &why);
	if (r <= 0) {
		strbuf_addstr(&text, r == 0 ? "-" : r == -EBADMSG ? "bad" : "error");
		return text.s;
	}
	strbuf_addf(&text, "%s%" PRId64 ":", v.all ? "all " : "", v.version);
	json_array_foreach(v.adds, i, add)
	{
		const char *path = json_string_value(json_object_get(add, "path"));
		strbuf_addf(&text, " %.*s", (int)strcspn(path + 2, "/"), path + 2);
	}
	CHECK(v.id.known);
	CHECK_INT(v.id.offset, v.version);
	feed_version_release(&v);
	return text.s;
}

#endif
