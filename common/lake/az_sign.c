/* SharedKey: see az_sign.h. */
#include "common/lake/az_sign.h"

#include <errno.h>
#include <inttypes.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/base/alloc.h"
#include "common/data/base64.h"
#include "common/io/uri.h"

enum { SUM_LEN = 32 }; /* bytes of a SHA-256 */

/* A header or a parameter; its name is in lower case. */
struct az_pair {
	char *name, *value;
};

struct az_pairs {
	struct az_pair *all;
	size_t n;
};

static void pairs_release(struct az_pairs *pairs)
{
	for (size_t i = 0; i < pairs->n; i++) {
		free(pairs->all[i].name);
		free(pairs->all[i].value);
	}
	free(pairs->all);
}

static int by_name(const void *a, const void *b)
{
	const struct az_pair *p = a, *q = b;
	return strcmp(p->name, q->name);
}

/* Sort PAIRS; -EINVAL when a name occurs twice. */
static int sort(struct az_pairs *pairs)
{
	if (pairs->n)
		qsort(pairs->all, pairs->n, sizeof *pairs->all, by_name);
	for (size_t i = 1; i < pairs->n; i++)
		if (strcmp(pairs->all[i - 1].name, pairs->all[i].name) == 0)
			return -EINVAL;
	return 0;
}

static void add(struct az_pairs *pairs, const char *name, size_t len, char *value)
{
	char *lower = xstrndup(name, len);
	for (char *p = lower; *p; p++)
		*p = (char)(*p >= 'A' && *p <= 'Z' ? *p | 0x20 : *p);
	pairs->all[pairs->n++] = (struct az_pair){lower, value};
}

/* The value of a header, from S on, without blanks at its ends. */
static char *trim(const char *s)
{
	s += strspn(s, " \t");
	size_t n = strlen(s);
	while (n && strchr(" \t", s[n - 1]))
		n--;
	return xstrndup(s, n);
}

/* Collect all headers, sorted. */
static int read_fields(const struct az_request *request, struct az_pairs *ret)
{
	*ret = (struct az_pairs){xcalloc(request->nfields + 1, sizeof *ret->all), 0};
	for (size_t i = 0; i < request->nfields; i++) {
		const char *field = request->fields[i], *colon = strchr(field, ':');
		for (const char *s = field; *s; s++)
			if (((unsigned char)*s < ' ' && *s != '\t') || *s == 0x7f)
				return -EINVAL;
		if (!colon || colon == field)
			return -EINVAL;
		add(ret, field, (size_t)(colon - field), trim(colon + 1));
	}
	return sort(ret);
}

/* Collect the parameters, decoded and sorted. */
static int read_query(const char *query, struct az_pairs *ret)
{
	size_t n = 1;
	for (const char *s = query; *s; s++)
		n += *s == '&';
	*ret = (struct az_pairs){xcalloc(n, sizeof *ret->all), 0};
	for (const char *s = query; *s;) {
		size_t len = strcspn(s, "&"), name_len = strcspn(s, "&=");
		const char *value = s + name_len + (s[name_len] == '=');
		struct strbuf text = STRBUF_INIT;
		if (!name_len || uri_decode(&text, value, (size_t)(s + len - value)) < 0) {
			strbuf_release(&text);
			return -EINVAL;
		}
		add(ret, s, name_len, strbuf_detach(&text));
		s += len + (s[len] == '&');
	}
	return sort(ret);
}

static const char *value_of(const struct az_pairs *fields, const char *name)
{
	for (size_t i = 0; i < fields->n; i++)
		if (strcmp(fields->all[i].name, name) == 0)
			return fields->all[i].value;
	return "";
}

static void write_text(const struct az_request *request, const struct az_pairs *fields, const struct az_pairs *query,
	struct strbuf *ret)
{
	static const char *const listed[] = {"content-encoding", "content-language", "content-length", "content-md5",
		"content-type", "date", "if-modified-since", "if-match", "if-none-match", "if-unmodified-since",
		"range"};
	strbuf_addf(ret, "%s\n", request->method);
	for (size_t i = 0; i < sizeof listed / sizeof *listed; i++) {
		if (strcmp(listed[i], "content-length") == 0 && request->len)
			strbuf_addf(ret, "%" PRIu64, request->len);
		strbuf_addf(ret, "%s\n", value_of(fields, listed[i]));
	}
	for (size_t i = 0; i < fields->n; i++)
		if (strncmp(fields->all[i].name, "x-ms-", 5) == 0)
			strbuf_addf(ret, "%s:%s\n", fields->all[i].name, fields->all[i].value);
	strbuf_addf(ret, "/%s%s", request->account, request->path);
	for (size_t i = 0; i < query->n; i++)
		strbuf_addf(ret, "\n%s:%s", query->all[i].name, query->all[i].value);
}

int az_sign_text(const struct az_request *request, struct strbuf *ret)
{
	struct az_pairs fields = {0}, query = {0};
	int r = read_fields(request, &fields);
	if (r == 0)
		r = read_query(request->query ? request->query : "", &query);
	if (r == 0)
		write_text(request, &fields, &query, ret);
	pairs_release(&fields);
	pairs_release(&query);
	return r;
}

int az_sign(const struct az_request *request, const char *key, struct strbuf *ret)
{
	size_t len = strlen(key), n = 0;
	unsigned char *plain = xmalloc(len + 1), sum[SUM_LEN];
	char digits[BASE64_SIZE(SUM_LEN)];
	struct strbuf text = STRBUF_INIT;
	unsigned sum_len = 0;
	int r = len ? base64_decode((char *)plain, key, len, &n) : -EINVAL;
	if (r == 0)
		r = az_sign_text(request, &text);
	if (r == 0 && !HMAC(EVP_sha256(), plain, (int)n, (const unsigned char *)text.s, text.len, sum, &sum_len))
		r = -ENOMEM;
	if (r == 0)
		strbuf_addf(ret, "Authorization: SharedKey %s:%.*s\n", request->account,
			(int)base64_encode(digits, sum, sizeof sum), digits);
	OPENSSL_cleanse(plain, len + 1);
	free(plain);
	strbuf_release(&text);
	return r;
}
