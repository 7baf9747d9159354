/* Keys and values that are JSON: see json_part.h. */
#include "json_part.h"

#include <errno.h>

#include "common/kafka/metadata.h"

static void want(struct json *json, const char *path)
{
	struct strbuf err = STRBUF_INIT;
	struct path parsed;
	if (path_init(&parsed, path, &err) < 0)
		die(EXIT_BUG, "%s", err.s);
	(void)json_add(json, &parsed);
	path_release(&parsed);
	strbuf_release(&err);
}

void json_part_init(struct json_part *part, const char *what, int within, bool metadata)
{
	*part = (struct json_part){.what = what, .metadata = metadata};
	if (json_new(&part->json) < 0)
		die(EXIT_TEMP, "%s", diag_strerror(ENOMEM));
	json_within(part->json, within);
	want(part->json, ".");
	for (int i = 0; metadata && i < METADATA_NAMES; i++) {
		struct strbuf path = STRBUF_INIT;
		strbuf_addf(&path, ".%s", metadata_names[i]);
		want(part->json, path.s);
		strbuf_release(&path);
	}
}

void json_part_release(struct json_part *part)
{
	json_free(part->json);
}

static int check_object(const struct json_part *part, const struct value *values, struct strbuf *why)
{
	if (values[0].type != VALUE_OBJECT) {
		strbuf_addf(why, "the %s is not a JSON object, to which --envelope could add members", part->what);
		return -EBADMSG;
	}
	for (int i = 0; i < METADATA_NAMES; i++)
		if (values[i + 1].type != VALUE_MISSING) {
			strbuf_addf(why, "the %s has a member %s of its own, beside that of --envelope", part->what,
				metadata_names[i]);
			return -EBADMSG;
		}
	return 0;
}

int json_part_check(struct json_part *part, const char **s, size_t *len, enum record_form *ret, struct strbuf *why)
{
	int r = json_read(part->json, *s, *len);
	const struct value *values = json_values(part->json);
	if (r == -ENOMEM)
		die(EXIT_TEMP, "%s", diag_strerror(ENOMEM));
	strbuf_clear(why);
	if (r < 0) {
		const struct json_error *e = json_error(part->json);
		strbuf_addf(why, "the %s is not JSON: byte %zu: %s", part->what, e->pos + 1, e->what);
		return -EBADMSG;
	}
	*ret = json_is_compact(part->json, *s) ? RECORD_COPY : RECORD_JSON;
	*s = values[0].raw;
	*len = values[0].raw_len;
	return part->metadata ? check_object(part, values, why) : 0;
}
