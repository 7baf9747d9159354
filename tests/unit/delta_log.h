/* For unit tests of the log of a Delta table: commits by us and by others. */
#ifndef WEIR_TESTS_DELTA_LOG_H
#define WEIR_TESTS_DELTA_LOG_H

#include <inttypes.h>

#include "tests/unit/fake_store.h"

#define TABLE_ID "11111111-2222-4333-8444-555555555555"
#define PROTOCOL "{\"protocol\":{\"minReaderVersion\":1,\"minWriterVersion\":2}}\n"
#define METADATA                                                                                        \
	"{\"metaData\":{\"id\":\"" TABLE_ID "\",\"format\":{\"provider\":\"parquet\",\"options\":{}},"  \
	"\"schemaString\":\"{\\\"type\\\":\\\"struct\\\",\\\"fields\\\":[]}\",\"partitionColumns\":[]," \
	"\"configuration\":{},\"createdTime\":1}}\n"

static const struct table delta_table = {.kind = TABLE_DELTA, .delim = '\n'};

/* The action NAME from one of the lines above; owned by the caller. */
static inline json_t *action_of(const char *line, const char *name)
{
	json_t *object = json_loads(line, 0, NULL), *action = json_incref(json_object_get(object, name));
	json_decref(object);
	return action;
}

/* Commit a move of partition 0 of t from WAS to NEXT; CREATE: with the table's first actions. */
static inline int delta_commit(struct log *log, int64_t was, int64_t next, bool create, struct strbuf *err)
{
	struct position p = {.group = "g", .topic = "t", .was = was, .next = next};
	json_t *protocol = action_of(PROTOCOL, "protocol"), *meta = action_of(METADATA, "metaData");
	struct commit commit = {.positions = &p,
		.npositions = 1,
		.protocol = create ? protocol : NULL,
		.meta = create ? meta : NULL,
		.meta_version = create ? -1 : log->delta.version};
	strbuf_clear(err);
	int r = log_commit(log, &commit, err);
	json_decref(protocol);
	json_decref(meta);
	return r;
}

/* A foreign writer commits TEXT, lines of actions, as VERSION. */
static inline void foreign(struct fake *f, int64_t version, const char *text)
{
	struct strbuf path = STRBUF_INIT, data = STRBUF_INIT, err = STRBUF_INIT;
	strbuf_addf(&path, LOG_DELTA "/%020" PRId64 ".json", version);
	strbuf_addstr(&data, text);
	CHECK_INT(store_put(&f->base, path.s, &data, &err), 0);
	CHECK_STR(err.s, "");
	strbuf_release(&path);
	strbuf_release(&data);
	strbuf_release(&err);
}

/* Others remove the entry VERSION. */
static inline void clean_entry(struct fake *f, int64_t version)
{
	struct strbuf path = STRBUF_INIT, err = STRBUF_INIT;
	strbuf_addf(&path, LOG_DELTA "/%020" PRId64 ".json", version);
	CHECK_INT(store_remove(&f->base, path.s, &err), 0);
	strbuf_release(&path);
	strbuf_release(&err);
}

#endif
