/* Listings of a container: see az.h. */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "common/base/num.h"
#include "common/io/http_answer.h"
#include "common/io/uri.h"
#include "common/io/xml.h"
#include "common/lake/az.h"

/* A page of a listing while it is read. */
struct az_page {
	const char *prefix; /* the prefix of the table in the container */
	remote_each *each;
	void *arg;
	struct strbuf name;
	struct strbuf *marker;
	uint64_t size;
	int64_t modified_ms;
	bool is_dir;  /* an account with directories lists them as blobs, too */
	bool is_list; /* the document is a listing */
};

/* Pass on the blob or directory whose name was read. */
static int hand_out(struct az_page *page, bool is_dir)
{
	size_t n = strlen(page->prefix);
	if (is_dir && page->name.len && page->name.s[page->name.len - 1] == '/')
		strbuf_setlen(&page->name, page->name.len - 1);
	if (page->name.len <= n || strncmp(page->name.s, page->prefix, n) != 0)
		return 0;
	return page->each(page->arg, page->name.s + n, is_dir, page->size, page->modified_ms);
}

static int on_blob(struct az_page *page, const char *name, const struct strbuf *text)
{
	if (strcmp(name, "/Properties/Content-Length") == 0)
		return num_u64(text->s, &page->size) < 0 ? -EBADMSG : 0;
	if (strcmp(name, "/Properties/Last-Modified") == 0) {
		int64_t t = http_date_ms(text->s);
		page->modified_ms = t < 0 ? 0 : t;
	}
	if (strcmp(name, "/Properties/ResourceType") == 0)
		page->is_dir |= strcmp(text->s, "directory") == 0;
	if (strcasecmp(name, "/Metadata/hdi_isfolder") == 0)
		page->is_dir |= strcasecmp(text->s, "true") == 0;
	return *name || page->is_dir ? 0 : hand_out(page, false);
}

static int on_element(void *arg, const char *path, const struct strbuf *text)
{
	static const char blob[] = "EnumerationResults/Blobs/Blob";
	struct az_page *page = arg;
	size_t n = strlen(blob);
	bool prefix = strcmp(path, "EnumerationResults/Blobs/BlobPrefix/Name") == 0;
	page->is_list |= strcmp(path, "EnumerationResults") == 0;
	if (prefix || strcmp(path, "EnumerationResults/Blobs/Blob/Name") == 0) {
		strbuf_clear(&page->name);
		strbuf_add(&page->name, text->s, text->len);
		page->size = 0;
		page->modified_ms = 0;
		page->is_dir = false;
		return prefix ? hand_out(page, true) : 0;
	}
	if (strcmp(path, "EnumerationResults/NextMarker") == 0)
		strbuf_add(page->marker, text->s, text->len);
	return strncmp(path, blob, n) == 0 && (!path[n] || path[n] == '/') ? on_blob(page, path + n, text) : 0;
}

int az_list_read(const char *s, size_t len, const char *prefix, remote_each *each, void *arg, struct strbuf *ret_marker,
	struct strbuf *err)
{
	struct az_page page = {.prefix = prefix, .each = each, .arg = arg, .name = STRBUF_INIT, .marker = ret_marker};
	size_t bom = len >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	int r = xml_read(s + bom, len - bom, on_element, &page, err);
	if (r == 0 && !page.is_list)
		r = -EBADMSG;
	strbuf_release(&page.name);
	return r;
}

/* Read the page of QUERY; MARKER gets that of the next one. */
static int read_page(struct remote *remote, const char *dir, const char *query, remote_each *each, void *arg,
	struct strbuf *marker, struct strbuf *err)
{
	struct remote_call *call;
	struct strbuf why = STRBUF_INIT;
	int r = remote_run(remote, &(struct remote_request){.method = "GET", .query = query}, &call, err);
	strbuf_clear(marker);
	if (r == 0 && remote_status(call) != 200) {
		r = remote_fail(call, "list", dir, err);
	} else if (r == 0) {
		const struct strbuf *body = &remote_answer(call)->body;
		r = az_list_read(
			body->len ? body->s : "", body->len, az_of(remote)->place.prefix, each, arg, marker, &why);
		if (r == -EBADMSG) {
			strbuf_addf(err, "cannot list '%s%s%s': the answer is not that of Azure Blob%s%s",
				remote->base.url, *dir ? "/" : "", dir, why.len ? ": " : "", why.len ? why.s : "");
			r = -EINVAL;
		}
	}
	remote_call_free(call);
	strbuf_release(&why);
	return r;
}

int az_list(struct remote *remote, const char *dir, bool deep, remote_each *each, void *arg, struct strbuf *err)
{
	struct strbuf query = STRBUF_INIT, prefix = STRBUF_INIT, marker = STRBUF_INIT, before = STRBUF_INIT;
	int r;
	strbuf_addstr(&prefix, az_of(remote)->place.prefix);
	if (*dir)
		strbuf_addf(&prefix, "%s/", dir);
	do {
		strbuf_clear(&query);
		strbuf_addf(&query, "restype=container&comp=list&include=metadata%s", deep ? "" : "&delimiter=%2F");
		if (marker.len)
			strbuf_addstr(&query, "&marker=");
		uri_encode(&query, marker.s, marker.len, false);
		if (prefix.len)
			strbuf_addstr(&query, "&prefix=");
		uri_encode(&query, prefix.s, prefix.len, false);
		strbuf_clear(&before);
		strbuf_add(&before, marker.s, marker.len);
		r = read_page(remote, dir, query.s, each, arg, &marker, err);
		if (r == 0 && marker.len)
			r = remote_list_goes_on(remote, &before, &marker, err);
	} while (r == 1);
	strbuf_release(&before);
	strbuf_release(&query);
	strbuf_release(&prefix);
	strbuf_release(&marker);
	return r;
}
