/* For unit tests of the checkpoints of Delta tables: a table, files in its log, and checkpoints of it. */
#ifndef WEIR_TESTS_DELTA_CHECKPOINTS_H
#define WEIR_TESTS_DELTA_CHECKPOINTS_H

#include <string.h>

#include "common/lake/delta_checkpoint.h"
#include "tests/unit/delta_log.h"

#define WRITE "{\"commitInfo\":{\"operation\":\"WRITE\"}}\n"
#define ADD(path)                                                                            \
	"{\"add\":{\"path\":\"" path                                                         \
	"\",\"partitionValues\":{\"d\":\"1\",\"e\":null},\"size\":5,\"modificationTime\":6," \
	"\"dataChange\":true,\"stats\":\"{\\\"numRecords\\\":1}\",\"tags\":{\"a\":\"b\"}}}\n"
#define REMOVE(path, ms) "{\"remove\":{\"path\":\"" path "\",\"deletionTimestamp\":" ms ",\"dataChange\":true}}\n"
#define LATER            "9999999999999" /* in the year 2286 */

/* Write the file NAME of F's log, or remove it if DATA is NULL. */
static inline void put_file(struct fake *f, const char *name, const struct strbuf *data)
{
	struct strbuf path = STRBUF_INIT, err = STRBUF_INIT;
	strbuf_addf(&path, LOG_DELTA "/%s", name);
	CHECK_INT(data ? store_put(&f->base, path.s, data, &err) : store_remove(&f->base, path.s, &err), 0);
	strbuf_release(&path);
	strbuf_release(&err);
}

static inline void get_file(struct fake *f, const char *name, struct strbuf *ret)
{
	struct strbuf path = STRBUF_INIT, err = STRBUF_INIT;
	strbuf_addf(&path, LOG_DELTA "/%s", name);
	CHECK_INT(store_get(&f->base, path.s, 1 << 20, ret, &err), 0);
	strbuf_release(&path);
	strbuf_release(&err);
}

/* A new table: version 0 by us, with position 10, and an id in version 1. */
static inline struct fake *begin(struct log *log, struct strbuf *err)
{
	struct fake *f = open_fake(++tables);
	struct commit commit = {.id = "file 1"};
	CHECK_INT(log_open(log, &f->base, &delta_table, err), 0);
	CHECK_INT(delta_commit(log, -1, 10, true, err), 0);
	CHECK_INT(log_commit(log, &commit, err), 0);
	return f;
}

static inline void end(struct fake *f, struct log *log)
{
	log_release(log);
	store_close(&f->base);
}

/* Make a checkpoint, and check R and the beginnings of PASSED and WHY. */
static inline void check_make(struct log *log, int r, const char *passed, const char *why)
{
	struct strbuf told = STRBUF_INIT, err = STRBUF_INIT;
	CHECK_INT(log_refresh(log, &err), 0);
	CHECK_INT(delta_checkpoint_make(log, &told, &err), r);
	CHECK(*passed ? strstr(told.s, passed) != NULL : !told.len);
	CHECK(*why ? strstr(err.s, why) != NULL : !err.len);
	if ((*passed && !strstr(told.s, passed)) || (*why && !strstr(err.s, why)) || (!*why && err.len))
		printf("# told '%s', err '%s'\n", told.s, err.s);
	strbuf_release(&told);
	strbuf_release(&err);
}

static inline void damage(struct fake *f, const char *name)
{
	struct strbuf data = STRBUF_INIT;
	get_file(f, name, &data);
	memset(data.s + 4, 0xff, data.len / 3);
	put_file(f, name, &data);
	strbuf_release(&data);
}

#endif
