/* Parquet files in memory: see reader.h. */
#include "common/parquet/reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/parquet/reader_impl.h"

#define MAGIC_LEN 4

int pq_footer_len(const void *tail, uint64_t size, size_t *ret, struct strbuf *err)
{
	const unsigned char *bytes = tail;
	uint32_t footer;
	if (size >= MAGIC_LEN + PQ_TAIL && memcmp(bytes + PQ_TAIL - MAGIC_LEN, "PARE", MAGIC_LEN) == 0) {
		strbuf_addstr(err, "it is an encrypted Parquet file, which is not read");
		return -EBADMSG;
	}
	if (size < MAGIC_LEN + PQ_TAIL || memcmp(bytes + PQ_TAIL - MAGIC_LEN, "PAR1", MAGIC_LEN) != 0) {
		strbuf_addstr(err, "it is not a Parquet file, or is cut");
		return -EBADMSG;
	}
	memcpy(&footer, bytes, 4);
	if (footer > size - MAGIC_LEN - PQ_TAIL) {
		strbuf_addstr(err, "the footer is longer than the file");
		return -EBADMSG;
	}
	*ret = footer;
	return 0;
}

int pq_footer_open(const void *footer, size_t len, size_t before, struct pq_file **ret, struct strbuf *err)
{
	struct pq_file *file = xcalloc(1, sizeof *file);
	file->len = before;
	int r = pq_footer_read(file, footer, len, err);
	if (r < 0) {
		pq_file_free(file);
		return r;
	}
	*ret = file;
	return 0;
}

int pq_footer_keep(const void *footer, size_t len, size_t before, struct pq_file **ret, struct strbuf *err)
{
	unsigned char *kept = xmalloc(len);
	memcpy(kept, footer, len);
	int r = pq_footer_open(kept, len, before, ret, err);
	if (r < 0)
		free(kept);
	else
		(*ret)->kept = kept;
	return r;
}

int pq_file_open(const void *data, size_t len, struct pq_file **ret, struct strbuf *err)
{
	const unsigned char *bytes = data;
	size_t footer, before;
	if (len < MAGIC_LEN + PQ_TAIL || memcmp(bytes, "PAR1", MAGIC_LEN) != 0) {
		strbuf_addstr(err, "it is not a Parquet file, or is cut");
		return -EBADMSG;
	}
	int r = pq_footer_len(bytes + len - PQ_TAIL, len, &footer, err);
	if (r < 0)
		return r;
	before = len - PQ_TAIL - footer;
	r = pq_footer_open(bytes + before, footer, before, ret, err);
	if (r == 0)
		(*ret)->data = bytes;
	return r;
}

void pq_file_free(struct pq_file *file)
{
	if (!file)
		return;
	for (size_t i = 0; i < file->count; i++)
		free(file->elements[i].name);
	for (size_t i = 0; i < file->leaves; i++)
		free(file->leaf[i].path);
	for (size_t i = 0; i < file->groups; i++)
		free(file->group[i].chunks);
	for (size_t i = 0; i < file->pairs; i++) {
		free(file->metadata[i].key);
		free(file->metadata[i].value);
	}
	free(file->elements);
	free(file->leaf);
	free(file->group);
	free(file->metadata);
	free(file->created_by);
	free(file->kept);
	free(file);
}

int pq_file_find(const struct pq_file *file, const char *path)
{
	for (size_t i = 0; i < file->leaves; i++)
		if (strcmp(file->leaf[i].path, path) == 0)
			return (int)i;
	return -1;
}
