/* The sum of a table's records: see digest.h. */
#include "digest.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "common/base/sig.h"
#include "common/lake/decode.h"
#include "common/lake/delta_lines.h"
#include "common/lake/delta_snapshot.h"
#include "common/lake/snapshot.h"

/* A table that is read. */
struct digesting {
	struct digest *digest;
	char delim;
	struct strbuf begun; /* a record whose end has not come yet */
	struct decode_count count;
};

static void add_record(struct digest *d, const char *s, size_t len)
{
	XXH128_hash_t hash = XXH3_128bits(s, len);
	d->records++;
	d->sum[0] += hash.low64;
	d->sum[1] += hash.high64;
}

/* A decode_sink: whole records and pieces of them. */
static int add_bytes(void *arg, const char *data, size_t len)
{
	struct digesting *in = arg;
	const char *end = data + len, *stop;
	(void)decode_count_add(&in->count, data, len);
	for (; (stop = memchr(data, in->delim, (size_t)(end - data))); data = stop + 1) {
		if (in->begun.len) {
			strbuf_add(&in->begun, data, (size_t)(stop - data));
			add_record(in->digest, in->begun.s, in->begun.len);
			strbuf_clear(&in->begun);
		} else {
			add_record(in->digest, data, (size_t)(stop - data));
		}
	}
	strbuf_add(&in->begun, data, (size_t)(end - data));
	return sig_stopped() ? -ECANCELED : 0;
}

static int add_raw_file(struct digesting *in, struct store *store, json_t *add, struct strbuf *err)
{
	struct snapshot_file file;
	int r = snapshot_file(add, &file, err);
	if (r < 0)
		return r;
	decode_count_begin(&in->count);
	r = decode_file(store, file.path, file.tag, file.size, add_bytes, in, err);
	if (r == 0)
		r = decode_count_check(&in->count, file.path, file.records, err);
	free(file.path);
	return r;
}

static int add_raw(struct digesting *in, struct log *log, struct strbuf *err)
{
	struct snapshot snapshot;
	int r = snapshot_read(&snapshot, log, err);
	in->count.delim = in->delim = state_delim(log->state);
	in->digest->version = log->version;
	for (void *it = json_object_iter(snapshot.adds); r == 0 && it; it = json_object_iter_next(snapshot.adds, it))
		r = add_raw_file(in, log->store, json_object_iter_value(it), err);
	snapshot_release(&snapshot);
	return r;
}

static int add_delta_file(struct digesting *in, struct delta_lines *rows, json_t *add, struct strbuf *err)
{
	const char *text;
	size_t len;
	int more = 0, r = delta_lines_open(rows, add, err);
	while (r == 0 && (more = delta_lines_next(rows, &text, &len, err)) > 0)
		r = add_bytes(in, text, len);
	return r < 0 ? r : more;
}

static int add_delta(struct digesting *in, struct store *store, const struct store_options *options, struct strbuf *err)
{
	struct delta_snapshot snapshot;
	struct delta_lines *rows = NULL;
	json_t *add;
	int more = 0, r = delta_snapshot_open(&snapshot, store, &AS_OF_NOW, err);
	in->delim = in->count.delim = '\n';
	if (r == 0) {
		in->digest->version = snapshot.version;
		r = delta_lines_new(store, options, snapshot.meta, 0, &rows, err);
	}
	while (r == 0 && (more = delta_snapshot_next(&snapshot, &add, err)) > 0) {
		r = add_delta_file(in, rows, add, err);
		json_decref(add);
	}
	delta_lines_free(rows);
	delta_snapshot_release(&snapshot);
	return r < 0 ? r : more;
}

int digest_table(struct store *store, const struct store_options *options, struct digest *ret, struct strbuf *err)
{
	struct digesting in = {.digest = ret, .begun = STRBUF_INIT};
	struct log log = {0};
	*ret = (struct digest){0};
	int r = log_find_kind(store, &ret->kind, err);
	if (r == 0 && ret->kind == TABLE_DELTA) {
		r = add_delta(&in, store, options, err);
	} else if (r == 0) {
		r = log_open(&log, store, NULL, err);
		if (r == 0 && log.version < 0)
			r = log_missing(&log, err);
		if (r == 0)
			r = add_raw(&in, &log, err);
		log_release(&log);
	}
	strbuf_release(&in.begun);
	return r;
}
