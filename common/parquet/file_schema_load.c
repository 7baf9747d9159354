/* The schema of a Parquet file that is named: see file_schema.h. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/data/schema_text.h"
#include "common/parquet/file_schema.h"

#define MAGIC_LEN  4
#define TAIL_LEN   8 /* the footer's length and the magic */
#define FOOTER_MAX (256u << 20)

/* Append LEN bytes at OFFSET of FD to RET.  0, -EBADMSG when they are not there, or -errno. */
static int read_at(int fd, uint64_t offset, size_t len, struct strbuf *ret)
{
	char *p = strbuf_grow(ret, len);
	for (size_t done = 0; done < len;) {
		ssize_t n = pread(fd, p + done, len - done, (off_t)(offset + done));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EBADMSG;
		done += (size_t)n;
	}
	strbuf_extend(ret, len);
	return 0;
}

/* FD is a regular file of SIZE bytes: 1 and its footer, with the bytes after it, in RET; 0: it is not a Parquet file.
 */
static int read_footer(int fd, uint64_t size, struct strbuf *ret, struct strbuf *err)
{
	struct strbuf ends = STRBUF_INIT;
	uint32_t len = 0;
	int r = size < MAGIC_LEN + TAIL_LEN ? 0 : read_at(fd, 0, MAGIC_LEN, &ends);
	bool parquet = ends.len && memcmp(ends.s, "PAR1", MAGIC_LEN) == 0;
	if (r == 0 && parquet)
		r = read_at(fd, size - TAIL_LEN, TAIL_LEN, &ends);
	if (r == 0 && parquet && memcmp(ends.s + TAIL_LEN, "PAR1", MAGIC_LEN) == 0)
		memcpy(&len, ends.s + MAGIC_LEN, 4);
	strbuf_release(&ends);
	if (r < 0 || !parquet)
		return r;
	if (len == 0 || len > size - MAGIC_LEN - TAIL_LEN) {
		strbuf_addstr(err, "the Parquet file has no footer: it is cut");
		return -EBADMSG;
	}
	if (len > FOOTER_MAX) {
		strbuf_addf(err, "the footer has %u bytes", (unsigned)len);
		return -EFBIG;
	}
	r = read_at(fd, size - TAIL_LEN - len, len, ret);
	return r < 0 ? r : 1;
}

static int load(int fd, struct schema *ret, struct strbuf *err)
{
	struct strbuf footer = STRBUF_INIT;
	struct pq_file *file = NULL;
	struct stat st;
	int r = fstat(fd, &st) < 0 ? -errno : 1;
	if (r > 0)
		r = S_ISREG(st.st_mode) ? read_footer(fd, (uint64_t)st.st_size, &footer, err) : 0;
	if (r > 0)
		r = pq_footer_open(footer.s, footer.len, (size_t)st.st_size - TAIL_LEN - footer.len, &file, err);
	if (file) {
		r = pq_file_schema(file, ret, err);
		r = r < 0 ? r : 1;
		pq_file_free(file);
	}
	strbuf_release(&footer);
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
		strbuf_addf(err, "cannot be read: %s", diag_strerror(r));
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
