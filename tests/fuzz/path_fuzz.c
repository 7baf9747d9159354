/* Paths: a path that is found is not longer than the text, and is the same when it is parsed alone. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/data/path.h"
#include "common/data/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf err = STRBUF_INIT;
	struct path path, again;
	size_t used, used_again;

	if (path_scan(&path, (const char *)data, size, &used, &err) < 0) {
		if (used > size || err.len == 0)
			abort();
		strbuf_release(&err);
		return 0;
	}
	if (used > size || err.len || path.count > PATH_MAX_STEPS)
		abort();
	if (path_scan(&again, (const char *)data, used, &used_again, &err) < 0 || used != used_again ||
		path.count != again.count)
		abort();
	for (size_t i = 0; i < path.count; i++)
		if (path.steps[i].name && !utf8_valid(path.steps[i].name, path.steps[i].len))
			abort();
	path_release(&path);
	path_release(&again);
	strbuf_release(&err);
	return 0;
}
