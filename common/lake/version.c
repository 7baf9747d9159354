/* Versions in names of files: see version.h. */
#include "common/lake/version.h"

#include <string.h>

#include "common/base/num.h"

int64_t version_parse(const char *s)
{
	char digits[VERSION_DIGITS + 1];
	uint64_t version;
	memcpy(digits, s, VERSION_DIGITS);
	digits[VERSION_DIGITS] = '\0';
	return num_u64(digits, &version) == 0 && version < VERSION_LIMIT ? (int64_t)version : -1;
}
