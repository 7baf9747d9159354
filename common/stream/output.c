/* Standard output: see output.h. */
#include "common/stream/output.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

void output_open(struct output *o)
{
	struct stat st;
	int fd = -1;
	if (fstat(STDOUT_FILENO, &st) == 0 && S_ISFIFO(st.st_mode))
		fd = open("/proc/self/fd/1", O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	*o = (struct output){.copied = fd >= 0};
	outbuf_init(&o->out, o->copied ? fd : STDOUT_FILENO, "standard output");
	outbuf_color(&o->out);
}

char *output_reserve(struct output *o, size_t size)
{
	return outbuf_room(&o->out, size);
}

void output_commit(struct output *o, size_t len)
{
	outbuf_commit(&o->out, len);
}

void output_add(struct output *o, const void *data, size_t len)
{
	memcpy(outbuf_room(&o->out, len), data, len);
	outbuf_commit(&o->out, len);
}

bool output_full(const struct output *o)
{
	return o->out.len >= o->out.chunk;
}

int output_push(struct output *o)
{
	return outbuf_push(&o->out);
}

bool output_has_reader(const struct output *o)
{
	int unread;
	if (o->out.fd < 0)
		return true;
	return !o->out.len && ioctl(o->out.fd, FIONREAD, &unread) == 0 && !unread;
}

int output_close(struct output *o)
{
	if (o->out.fd < 0)
		return 0;
	int r = outbuf_close(&o->out);
	o->out.fd = -1; /* there is nothing to poll for */
	if (o->copied && close(STDOUT_FILENO) < 0 && !r && errno != EINTR)
		r = -errno;
	return r;
}
