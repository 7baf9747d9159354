/* The text of a pipeline, of which the commands are found; each lies within the text and has a name. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/run/script.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *environment(const char *name)
{
	static char value[] = "x";
	return *name == 'X' ? value : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct script script;
	char *text = malloc(size + 1);
	if (!text)
		abort();
	memcpy(text, data, size);
	text[size] = '\0';
	script_read(&script, text, environment);
	for (size_t i = 0; i < script.count; i++)
		if (script.items[i].at >= strlen(text) || !script.items[i].words[0] || !script.items[i].line)
			abort();
	script_release(&script);
	free(text);
	return 0;
}
