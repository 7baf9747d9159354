/* What refusals mean: see remote_meaning.h. */
#include "common/lake/remote_meaning.h"

#include <errno.h>
#include <string.h>

const struct remote_meaning *remote_meaning(const struct remote_meaning *known, size_t n, const char *code, int status)
{
	static const struct remote_meaning refused = {"", EACCES, ""}, absent = {"", ENOENT, ""},
					   full = {"", ENOSPC, ""}, temporary = {"", EAGAIN, ""},
					   other = {"", EINVAL, ""};
	for (size_t i = 0; i < n; i++)
		if (strcmp(code, known[i].code) == 0)
			return &known[i];
	switch (status) {
	case 401:
	case 403:
		return &refused;
	case 404:
		return &absent;
	case 507:
		return &full;
	case 408:
	case 429:
		return &temporary;
	default:
		return status >= 500 ? &temporary : &other;
	}
}
