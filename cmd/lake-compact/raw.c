/*
 * Putting the files of a raw table together.
 *
 * A compressed file is one or more frames, which every reader of it concatenates, so files can be put together as they
 * are.  Only small frames are decompressed: put together they compress better.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/killpoint.h"
#include "common/base/sig.h"
#include "common/lake/codec.h"
#include "common/lake/decode.h"
#include "compact.h"
#include "plan.h"

#define PIECE (1u << 20)  /* bytes that are copied at once */
#define SMALL (64u << 10) /* compressed files up to this size are compressed again */

struct raw {
	struct compact *c;
	struct codec *codec; /* of the suffix KIND; NULL: none yet */
	enum codec_kind kind;
	struct made_file **made; /* in the order of the bins */
	struct lake_file **files;
	size_t count, cap;
};

static int raw_begin(struct compact *c, void **ret, struct strbuf *err)
{
	(void)err;
	struct raw *raw = *ret = xcalloc(1, sizeof *raw);
	raw->c = c;
	return 0;
}

static void raw_end(void *self)
{
	struct raw *raw = self;
	for (size_t i = 0; i < raw->count; i++) {
		store_stage_free(raw->made[i]->stage);
		free(raw->made[i]->file.path);
		free(raw->made[i]);
	}
	codec_free(raw->codec);
	free(raw->made);
	free(raw->files);
	free(raw);
}

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);
	return n >= m && strcmp(s + n - m, end) == 0;
}

static enum codec_kind kind_of(const char *path)
{
	return ends_with(path, ".gz") ? CODEC_GZIP : ends_with(path, ".zst") ? CODEC_ZSTD : CODEC_NONE;
}

/* A file with the directory and the suffix of FIRST, which belongs to RAW. */
static struct made_file *add_made(struct raw *raw, const struct table_file *first)
{
	struct made_file *made = xcalloc(1, sizeof *made);
	struct strbuf path = STRBUF_INIT;
	const char *slash = strrchr(first->path, '/'), *name = slash ? slash + 1 : first->path;
	strbuf_add(&path, first->path, (size_t)(name - first->path));
	strbuf_addf(&path, "part-%s-%05zu%s", raw->c->uuid, raw->c->made++, name + strcspn(name, "."));
	made->file.path = strbuf_detach(&path);
	made->file.values = first->values;
	if (raw->count == raw->cap) {
		raw->cap = raw->cap ? 2 * raw->cap : 16;
		raw->made = xreallocarray(raw->made, raw->cap, sizeof(struct made_file *));
	}
	raw->made[raw->count++] = made;
	return made;
}

/* --- one file into another ---------------------------------------------------------------------------------------- */

/* What is copied where. */
struct copy {
	struct raw *raw;
	struct made_file *made;
	struct decode_count count;
	struct strbuf *err;
};

static int to_stage(void *arg, const void *data, size_t len, struct strbuf *err)
{
	struct copy *copy = arg;
	return store_append(copy->raw->c->store, copy->made->stage, data, len, err);
}

/* A decode_sink. */
static int compress(void *arg, const char *data, size_t len)
{
	struct copy *copy = arg;
	(void)decode_count_add(&copy->count, data, len);
	return codec_write(copy->raw->codec, data, len, to_stage, copy, copy->err);
}

static int end_frame(struct copy *copy, struct strbuf *err)
{
	return copy->raw->codec ? codec_end(copy->raw->codec, to_stage, copy, err) : 0;
}

/* Decompress FILE and compress it again. */
static int put_records(struct copy *copy, const struct table_file *file, struct strbuf *err)
{
	struct raw *raw = copy->raw;
	struct codec_spec spec;
	int r = 0;
	if (raw->codec && raw->kind != kind_of(file->path)) {
		codec_free(raw->codec);
		raw->codec = NULL;
	}
	raw->kind = kind_of(file->path);
	if (!raw->codec && (r = codec_parse(raw->kind == CODEC_GZIP ? "gzip" : "zstd", &spec, err)) == 0)
		r = codec_new(&spec, &raw->codec, err);
	if (r < 0)
		return r;
	copy->err = err;
	copy->count.delim = state_delim(raw->c->log.state);
	decode_count_begin(&copy->count);
	r = decode_file(raw->c->store, file->path, NULL, file->size, compress, copy, err);
	return r < 0 ? r : decode_count_check(&copy->count, file->path, file->records, err);
}

/* Append the bytes of FILE as they are. */
static int put_bytes(struct copy *copy, const struct table_file *file, struct strbuf *err)
{
	struct store *store = copy->raw->c->store;
	char *buf = xmalloc(PIECE);
	uint64_t pos = 0;
	int n = 0, r = end_frame(copy, err);
	while (r == 0 && (n = store_read(store, file->path, NULL, pos, buf, PIECE, err)) > 0) {
		r = to_stage(copy, buf, (size_t)n, err);
		pos += (uint64_t)n;
	}
	free(buf);
	r = r < 0 ? r : n == -ENOENT ? -EBADMSG : n;
	if (r == 0 && pos != file->size) {
		strbuf_addf(err, "'%s' has %" PRIu64 " bytes, but the log says %" PRIu64, file->path, pos, file->size);
		r = -EBADMSG;
	}
	return r;
}

static int raw_bin(void *self, const struct plan_bin *bin, struct strbuf *err)
{
	struct raw *raw = self;
	const struct table_file *files = raw->c->files;
	struct made_file *made = add_made(raw, &files[bin->files[0]]);
	struct copy copy = {.raw = raw, .made = made};
	int r = store_stage(raw->c->store, made->file.path, &made->stage, err);
	for (size_t i = 0; r == 0 && i < bin->count; i++) {
		const struct table_file *file = &files[bin->files[i]];
		bool again = kind_of(file->path) != CODEC_NONE && file->size <= SMALL;
		r = again ? put_records(&copy, file, err) : put_bytes(&copy, file, err);
		made->file.records += (uint64_t)file->records;
		if (file->modified_ms > made->file.newest_ms)
			made->file.newest_ms = file->modified_ms;
		if (r == 0 && sig_stopped())
			r = -ECANCELED;
	}
	if (r == 0)
		r = end_frame(&copy, err);
	if (r == 0)
		r = store_seal(raw->c->store, made->stage, err);
	if (r == 0) {
		made->file.size = made->stage->size;
		made->file.began_ms = made->stage->began_ms;
	}
	return r;
}

static int raw_finish(void *self, struct lake_file ***ret_files, size_t *ret_count, struct strbuf *err)
{
	struct raw *raw = self;
	int r = store_sync(raw->c->store, err);
	KILL_POINT("staged");
	raw->files = xcalloc(raw->count + 1, sizeof *raw->files);
	for (size_t i = 0; i < raw->count; i++) {
		raw->files[i] = &raw->made[i]->file;
		raw->files[i]->tag = raw->made[i]->stage->tag;
	}
	*ret_files = raw->files;
	*ret_count = raw->count;
	return r;
}

static int raw_discard(void *self, struct strbuf *err)
{
	struct raw *raw = self;
	struct strbuf later = STRBUF_INIT;
	int first = 0;
	for (size_t i = 0; i < raw->count; i++) {
		int r = raw->made[i]->stage
				? store_discard(raw->c->store, raw->made[i]->stage->tag, first ? &later : err)
				: 0;
		first = first ? first : r;
	}
	strbuf_release(&later);
	return first;
}

const struct rewriter raw_rewriter = {
	.begin = raw_begin, .bin = raw_bin, .finish = raw_finish, .discard = raw_discard, .end = raw_end};
