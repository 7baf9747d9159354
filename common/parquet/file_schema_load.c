/* The schema of a Parquet file that is named: see file_schema.h. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/whole.h"
#include "common/data/schema_text.h"
#include "common/parquet/file_schema.h"
#include "common/parquet/source.h"

#define MAGIC_LEN 4

/* Whether SOURCE begins as Parquet files do: 1, 0, or an error. */
static int is_parquet(const struct pq_source *source, struct strbuf *err)
{
	char magic[MAGIC_LEN];
	if (source->size < MAGIC_LEN + PQ_TAIL)
		return 0;
	int r = source->read(source->arg, 0, magic, sizeof magic, err);
	return r < 0 ? r : memcmp(magic, "PAR1", sizeof magic) == 0;
}

static int load(int fd, struct schema *ret, struct strbuf *err)
{
	struct pq_file *file = NULL;
	struct stat st;
	if (fstat(fd, &st) < 0)
		return -errno;
	const struct pq_source source = {.read = pq_source_pread, .arg = &fd, .size = (uint64_t)st.st_size};
	int r = S_ISREG(st.st_mode) ? is_parquet(&source, err) : 0;
	if (r > 0)
		r = pq_source_open(&source, &file, err);
	if (file) {
		r = pq_file_schema(file, ret, err);
		r = r < 0 ? r : 1;
		pq_file_free(file);
	}
	return r;
}

int pq_schema_load(const char *path, struct schema *ret, struct strbuf *err)
{
	size_t before = err->len;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a FIFO would wait for its writer */
	int r = fd < 0 ? -errno : load(fd, ret, err);
	if (fd >= 0 && close(fd) < 0 && r > 0) {
		schema_release(ret);
		r = -errno;
	}
	if (r < 0 && err->len == before)
		strbuf_addf(err, "cannot be read: %s", whole_strerror(r));
	return r;
}

int pq_schema_option(const char *value, void *dest, struct strbuf *err)
{
	struct schema read;
	struct strbuf why = STRBUF_INIT;
	int r = *value == '@' && strcmp(value, "@-") != 0 ? pq_schema_load(value + 1, &read, &why) : 0;
	if (r > 0) {
		schema_release(dest);
		*(struct schema *)dest = read;
	} else if (r == -EINVAL || r == -EBADMSG || r == -EFBIG) {
		strbuf_addf(err, "is not a schema: %s", why.s);
		r = -EINVAL;
	} else { /* a text, or what schema_parse_option() says of it */
		r = schema_parse_option(value, dest, err);
	}
	strbuf_release(&why);
	return r > 0 ? 0 : r;
}
