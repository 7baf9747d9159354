/* Signature Version 4: see aws_sign.h. */
#include "common/lake/aws_sign.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/base/alloc.h"
#include "common/base/ascii.h"
#include "common/lake/secret.h"

enum { SUM_LEN = 32 }; /* bytes of a SHA-256 */

/* A parameter of the query, or a header.  Its value lies after its name, in the same memory. */
struct sign_pair {
	char *name, *value;
};

struct sign_list {
	struct sign_pair *all;
	size_t n;
};

static int by_name(const void *a, const void *b)
{
	const struct sign_pair *p = a, *q = b;
	int r = strcmp(p->name, q->name);
	return r ? r : strcmp(p->value, q->value);
}

static void list_release(struct sign_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		secret_free(list->all[i].value); /* it may hold a token */
		free(list->all[i].name);
	}
	free(list->all);
}

static bool is_unreserved(char c)
{
	char lower = (char)(c | 0x20);
	return ascii_is_digit(c) || (lower >= 'a' && lower <= 'z') || (c && strchr("-._~", c));
}

static bool is_upper_hex(char c)
{
	return ascii_is_digit(c) || (c >= 'A' && c <= 'F');
}

/* Whether the LEN bytes at S could be the result of uri_encode(); the bytes in ALSO are allowed, too. */
static bool is_encoded(const char *s, size_t len, const char *also)
{
	for (size_t i = 0; i < len; i++) {
		if (s[i] != '%') {
			if (!is_unreserved(s[i]) && !strchr(also, s[i]))
				return false;
			continue;
		}
		if (len - i < 3 || !is_upper_hex(s[i + 1]) || !is_upper_hex(s[i + 2]))
			return false;
		char c = (char)(ascii_hex_value(s[i + 1]) << 4 | ascii_hex_value(s[i + 2]));
		if (!c || is_unreserved(c) || strchr(also, c))
			return false;
		i += 2;
	}
	return true;
}

/* Whether S is not empty and has no blanks, control characters or bytes beyond ASCII. */
static bool is_word(const char *s)
{
	const char *p = s;
	while (*p > ' ' && *p < 0x7f)
		p++;
	return p > s && !*p;
}

/* The parameters of QUERY, sorted. */
static int read_query(const char *query, struct sign_list *ret)
{
	size_t n = 1;
	for (const char *s = query; *s; s++)
		n += *s == '&';
	*ret = (struct sign_list){xcalloc(n, sizeof *ret->all), 0};
	for (const char *s = query; *query; s++) {
		size_t len = strcspn(s, "&"), name_len = strcspn(s, "&=");
		const char *value = s + name_len + (s[name_len] == '=');
		if (!name_len || !is_encoded(s, name_len, "") || !is_encoded(value, (size_t)(s + len - value), ""))
			return -EINVAL;
		ret->all[ret->n++] =
			(struct sign_pair){xstrndup(s, name_len), xstrndup(value, (size_t)(s + len - value))};
		s += len;
		if (!*s)
			break;
	}
	qsort(ret->all, ret->n, sizeof *ret->all, by_name);
	return 0;
}

/* Add the header NAME (of LEN bytes) with VALUE: the name in lower case, blanks trimmed and folded. */
static int add_field(struct sign_list *list, const char *name, size_t len, const char *value)
{
	struct sign_pair *pair = &list->all[list->n++];
	char *end = pair->value = xcalloc(strlen(value) + 1, 1);
	pair->name = xstrndup(name, len);
	for (char *p = pair->name; *p; p++) {
		bool upper = *p >= 'A' && *p <= 'Z';
		if (!upper && !is_unreserved(*p))
			return -EINVAL;
		*p = (char)(upper ? *p | 0x20 : *p);
	}
	for (const char *s = value; *s; s++) {
		if (*s == ' ' || *s == '\t') {
			if (end > pair->value && end[-1] != ' ')
				*end++ = ' ';
		} else {
			*end++ = *s;
		}
	}
	if (end > pair->value && end[-1] == ' ')
		end--;
	*end = '\0';
	for (const char *s = pair->value; *s; s++) {
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			return -EINVAL;
	}
	return len ? 0 : -EINVAL;
}

/* Collect all headers that are signed, sorted. */
static int read_fields(
	const struct aws_request *request, const struct aws_key *key, const char *stamp, struct sign_list *ret)
{
	const char *const added[][2] = {{"host", request->host}, {"x-amz-content-sha256", request->hash},
		{"x-amz-date", stamp}, {"x-amz-security-token", key->token}};
	const size_t n = sizeof added / sizeof *added;
	int r = 0;
	*ret = (struct sign_list){xcalloc(request->nfields + n, sizeof *ret->all), 0};
	for (size_t i = 0; r == 0 && i < n; i++) {
		if (added[i][1])
			r = is_word(added[i][1]) ? add_field(ret, added[i][0], strlen(added[i][0]), added[i][1])
						 : -EINVAL;
	}
	for (size_t i = 0; r == 0 && i < request->nfields; i++) {
		const char *field = request->fields[i], *colon = strchr(field, ':');
		r = colon ? add_field(ret, field, (size_t)(colon - field), colon + 1) : -EINVAL;
	}
	if (r < 0)
		return r;
	qsort(ret->all, ret->n, sizeof *ret->all, by_name);
	for (size_t i = 1; i < ret->n; i++) {
		if (strcmp(ret->all[i - 1].name, ret->all[i].name) == 0)
			return -EINVAL;
	}
	return 0;
}

static void add_names(struct strbuf *out, const struct sign_list *fields)
{
	for (size_t i = 0; i < fields->n; i++)
		strbuf_addf(out, "%s%s", i ? ";" : "", fields->all[i].name);
}

/* The hash of the canonical request. */
static int hash_request(const struct aws_request *request, const struct sign_list *query,
	const struct sign_list *fields, char ret[AWS_HASH_LEN + 1])
{
	struct strbuf text = STRBUF_INIT; /* it may hold a token */
	secret_addstr(&text, request->method);
	secret_addstr(&text, "\n");
	secret_addstr(&text, request->path);
	secret_addstr(&text, "\n");
	for (size_t i = 0; i < query->n; i++) {
		secret_addstr(&text, i ? "&" : "");
		secret_addstr(&text, query->all[i].name);
		secret_addstr(&text, "=");
		secret_addstr(&text, query->all[i].value);
	}
	secret_addstr(&text, "\n");
	for (size_t i = 0; i < fields->n; i++) {
		secret_addstr(&text, fields->all[i].name);
		secret_addstr(&text, ":");
		secret_addstr(&text, fields->all[i].value);
		secret_addstr(&text, "\n");
	}
	struct strbuf names = STRBUF_INIT;
	add_names(&names, fields);
	secret_addstr(&text, "\n");
	secret_addstr(&text, names.s);
	secret_addstr(&text, "\n");
	secret_addstr(&text, request->hash);
	int r = aws_hash(text.s, text.len, ret);
	strbuf_release(&names);
	secret_release(&text);
	return r;
}

static int hmac(const void *key, size_t key_len, const char *text, unsigned char ret[SUM_LEN])
{
	unsigned n;
	return HMAC(EVP_sha256(), key, (int)key_len, (const unsigned char *)text, strlen(text), ret, &n) ? 0 : -ENOMEM;
}

/* The signature of TEXT by the key that is derived for DATE, region and service. */
static int sign(const struct aws_request *request, const char *secret, const char *date, const char *text,
	unsigned char ret[SUM_LEN])
{
	struct strbuf first = STRBUF_INIT;
	unsigned char key[SUM_LEN];
	secret_addstr(&first, "AWS4");
	secret_addstr(&first, secret);
	int r = hmac(first.s, first.len, date, key);
	if (r == 0)
		r = hmac(key, sizeof key, request->region, key);
	if (r == 0)
		r = hmac(key, sizeof key, request->service, key);
	if (r == 0)
		r = hmac(key, sizeof key, "aws4_request", key);
	if (r == 0)
		r = hmac(key, sizeof key, text, ret);
	OPENSSL_cleanse(key, sizeof key);
	secret_release(&first);
	return r;
}

/* Append the value of Authorization. */
static int authorize(const struct aws_request *request, const struct aws_key *key, const char *stamp,
	const struct sign_list *query, const struct sign_list *fields, struct strbuf *ret)
{
	char date[9], hash[AWS_HASH_LEN + 1], digits[AWS_HASH_LEN + 1];
	unsigned char sum[SUM_LEN];
	struct strbuf text = STRBUF_INIT, scope = STRBUF_INIT;
	memcpy(date, stamp, 8);
	date[8] = '\0';
	int r = hash_request(request, query, fields, hash);
	if (r == 0) {
		strbuf_addf(&scope, "%s/%s/%s/aws4_request", date, request->region, request->service);
		strbuf_addf(&text, "AWS4-HMAC-SHA256\n%s\n%s\n%s", stamp, scope.s, hash);
		r = sign(request, key->secret, date, text.s, sum);
	}
	if (r == 0) {
		*ascii_put_hex(digits, sum, sizeof sum) = '\0';
		strbuf_addf(ret, "AWS4-HMAC-SHA256 Credential=%s/%s,SignedHeaders=", key->id, scope.s);
		add_names(ret, fields);
		strbuf_addf(ret, ",Signature=%s", digits);
	}
	strbuf_release(&text);
	strbuf_release(&scope);
	return r;
}

int aws_sign(const struct aws_request *request, const struct aws_key *key, int64_t now_ms, struct strbuf *ret)
{
	struct sign_list query = {0}, fields = {0};
	struct strbuf value = STRBUF_INIT;
	time_t now = (time_t)(now_ms / 1000);
	struct tm tm;
	char stamp[17];
	if (now_ms < 0 || !gmtime_r(&now, &tm) || strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", &tm) != 16)
		return -EINVAL;
	if (request->path[0] != '/' || !is_encoded(request->path, strlen(request->path), "/") ||
		!is_word(request->method) || !is_word(request->region) || !is_word(request->service) ||
		!is_word(key->id) || !*key->secret)
		return -EINVAL;
	int r = read_query(request->query ? request->query : "", &query);
	if (r == 0)
		r = read_fields(request, key, stamp, &fields);
	if (r == 0)
		r = authorize(request, key, stamp, &query, &fields, &value);
	if (r == 0) {
		strbuf_addf(ret, "x-amz-date: %s\nx-amz-content-sha256: %s\n", stamp, request->hash);
		if (key->token)
			strbuf_addf(ret, "x-amz-security-token: %s\n", key->token);
		strbuf_addf(ret, "Authorization: %s\n", value.s);
	}
	strbuf_release(&value);
	list_release(&query);
	list_release(&fields);
	return r;
}

int aws_hash(const void *data, size_t len, char ret[AWS_HASH_LEN + 1])
{
	unsigned char sum[SUM_LEN];
	if (EVP_Digest(data, len, sum, NULL, EVP_sha256(), NULL) != 1)
		return -ENOMEM;
	*ascii_put_hex(ret, sum, sizeof sum) = '\0';
	return 0;
}
