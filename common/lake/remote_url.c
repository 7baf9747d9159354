/* URLs of tables: see remote.h. */
#include <string.h>

#include "common/base/alloc.h"
#include "common/lake/beneath.h"
#include "common/lake/remote.h"

bool remote_split(const char *s, char **ret_name, char **ret_prefix)
{
	struct strbuf prefix = STRBUF_INIT;
	size_t n = strcspn(s, "/");
	*ret_name = xstrndup(s, n);
	s += n + (s[n] == '/');
	n = strlen(s);
	while (n && s[n - 1] == '/')
		n--;
	strbuf_add(&prefix, s, n);
	bool good = !n || beneath_ok(prefix.s);
	if (n)
		strbuf_addch(&prefix, '/');
	*ret_prefix = strbuf_detach(&prefix);
	return good;
}
