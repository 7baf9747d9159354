/* For unit tests of the files beside a log: tables with one row per commit, and the files beside their logs. */
#ifndef WEIR_TESTS_ROWS_H
#define WEIR_TESTS_ROWS_H

#include "common/lake/snapshot.h"
#include "tests/unit/fake_store.h"

/* Open LOG for a writer that considers a log of a few entries long. */
static inline void open_hasty(struct log *log, struct fake *f)
{
	struct strbuf err = STRBUF_INIT;
	CHECK_INT(log_open(log, &f->base, &lines, &err), 0);
	CHECK_STR(err.s, "");
	log->inventory_every = 4;
	log->keep_ms = 0;
	strbuf_release(&err);
}

static bool without_files; /* named by commits */

/* Commit a file of one row and move partition 0 of t to NEXT, then publish. */
static inline int put_row(struct log *log, int64_t next)
{
	struct strbuf err = STRBUF_INIT;
	char path[64];
	snprintf(path, sizeof path, "part-%08d-0000-4000-8000-000000000000-00000.txt", (int)next);
	struct lake_file file = {.path = path, .size = 1, .records = 1};
	struct lake_file *files[] = {&file};
	struct position p = {.group = "g", .topic = "t", .was = next > 1 ? next - 1 : -1, .next = next};
	struct commit commit = {.positions = &p, .npositions = 1, .files = files, .nfiles = 1};
	struct strbuf row = STRBUF_INIT;
	strbuf_addstr(&row, "x");
	if (!without_files)
		CHECK_INT(store_put(log->store, path, &row, &err), 0);
	strbuf_release(&row);
	int r = log_commit(log, &commit, &err);
	if (r == 0)
		r = log_publish(log, &err);
	strbuf_release(&err);
	return r;
}

/* Commit the rows FROM to TO, one by one, each by its own writer. */
static inline void put_rows(struct fake *f, int64_t from, int64_t to)
{
	for (int64_t i = from; i <= to; i++) {
		struct log log;
		open_hasty(&log, f);
		CHECK_INT(put_row(&log, i), 0);
		log_release(&log);
	}
}

static inline int64_t size_of(struct fake *f, const char *name)
{
	struct strbuf path = STRBUF_INIT, err = STRBUF_INIT;
	uint64_t size;
	strbuf_addf(&path, "%s/%s", LOG_RAW, name);
	int r = store_size(&f->base, path.s, &size, &err);
	strbuf_release(&path);
	strbuf_release(&err);
	return r < 0 ? r : (int64_t)size;
}

static inline int64_t entry_size(struct fake *f, int64_t version)
{
	char name[64];
	snprintf(name, sizeof name, "%020d.json", (int)version);
	return size_of(f, name);
}

/* The number of files of KIND beside the log. */
static inline size_t beside(struct fake *f, const char *kind)
{
	struct names names = {0};
	struct strbuf err = STRBUF_INIT;
	size_t count = 0;
	CHECK_INT(store_list(&f->base, LOG_RAW, &names, &err), 0);
	for (size_t i = 0; i < names.count; i++)
		count += strncmp(names.items[i], kind, strlen(kind)) == 0;
	names_release(&names);
	strbuf_release(&err);
	return count;
}

/* The rows that a reader that uses the log sees at the head of LOG. */
static inline size_t rows(struct log *log)
{
	struct snapshot s;
	struct strbuf err = STRBUF_INIT;
	CHECK_INT(snapshot_read(&s, log, &err), 0);
	CHECK_STR(err.s, "");
	size_t count = json_object_size(s.adds);
	snapshot_release(&s);
	strbuf_release(&err);
	return count;
}

/* The path, in the table's own directory, of the only file of KIND beside the log. */
static inline char *only(struct fake *f, const char *kind)
{
	struct names names = {0};
	struct strbuf err = STRBUF_INIT, path = STRBUF_INIT;
	CHECK_INT(store_list(&f->base, LOG_RAW, &names, &err), 0);
	for (size_t i = 0; i < names.count; i++)
		if (strncmp(names.items[i], kind, strlen(kind)) == 0)
			strbuf_addf(&path, "%s/%s/%s", f->base.url, LOG_RAW, names.items[i]);
	names_release(&names);
	strbuf_release(&err);
	return strbuf_detach(&path);
}

#endif
