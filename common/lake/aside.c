/* Names of files that were set aside: see aside.h. */
#include "common/lake/aside.h"

#include <string.h>

#include "common/base/strbuf.h"
#include "common/base/uuid.h"

#define END        ".old"
#define MIN_DIGITS 5

/* The length of part-UUID-NUMBER at the beginning of NAME, 0 when it begins in another way. */
static size_t stem(const char *name)
{
	static const char begin[] = "part-";
	const char *id = name + strlen(begin), *number = id + UUID_LEN + 1;
	if (strncmp(name, begin, strlen(begin)) != 0 || !uuid_begins(id) || id[UUID_LEN] != '-')
		return 0;
	size_t digits = strspn(number, "0123456789");
	return digits >= MIN_DIGITS ? (size_t)(number + digits - name) : 0;
}

char *aside_name(const char *path)
{
	struct strbuf s = STRBUF_INIT;
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	size_t len = stem(name);
	if (!len || (name[len] && name[len] != '.'))
		return NULL;
	strbuf_add(&s, path, (size_t)(name - path));
	strbuf_addch(&s, '.');
	strbuf_add(&s, name, len);
	strbuf_addstr(&s, END);
	return strbuf_detach(&s);
}

bool aside_is(const char *name)
{
	size_t len = *name == '.' ? stem(name + 1) : 0;
	return len && strcmp(name + 1 + len, END) == 0;
}
