/* Z85: see z85.h. */
#include "common/data/z85.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

int z85_decode(void *dst, const char *s, size_t len)
{
	unsigned char *to = dst;
	if (len % 5)
		return -EINVAL;
	for (; len; s += 5, len -= 5) {
		uint64_t n = 0;
		for (int i = 0; i < 5; i++) {
			const char *digit = s[i] ? strchr(digits, s[i]) : NULL;
			if (!digit)
				return -EINVAL;
			n = 85 * n + (uint64_t)(digit - digits);
		}
		if (n > UINT32_MAX)
			return -EINVAL;
		for (int shift = 24; shift >= 0; shift -= 8)
			*to++ = (unsigned char)(n >> shift);
	}
	return 0;
}
