/* Counting a byte: see count.h. */
#include "common/base/count.h"

#include <string.h>

/*
 * Calling memchr(3) for each hit costs 5 to 10 ns a call; this loop runs at the speed of memory for short records, too.
 * (The vector is an extension of GCC and clang.)
 */
uint64_t count_bytes(const char *s, size_t len, char c)
{
	typedef signed char vector __attribute__((vector_size(16)));
	uint64_t n = 0;
	while (len >= 16) {
		size_t rounds = len / 16 < 127 ? len / 16 : 127;
		vector sum = {0}, v;
		len -= rounds * 16;
		for (; rounds; rounds--, s += 16) {
			memcpy(&v, s, sizeof v);
			sum -= v == c; /* a lane that is true has the value -1 */
		}
		for (int i = 0; i < 16; i++)
			n += (unsigned char)sum[i];
	}
	for (; len; len--, s++)
		n += *s == c;
	return n;
}
