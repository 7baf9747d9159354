/* Members of JSON records: what members.h finds is what json.h finds at the paths of the same names. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/data/members.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = {"a", "b", "", "a b"};

/* The values of the record of LEN bytes at REC are those of M. */
static void compare(struct json *json, const struct members *m, const char *rec, size_t len)
{
	if (json_read(json, rec, len) < 0)
		abort();
	for (size_t i = 0; i < 4; i++) {
		const struct value *a = &m->values[i], *b = &json_values(json)[i];
		if (a->type != b->type || a->raw_len != b->raw_len ||
			(a->raw_len && memcmp(a->raw, b->raw, a->raw_len) != 0) || a->len != b->len ||
			(a->len && memcmp(a->s, b->s, a->len) != 0))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct members m;
	struct json *json;
	const char *rec;
	size_t len;
	int r;
	if (json_new(&json) < 0 || members_init(&m, names, 4) < 0)
		abort();
	for (size_t i = 0; i < 4; i++) {
		struct path path = {
			.steps = &(struct path_step){.name = strdup(names[i]), .len = strlen(names[i])}, .count = 1};
		json_add(json, &path);
		free(path.steps->name);
	}
	char *text = malloc(size + 1);
	memcpy(text, data, size);
	text[size] = '\n';
	members_span(&m, text, size + 1, '\n');
	while ((r = members_next(&m, &rec, &len)) != 0)
		if (r > 0)
			compare(json, &m, rec, len);
	free(text);
	members_release(&m);
	json_free(json);
	return 0;
}
