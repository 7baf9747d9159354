/* Cuts: see cut.h. */
#include "common/stream/cut.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void cut_add(struct strbuf *out, const struct cut *cut)
{
	if (cut->known)
		strbuf_addf(out, "[\"%016" PRIx64 "\",%" PRIu64 "]", cut->run, cut->batch);
	else
		strbuf_addstr(out, "null");
}

json_t *cut_json(const struct cut *cut)
{
	char run[17];
	if (!cut->known)
		return json_null();
	snprintf(run, sizeof run, "%016" PRIx64, cut->run);
	return json_pack("[s,I]", run, (json_int_t)cut->batch);
}

bool cut_read(const json_t *v, struct cut *ret)
{
	json_t *number = json_array_get(v, 1);
	const char *run = json_string_value(json_array_get(v, 0));
	bool good = json_array_size(v) == 2 && run && strlen(run) == 16 &&
		    run[strspn(run, "0123456789abcdef")] == '\0' && json_is_integer(number) &&
		    json_integer_value(number) >= 0;
	*ret = (struct cut){0};
	if (good)
		*ret = (struct cut){
			.known = true, .run = strtoull(run, NULL, 16), .batch = (uint64_t)json_integer_value(number)};
	return good || json_is_null(v);
}
