/* Hashing: see hash.h. */
#include "common/base/hash.h"

#include <errno.h>
#include <sys/random.h>

int hash_seed_random(struct hash_seed *ret_seed)
{
	struct hash_seed seed;
	ssize_t n;
	do
		n = getrandom(&seed, sizeof seed, 0);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	*ret_seed = seed; /* requests of up to 256 bytes are never cut short */
	return 0;
}
