/* Random UUIDs: see uuid.h. */
#include "common/base/uuid.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "common/base/ascii.h"
#include "common/base/diag.h"

int uuid_new(char ret[UUID_LEN + 1], struct strbuf *err)
{
	unsigned char b[16];
	ssize_t n;
	do
		n = getrandom(b, sizeof b, 0);
	while (n < 0 && errno == EINTR);
	if (n != (ssize_t)sizeof b) {
		int r = n < 0 ? -errno : -EIO;
		strbuf_addf(err, "cannot get random numbers: %s", diag_strerror(r));
		return r;
	}
	b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
	char *p = ret;
	for (unsigned i = 0; i < sizeof b; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*p++ = '-';
		p = ascii_put_hex(p, &b[i], 1);
	}
	*p = '\0';
	return 0;
}

bool uuid_begins(const char *s)
{
	for (size_t i = 0; i < UUID_LEN; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		if (!s[i] || (dash ? s[i] != '-' : !strchr("0123456789abcdef", s[i])))
			return false;
	}
	return true;
}

bool uuid_is(const char *s)
{
	return strlen(s) == UUID_LEN && uuid_begins(s);
}
