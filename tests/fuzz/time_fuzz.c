/*
 * Times: the first line is a pattern, the rest a field.  A time that is read can be written, and reading that gives the
 * same time.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/data/time.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_time(const struct timespec *t)
{
	char buf[TIME_RFC3339_SIZE];
	struct timespec again;

	if (t->tv_sec < TIME_MIN_S || t->tv_sec > TIME_MAX_S || t->tv_nsec < 0 || t->tv_nsec > 999999999)
		abort();
	size_t n = time_write_rfc3339(t, buf);
	if (time_parse_rfc3339(buf, n, &again) < 0 || time_cmp(t, &again) != 0)
		abort();
}

static void check_pattern(const char *pattern, const char *s, size_t len)
{
	struct strbuf err = STRBUF_INIT;
	struct time_format format;
	struct time_pattern names;
	struct timespec t = {0, 0};
	size_t used;

	if (time_format_init(&format, pattern, &err) == 0 && time_format_parse(&format, s, len, &used, &t) == 0) {
		if (used == 0 || used > len)
			abort();
		check_time(&t);
	}
	if (time_pattern_init(&names, pattern, &err) == 0)
		(void)time_pattern_name(&names, &t);
	time_format_release(&format);
	time_pattern_release(&names);
	strbuf_release(&err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *s = (const char *)data, *lf = memchr(s, '\n', size);
	struct timespec t;

	for (int unit = TIME_AUTO; unit <= TIME_NS; unit++)
		if (time_parse_epoch(s, size, (enum time_unit)unit, &t) == 0)
			check_time(&t);
	if (time_parse(s, size, &t) == 0)
		check_time(&t);
	if (time_parse_rfc3339(s, size, &t) == 0)
		check_time(&t);
	if (lf) {
		/* In memory of exactly its length, so that the sanitizer notices a read past the end. */
		char *pattern = strndup(s, (size_t)(lf - s));
		check_pattern(pattern, lf + 1, size - (size_t)(lf + 1 - s));
		free(pattern);
	}
	return 0;
}
