/* Schemas of Delta for tests. */
#ifndef WEIR_TESTS_DELTA_FIELD_H
#define WEIR_TESTS_DELTA_FIELD_H

#include "common/data/schema_delta.h"

#define FIELD(name, id) \
	"{\"name\":\"" name "\",\"type\":\"long\",\"nullable\":true,\"metadata\":{\"weir.field.id\":" id "}}"
#define SCHEMA(fields) "{\"type\":\"struct\",\"fields\":[" fields "]}"

/* A schema of one field, whose JSON after the name is REST. */
static inline int read_field(struct schema *s, const char *rest, struct strbuf *err)
{
	struct strbuf json = STRBUF_INIT;

	strbuf_addf(&json, "{\"type\":\"struct\",\"fields\":[{\"name\":\"a\",%s}]}", rest);
	int r = schema_from_delta(s, json.s, json.len, err);
	strbuf_release(&json);
	return r;
}

#endif
