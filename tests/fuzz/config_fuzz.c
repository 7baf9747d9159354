/*
 * Fuzz target: configuration files (common/base/config.h): they are read or refused with a reason, and a setting after
 * them is found and counts, with its profile, before others.
 */
#include "common/base/config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char more[] = "\n[p:fuzz]\nkey = value\n[fuzz]\nkey = other\n";
	struct strbuf err = STRBUF_INIT, text = STRBUF_INIT;
	struct config c = {0};
	strbuf_add(&text, data, size);
	strbuf_addstr(&text, more);
	int r = config_parse(&c, "f", false, text.s, text.len, &err);
	if (!r != !err.len)
		abort();
	if (r == 0) {
		if (config_settle(&c, "p", &err) != 0)
			abort();
		const struct config_entry *e = config_find(&c, "fuzz", "key");
		if (!e || strcmp(e->value, "value") != 0 || !e->profile)
			abort();
	}
	config_release(&c);
	strbuf_release(&err);
	strbuf_release(&text);
	return 0;
}
