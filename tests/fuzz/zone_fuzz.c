/* The rule of a time zone: the first line is one, the rest is not looked at; and times by it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/zone_rule.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = xstrndup((const char *)data, size);
	struct zone_rule rule;

	if (zone_rule_read(&rule, text) == 0)
		for (int64_t s = -62135596800; s < 253402300799; s += 86399 * 997)
			if (strlen(zone_rule_at(&rule, s)->name) < 3)
				abort();
	free(text);
	return 0;
}
