/* Memory with secrets: see secret.h. */
#include "common/lake/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

void secret_free(char *s)
{
	if (s)
		OPENSSL_cleanse(s, strlen(s));
	free(s);
}

void secret_release(struct strbuf *b)
{
	if (b->cap)
		OPENSSL_cleanse(b->s, b->cap);
	strbuf_release(b);
}

void secret_add(struct strbuf *b, const void *data, size_t len)
{
	if (b->len + len + 1 > b->cap) {
		struct strbuf larger = STRBUF_INIT;
		strbuf_grow(&larger, 2 * b->len + len);
		strbuf_add(&larger, b->s, b->len);
		secret_release(b);
		*b = larger;
	}
	strbuf_add(b, data, len);
}

void secret_addstr(struct strbuf *b, const char *s)
{
	secret_add(b, s, strlen(s));
}

static bool is_null_device(const struct stat *st)
{
	return S_ISCHR(st->st_mode) && st->st_rdev == makedev(1, 3);
}

/* Append the contents of FD, at most MAX bytes. */
static int read_all(int fd, size_t max, struct strbuf *ret)
{
	char buf[4096];
	size_t sum = 0;
	ssize_t n;
	int r = 0;
	while (r == 0 && (n = read(fd, buf, sizeof buf)) != 0) {
		if (n < 0) {
			r = errno == EINTR ? 0 : -errno;
		} else if ((sum += (size_t)n) > max) {
			r = -EMSGSIZE;
		} else {
			secret_add(ret, buf, (size_t)n);
		}
	}
	OPENSSL_cleanse(buf, sizeof buf);
	return r;
}

int secret_read(const char *path, size_t max, struct strbuf *ret)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return errno == ENXIO ? -EINVAL : -errno; /* a socket */
	int r = fstat(fd, &st) < 0 ? -errno : 0;
	if (r == 0 && !S_ISREG(st.st_mode) && !is_null_device(&st))
		r = -EINVAL;
	if (r == 0)
		r = read_all(fd, max, ret);
	close(fd);
	return r;
}
