/* Where the bucket of a table is: its host, its region, and how its name gets into a URL.  See s3.h. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/io/uri.h"
#include "common/lake/s3.h"

#define AWS_DOMAIN ".amazonaws.com"

/* Whether a bucket name can be a part of a host name, with a certificate for one level. */
static bool is_label(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-");
	return n >= 3 && n <= 63 && !s[n] && s[0] != '-' && s[n - 1] != '-';
}

static bool is_bucket(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._");
	return n >= 3 && n <= 255 && !s[n] && isalnum((unsigned char)s[0]) && !strstr(s, "..");
}

/* Split s3://BUCKET/PREFIX. */
static int split(struct s3_place *place, const char *url, struct strbuf *err)
{
	bool good = remote_split(strstr(url, "://") + 3, &place->bucket, &place->prefix);
	if (is_bucket(place->bucket) && good)
		return 0;
	strbuf_addf(err, "cannot open '%s': %s", url,
		good ? "that is not a name of a bucket (3 to 255 letters, digits, '-', '.', '_')"
		     : "the path in the bucket is absolute, or has empty parts, '.' or '..'");
	return -EINVAL;
}

/* Set the host from the base and the style. */
static void set_host(struct s3_place *place)
{
	const char *authority = strstr(place->base, "://") + 3;
	bool tls = strncmp(place->base, "https:", 6) == 0;
	size_t n = strlen(authority), own = tls ? 4 : 3;
	if (n > own && strcmp(authority + n - own, tls ? ":443" : ":80") == 0)
		n -= own;
	struct strbuf host = STRBUF_INIT;
	if (!place->in_path)
		strbuf_addf(&host, "%s.", place->bucket);
	strbuf_add(&host, authority, n);
	free(place->host);
	place->host = strbuf_detach(&host);
	for (char *s = place->host; *s; s++)
		*s = (char)tolower((unsigned char)*s);
}

static char *aws_base(const char *region)
{
	struct strbuf base = STRBUF_INIT;
	strbuf_addf(&base, "https://s3.%s" AWS_DOMAIN "%s", region, strncmp(region, "cn-", 3) == 0 ? ".cn" : "");
	return strbuf_detach(&base);
}

/* ENDPOINT without '/' at its end; -EINVAL when it is not a URL of a host. */
static int endpoint_base(const char *endpoint, char **ret, struct strbuf *err)
{
	const char *host = strncmp(endpoint, "http://", 7) == 0    ? endpoint + 7
			   : strncmp(endpoint, "https://", 8) == 0 ? endpoint + 8
								   : NULL;
	size_t n = strlen(endpoint);
	while (n && endpoint[n - 1] == '/')
		n--;
	if (!host || !*host || strcspn(host, "/?#@ ") < (size_t)(endpoint + n - host) || *host == '/') {
		strbuf_addf(err, "the endpoint of S3, '%s%s', is not http://HOST:PORT or https://HOST:PORT",
			REMOTE_WITHOUT_USER(endpoint));
		return -EINVAL;
	}
	if (strstr(host, "googleapis.com")) {
		strbuf_addstr(err, "Google's store ignores the condition with which S3 keeps two writers apart "
				   "(If-None-Match): tables there are not supported");
		return -EINVAL;
	}
	*ret = xstrndup(endpoint, n);
	return 0;
}

int s3_place_init(struct s3_place *place, const char *url, const char *endpoint, const char *region, const char *style,
	struct strbuf *err)
{
	*place = (struct s3_place){0};
	int r = split(place, url, err);
	if (r == 0 && endpoint)
		r = endpoint_base(endpoint, &place->base, err);
	if (r < 0)
		return r;
	place->region = xstrdup(region ? region : "us-east-1");
	if (!endpoint)
		place->base = aws_base(place->region);
	bool aws = strstr(place->base, AWS_DOMAIN);
	place->in_path = style ? strcmp(style, "path") == 0 : !aws || !is_label(place->bucket);
	set_host(place);
	return 0;
}

void s3_place_move(struct s3_place *place, const char *region)
{
	char *base = aws_base(place->region);
	bool own = strcmp(base, place->base) == 0; /* the endpoint was not given by the user */
	free(base);
	free(place->region);
	place->region = xstrdup(region);
	if (!own)
		return;
	free(place->base);
	place->base = aws_base(region);
	set_host(place);
}

void s3_place_release(struct s3_place *place)
{
	free(place->base);
	free(place->host);
	free(place->bucket);
	free(place->prefix);
	free(place->region);
	*place = (struct s3_place){0};
}

void s3_place_path(const struct s3_place *place, const char *key, struct strbuf *ret)
{
	if (place->in_path) {
		strbuf_addch(ret, '/');
		strbuf_addstr(ret, place->bucket);
	}
	if (key || !place->in_path)
		strbuf_addch(ret, '/');
	if (key)
		uri_encode(ret, key, strlen(key), true);
}
