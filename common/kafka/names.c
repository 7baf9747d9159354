/* Names of groups and topics: see names.h. */
#include "common/kafka/names.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "common/data/utf8.h"

#define LONGEST_GROUP 32767

static bool has_control(const char *s)
{
	for (; *s; s++) {
		unsigned char c = (unsigned char)s[0], next = (unsigned char)s[1];
		if (c < ' ' || c == 0x7f || (c == 0xc2 && next < 0xa0))
			return true;
	}
	return false;
}

int names_check_group(const char *name, struct strbuf *err)
{
	size_t len = strlen(name);
	const char *what = !len                     ? "is empty"
			   : len > LONGEST_GROUP    ? "has more than 32767 bytes"
			   : !utf8_valid(name, len) ? "is not UTF-8"
			   : has_control(name)      ? "has a control character in it"
			   : *name == ' '           ? "begins with a blank"
						    : NULL;
	if (!what)
		return 0;
	if (len > LONGEST_GROUP)
		strbuf_addf(err, "the name of a group, '%.40s...', %s", name, what);
	else
		strbuf_addf(err, "the name of a group, '%s', %s", name, what);
	return -EINVAL;
}

int names_check_topics(char *const *names, struct strbuf *err)
{
	for (; *names; names++) {
		if (**names)
			continue;
		strbuf_addstr(err, "the name of a topic is empty");
		return -EINVAL;
	}
	return 0;
}
