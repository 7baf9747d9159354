/* A reader of JSON records for unit tests. */
#ifndef WEIR_TESTS_JSON_READER_H
#define WEIR_TESTS_JSON_READER_H

#include "common/data/json.h"
#include "tests/unit/check.h"

/* A reader of these paths; freed by json_free(). */
static struct json *reader(const char *const *paths, size_t count)
{
	struct json *j = NULL;
	struct strbuf err = STRBUF_INIT;

	CHECK_INT(json_new(&j), 0);
	for (size_t i = 0; i < count; i++) {
		struct path path;
		CHECK_INT(path_init(&path, paths[i], &err), 0);
		CHECK_INT(json_add(j, &path), i);
		path_release(&path);
	}
	strbuf_release(&err);
	return j;
}

#endif
