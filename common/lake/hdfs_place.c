/* Where a directory of HDFS is: the addresses of its name nodes, and its path.  See hdfs.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/lake/hdfs.h"

/* HOST or HOST:PORT, N bytes at S; the host may be an IPv6 address in brackets. */
static bool is_address(const char *s, size_t n)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
	size_t host = *s == '[' ? strspn(s + 1, "0123456789abcdefABCDEF:.") + 2 : strspn(s, letters);
	if (!host || host > n || (*s == '[' && s[host - 1] != ']'))
		return false;
	return host == n ||
	       (s[host] == ':' && n > host + 1 && n <= host + 6 && strspn(s + host + 1, "0123456789") == n - host - 1);
}

static void add_base(struct hdfs_place *place, const char *s, size_t n, bool tls)
{
	struct strbuf base = STRBUF_INIT;
	const char *bracket = memchr(s, ']', n), *port = bracket ? bracket : s;
	strbuf_addstr(&base, tls ? "https://" : "http://");
	strbuf_add(&base, s, n);
	if (!memchr(port, ':', n - (size_t)(port - s)))
		strbuf_addstr(&base, tls ? ":9871" : ":9870");
	place->bases = xreallocarray(place->bases, place->nbases + 1, sizeof *place->bases);
	place->bases[place->nbases++] = strbuf_detach(&base);
}

/* The path of a table from S on, which begins with '/'; slashes at its end are dropped. */
static int set_root(struct hdfs_place *place, const char *s)
{
	struct strbuf root = STRBUF_INIT;
	char *before, *path;
	bool good = remote_split(s, &before, &path) && *path && !strchr(path, ':');
	strbuf_addf(&root, "/%s", path);
	strbuf_setlen(&root, root.len - 1); /* without the '/' at its end */
	place->root = strbuf_detach(&root);
	free(before);
	free(path);
	return good ? 0 : -EINVAL;
}

int hdfs_place_init(struct hdfs_place *place, const char *url, struct strbuf *err)
{
	const char *s = strstr(url, "://") + 3, *path = s + strcspn(s, "/");
	bool good = true;
	*place = (struct hdfs_place){0};
	while (good && s < path) {
		size_t n = strcspn(s, ",/");
		good = is_address(s, n) && (s[n] == '/' || !s[n] || s + n + 1 < path);
		if (good)
			add_base(place, s, n, strncmp(url, "swebhdfs:", 9) == 0);
		s += n + (s[n] == ',');
	}
	if (!good || !place->nbases) {
		strbuf_addf(err,
			"cannot open '%s': what comes before the path is not HOST:PORT or a comma-separated list of "
			"them",
			url);
		return -EINVAL;
	}
	int r = set_root(place, path);
	if (r < 0)
		strbuf_addf(err,
			"cannot open '%s': the path is that of all of HDFS, or has empty parts, '.', '..' or a ':'",
			url);
	return r;
}

void hdfs_place_release(struct hdfs_place *place)
{
	for (size_t i = 0; i < place->nbases; i++)
		free(place->bases[i]);
	free(place->bases);
	free(place->root);
	*place = (struct hdfs_place){0};
}
