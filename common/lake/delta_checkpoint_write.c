/* Writing a checkpoint: see delta_checkpoint.h.  Actions pass through the shredder as lines of JSON. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/killpoint.h"
#include "common/data/schema_text.h"
#include "common/lake/delta_checkpoint.h"
#include "common/lake/delta_checkpoint_schema.h"
#include "common/parquet/shred.h"
#include "common/parquet/writer.h"

#define LINES_BYTES (256u << 10) /* bytes that are shredded at once */
#define GROUP_BYTES (16u << 20)  /* bytes of a row group, before compression */

static const char columns[] = DELTA_CHECKPOINT_TABLE DELTA_CHECKPOINT_FILES;

struct delta_checkpoint_out {
	struct schema schema;
	struct pq_codec *codec;
	struct pq_settings settings;
	struct pq_columns *columns;
	struct pq_writer *writer;
	struct shred *shred;
	struct strbuf lines, file;
	uint64_t actions, adds;
};

/* A pq_sink. */
static int to_memory(void *self, const void *data, size_t len, struct strbuf *err)
{
	struct strbuf *file = self;
	if (file->len + len > DELTA_CHECKPOINT_BYTES) {
		strbuf_addf(err, "a checkpoint would have more than %" PRIu64 " MiB", DELTA_CHECKPOINT_BYTES >> 20);
		return -EFBIG;
	}
	strbuf_add(file, data, len);
	return 0;
}

int delta_checkpoint_new(struct delta_checkpoint_out **ret, struct strbuf *err)
{
	const struct pq_codec_spec spec = {.kind = PQ_SNAPPY};
	struct delta_checkpoint_out *out = xcalloc(1, sizeof *out);
	strbuf_init(&out->lines);
	strbuf_init(&out->file);
	schema_init(&out->schema);
	int r = schema_parse_text(&out->schema, columns, strlen(columns), err);
	if (r == 0)
		r = pq_codec_new(&spec, &out->codec, err);
	out->settings = (struct pq_settings){.codec = out->codec};
	if (r == 0)
		r = pq_columns_new(&out->schema, &out->settings, &out->columns, err);
	if (r == 0 && (r = shred_new(&out->schema, SHRED_NEW_IGNORE, &out->shred)) < 0)
		strbuf_addf(err, "cannot write a checkpoint: %s", diag_strerror(r));
	if (r < 0) {
		delta_checkpoint_free(out);
		return r;
	}
	out->writer = pq_writer_new(out->columns, to_memory, &out->file);
	*ret = out;
	return 0;
}

void delta_checkpoint_free(struct delta_checkpoint_out *out)
{
	if (!out)
		return;
	pq_writer_free(out->writer);
	shred_free(out->shred);
	pq_columns_free(out->columns);
	pq_codec_free(out->codec);
	schema_release(&out->schema);
	strbuf_release(&out->lines);
	strbuf_release(&out->file);
	free(out);
}

/* Shred the gathered lines. */
static int shred_lines(struct delta_checkpoint_out *out, struct strbuf *err)
{
	const char *rec;
	size_t len;
	int r = 0, more = 0;
	shred_span(out->shred, out->lines.s, out->lines.len, '\n');
	while (r == 0 && (more = shred_next(out->shred, &rec, &len)) > 0)
		r = shred_put(out->shred, out->columns, err);
	if (r == 0 && more < 0) {
		strbuf_addf(err, "an action cannot be read: %s", diag_strerror(more));
		r = more;
	}
	strbuf_clear(&out->lines);
	if (r == 0 && pq_columns_size(out->columns) >= GROUP_BYTES)
		r = pq_writer_flush(out->writer, out->columns, err);
	return r;
}

int delta_checkpoint_put(struct delta_checkpoint_out *out, const char *name, json_t *action, struct strbuf *err)
{
	char *text = json_dumps(action, JSON_COMPACT);
	if (!text) {
		strbuf_addf(err, "an action '%s' cannot be written as JSON", name);
		return -EILSEQ;
	}
	strbuf_addf(&out->lines, "{\"%s\":", name);
	strbuf_addstr(&out->lines, text);
	strbuf_addstr(&out->lines, "}\n");
	free(text);
	out->actions++;
	out->adds += strcmp(name, "add") == 0;
	return out->lines.len < LINES_BYTES ? 0 : shred_lines(out, err);
}

/*
 * Name the checkpoint of VERSION in `_last_checkpoint`, unless it names a later one.  It is only a hint, so errors are
 * ignored.
 */
static void write_hint(const struct delta_checkpoint_out *out, const struct log *log, int64_t version)
{
	struct strbuf name = STRBUF_INIT, text = STRBUF_INIT, ignored = STRBUF_INIT;
	strbuf_addf(&name, "%s/_last_checkpoint", log->dir);
	strbuf_addf(&text,
		"{\"version\":%" PRId64 ",\"size\":%" PRIu64 ",\"sizeInBytes\":%zu,\"numOfAddFiles\":%" PRIu64 "}\n",
		version, out->actions, out->file.len, out->adds);
	if (delta_checkpoint_hint(log).version < version && store_put(log->store, name.s, &text, &ignored) < 0)
		strbuf_clear(&ignored);
	strbuf_release(&name);
	strbuf_release(&text);
	strbuf_release(&ignored);
}

int delta_checkpoint_finish(
	struct delta_checkpoint_out *out, const struct log *log, int64_t version, struct strbuf *err)
{
	const struct delta_checkpoint which = {version, 1};
	const struct pq_result *result;
	struct strbuf path = STRBUF_INIT, why = STRBUF_INIT;
	int r = shred_lines(out, err);
	if (r == 0)
		r = pq_writer_flush(out->writer, out->columns, err);
	if (r == 0)
		r = pq_writer_finish(out->writer, NULL, 0, &result, err);
	if (r < 0)
		return r;
	delta_checkpoint_path(log, &which, 1, &path);
	KILL_POINT("before-checkpoint");
	r = store_put_if_absent(log->store, path.s, &out->file, &why);
	KILL_POINT("checkpoint-written");
	if (r == 0)
		write_hint(out, log, version);
	else if (r != -EEXIST)
		strbuf_addstr(err, why.s);
	strbuf_release(&path);
	strbuf_release(&why);
	return r == -EEXIST ? 0 : r;
}
