/* Texts that parse takes apart, in all forms; what comes out is JSON. */
#include <stdint.h>
#include <stdlib.h>

#include "cmd/map/extract.h"
#include "cmd/map/program.h"
#include "common/data/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct map_program programs;

static void check_json(const struct strbuf *out)
{
	struct json *j;

	if (json_new(&j) < 0 || json_read(j, out->s, out->len) < 0)
		abort();
	json_free(j);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf err = STRBUF_INIT, out = STRBUF_INIT;

	if (!programs.count &&
		program_parse(&programs,
			"parse .a csv into .b; parse .a kv; parse .a logfmt; parse .a syslog; parse .a clf;"
			"parse .a regex '(?<x>\\w+)=(?<y>.)?'; parse .a grok '%{IP:i}? %{GREEDYDATA:g}'",
			&err) < 0)
		abort();
	for (size_t i = 0; i < programs.count; i++) {
		strbuf_clear(&out);
		if (extract(&programs.steps[i], (const char *)data, size, &out) > 0)
			check_json(&out);
	}
	strbuf_release(&err);
	strbuf_release(&out);
	return 0;
}
