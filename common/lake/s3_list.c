/* Listings of a bucket: see s3.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/num.h"
#include "common/data/time.h"
#include "common/io/uri.h"
#include "common/io/xml.h"
#include "common/lake/s3.h"

/* A page of a listing while it is read. */
struct s3_page {
	struct store_s3 *s3;
	remote_each *each;
	void *arg;
	struct strbuf key, token;
	uint64_t size;
	int64_t modified_ms;
	bool is_list, encoded;
};

/*
 * Whether names are encoded.  The request asks for that, but not every server does it, and the answer may tell only at
 * its end.
 */
static int on_encoding(void *arg, const char *path, const struct strbuf *text)
{
	struct s3_page *page = arg;
	page->is_list |= strcmp(path, "ListBucketResult") == 0;
	page->encoded |= strcmp(path, "ListBucketResult/EncodingType") == 0 && strcmp(text->s, "url") == 0;
	return 0;
}

/* The TEXT of an element, which may be encoded as in a form, where a '+' is a blank. */
static int decode(const struct strbuf *text, bool encoded, struct strbuf *ret)
{
	struct strbuf plain = STRBUF_INIT;
	if (!encoded) {
		strbuf_clear(ret);
		strbuf_add(ret, text->s, text->len);
		return 0;
	}
	strbuf_add(&plain, text->s, text->len);
	for (size_t i = 0; i < plain.len; i++)
		if (plain.s[i] == '+')
			plain.s[i] = ' ';
	strbuf_clear(ret);
	int r = uri_decode(ret, plain.s, plain.len);
	strbuf_release(&plain);
	return r;
}

/* Pass on the object or directory KEY of the bucket. */
static int hand_out(struct s3_page *page, bool is_dir)
{
	size_t n = strlen(page->s3->place.prefix);
	if (page->key.len <= n || strncmp(page->key.s, page->s3->place.prefix, n) != 0)
		return 0;
	if (is_dir && page->key.s[page->key.len - 1] == '/')
		strbuf_setlen(&page->key, page->key.len - 1);
	return page->each(page->arg, page->key.s + n, is_dir, page->size, page->modified_ms);
}

static int on_element(void *arg, const char *path, const struct strbuf *text)
{
	struct s3_page *page = arg;
	struct timespec t;
	const char *name = strncmp(path, "ListBucketResult", 16) == 0 ? path + 16 : "-";
	if (strcmp(name, "/Contents/Key") == 0 || strcmp(name, "/CommonPrefixes/Prefix") == 0) {
		if (decode(text, page->encoded, &page->key) < 0)
			return -EBADMSG;
		return strcmp(name, "/CommonPrefixes/Prefix") == 0 ? hand_out(page, true) : 0;
	}
	if (strcmp(name, "/Contents/Size") == 0)
		return num_u64(text->s, &page->size) < 0 ? -EBADMSG : 0;
	if (strcmp(name, "/Contents/LastModified") == 0 && time_parse_rfc3339(text->s, text->len, &t) == 0)
		page->modified_ms = (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
	if (strcmp(name, "/NextContinuationToken") == 0)
		strbuf_add(&page->token, text->s, text->len);
	if (strcmp(name, "/Contents") != 0)
		return 0;
	int r = hand_out(page, false);
	page->size = 0; /* the elements come in any order, so clear these for the next object */
	page->modified_ms = 0;
	return r;
}

/* Read the page of QUERY: 0, 1 when there are more. */
static int read_page(struct s3_page *page, const char *dir, const char *query, struct strbuf *err)
{
	struct remote_call *call;
	struct strbuf why = STRBUF_INIT;
	int r = remote_run(&page->s3->base, &(struct remote_request){.method = "GET", .query = query}, &call, err);
	if (r == 0 && remote_status(call) != 200) {
		r = remote_fail(call, "list", dir, err);
	} else if (r == 0) {
		const struct strbuf *body = &remote_answer(call)->body;
		page->is_list = page->encoded = false;
		r = xml_read(body->s, body->len, on_encoding, page, &why);
		if (r == 0)
			r = xml_read(body->s, body->len, on_element, page, &why);
		if (r == -EBADMSG || (r == 0 && !page->is_list)) {
			strbuf_addf(err, "cannot list '%s%s%s': the answer is not that of S3%s%s",
				page->s3->base.base.url, *dir ? "/" : "", dir, why.len ? ": " : "", why.s);
			r = -EINVAL;
		}
	}
	remote_call_free(call);
	strbuf_release(&why);
	return r < 0 ? r : page->token.len ? 1 : 0;
}

int s3_list(struct remote *remote, const char *dir, bool deep, remote_each *each, void *arg, struct strbuf *err)
{
	struct s3_page page = {.s3 = s3_of(remote), .each = each, .arg = arg, .key = STRBUF_INIT, .token = STRBUF_INIT};
	struct strbuf query = STRBUF_INIT, prefix = STRBUF_INIT, before = STRBUF_INIT;
	int r;
	strbuf_addstr(&prefix, page.s3->place.prefix);
	if (*dir)
		strbuf_addf(&prefix, "%s/", dir);
	do {
		strbuf_clear(&query);
		strbuf_addf(&query, "list-type=2&encoding-type=url%s", deep ? "" : "&delimiter=%2F");
		if (page.token.len)
			strbuf_addstr(&query, "&continuation-token=");
		uri_encode(&query, page.token.s, page.token.len, false);
		strbuf_addstr(&query, "&prefix=");
		uri_encode(&query, prefix.s, prefix.len, false);
		strbuf_clear(&before);
		strbuf_add(&before, page.token.s, page.token.len);
		strbuf_clear(&page.token);
		r = read_page(&page, dir, query.s, err);
		if (r == 1)
			r = remote_list_goes_on(remote, &before, &page.token, err);
	} while (r == 1);
	strbuf_release(&before);
	strbuf_release(&query);
	strbuf_release(&prefix);
	strbuf_release(&page.key);
	strbuf_release(&page.token);
	return r;
}
