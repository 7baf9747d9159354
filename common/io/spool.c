/* Holds a batch until it is complete: see spool.h. */
#include "common/io/spool.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "common/io/file.h"

int spool_open(struct spool *s, uint64_t limit)
{
	*s = (struct spool){.limit = limit};
	int fd = memfd_create("weir-each", MFD_CLOEXEC);
	if (fd < 0)
		return -errno;
	outbuf_init(&s->out, fd, "the spool");
	return 0;
}

/* Continue in a file: move there what is in memory. */
static int move_to_disk(struct spool *s)
{
	int r = outbuf_flush(&s->out);
	if (r < 0)
		return r;
	int fd = file_unnamed("weir-each");
	if (fd < 0)
		return fd;
	off_t from = 0;
	off_t end = lseek(s->out.fd, 0, SEEK_END);
	while (from < end) {
		ssize_t n = sendfile(fd, s->out.fd, &from, (size_t)(end - from));
		if (n <= 0 && errno != EINTR) {
			r = n < 0 ? -errno : -EIO;
			close(fd);
			return r;
		}
	}
	close(s->out.fd);
	s->out.fd = fd;
	s->on_disk = true;
	return 0;
}

int spool_write(struct spool *s, const char *data, size_t len)
{
	s->size += len;
	if (s->size > s->limit && !s->on_disk) {
		int r = move_to_disk(s);
		if (r < 0)
			return r;
	}
	return outbuf_write(&s->out, data, len);
}

int spool_rewind(struct spool *s)
{
	int r = outbuf_flush(&s->out);
	if (!r && lseek(s->out.fd, 0, SEEK_SET) < 0)
		r = -errno;
	return r;
}

void spool_release(struct spool *s)
{
	if (s->out.buf)
		close(s->out.fd);
	outbuf_release(&s->out);
}
