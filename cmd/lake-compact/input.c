/* Reading Parquet files: see input.h. */
#include "input.h"

#include <errno.h>
#include <string.h>

#define WHOLE_BYTES (UINT64_C(8) << 20) /* files up to this size are read at once */

static int damaged(const struct input_file *in, const char *why, struct strbuf *err)
{
	strbuf_addf(err, "'%s/%s' is damaged: %s", in->store->url, in->path, why);
	return -EBADMSG;
}

/* As the callback of struct pq_source; ARG is a struct input_file. */
static int read_at(void *arg, uint64_t at, void *to, size_t n, struct strbuf *err)
{
	struct input_file *in = arg;
	if (in->data.len) {
		memcpy(to, in->data.s + at, n); /* the reader asks for nothing beyond the source's size */
		return 0;
	}
	int r = store_read_sized(in->store, in->path, in->source.size, at, to, n, err);
	return r == -ENOENT ? -EBADMSG : r;
}

int input_open(
	struct input_file *in, struct store *store, const char *path, uint64_t size, bool footer, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	*in = (struct input_file){.store = store, .path = path, .data = STRBUF_INIT};
	in->source = (struct pq_source){.read = read_at, .arg = in, .size = size};
	int r = 0;
	if (size <= WHOLE_BYTES && size && !footer) {
		struct strbuf data = STRBUF_INIT;
		r = read_at(in, 0, strbuf_grow(&data, (size_t)size), (size_t)size, err);
		strbuf_extend(&data, r == 0 ? (size_t)size : 0);
		in->data = data;
	}
	if (r == 0 && (r = pq_source_open(&in->source, &in->file, &why)) == -EBADMSG)
		damaged(in, why.s, err);
	else
		strbuf_addstr(err, why.len ? why.s : "");
	strbuf_release(&why);
	return r;
}

void input_close(struct input_file *in)
{
	pq_file_free(in->file);
	strbuf_release(&in->data);
	*in = (struct input_file){0};
}
