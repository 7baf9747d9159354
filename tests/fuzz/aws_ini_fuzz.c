/*
 * Fuzz target: the files of ~/.aws (common/lake/aws_ini.h): they are read or refused, and settings after them are
 * found.
 */
#include "common/lake/aws_ini.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf err = STRBUF_INIT, text = STRBUF_INIT;
	struct aws_ini *ini = NULL;
	int r = aws_ini_parse((const char *)data, size, &ini, &err);
	if (!r != !err.len || !r != !!ini)
		abort();
	aws_ini_free(ini);

	/* Whatever comes before it, a section with a setting at the end is found. */
	if (r == 0) {
		strbuf_add(&text, data, size);
		strbuf_addstr(&text, "\n[fuzz]\nkey = value\n");
		if (text.len <= AWS_INI_MAX && aws_ini_parse(text.s, text.len, &ini, &err) == 0) {
			const char *value = aws_ini_get(ini, "fuzz", "key", NULL);
			if (!value || strcmp(value, "value") != 0 || !aws_ini_has(ini, "fuzz"))
				abort();
			aws_ini_free(ini);
		}
	}
	strbuf_release(&err);
	strbuf_release(&text);
	return 0;
}
