/* Small objects, and the compare-and-swap of the log: see remote.h. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "common/base/num.h"
#include "common/lake/remote.h"

int remote_get(struct store *store, const char *path, uint64_t max, struct strbuf *ret, struct strbuf *err)
{
	struct remote *remote = remote_of(store);
	struct remote_call *call;
	int r = remote_run(
		remote, &(struct remote_request){.method = "GET", .path = path, .max = max ? max : 1}, &call, err);
	if (r == -EMSGSIZE) {
		strbuf_addf(err, ": '%s/%s' has more than %" PRIu64 " bytes", store->url, path, max);
		r = -EBADMSG;
	} else if (r == 0 && remote_status(call) != 200) {
		r = remote_fail(call, "read", path, err);
	} else if (r == 0) {
		strbuf_add(ret, remote_answer(call)->body.s, remote_answer(call)->body.len);
	}
	remote_call_free(call);
	return r;
}

/* The size of the object that CALL, a HEAD, has found. */
static int size_of(struct remote_call *call, uint64_t *ret)
{
	const char *length = http_field(remote_answer(call), "content-length");
	return length && num_u64(length, ret) == 0 ? 0 : -EINVAL;
}

int remote_size(struct store *store, const char *path, uint64_t *ret, struct strbuf *err)
{
	struct remote_call *call;
	int r = remote_run(remote_of(store), &(struct remote_request){.method = "HEAD", .path = path}, &call, err);
	if (r == 0 && remote_status(call) == 404)
		r = -ENOENT;
	else if (r == 0 && remote_status(call) != 200)
		r = remote_fail(call, "examine", path, err);
	else if (r == 0 && (r = size_of(call, ret)) < 0)
		strbuf_addf(err, "cannot examine '%s/%s': the answer has no length", store->url, path);
	remote_call_free(call);
	return r;
}

int remote_is_file(struct remote *remote, const char *path, uint64_t size, const char *tag, struct strbuf *err)
{
	struct remote_call *call;
	uint64_t is;
	int r = remote_run(remote, &(struct remote_request){.method = "HEAD", .path = path}, &call, err);
	if (r == 0 && remote_status(call) == 200) {
		const char *meta = http_field(remote_answer(call), remote->ops->meta);
		r = size_of(call, &is) == 0 && is == size && meta && strcmp(meta, tag) == 0;
	} else if (r == 0 && remote_status(call) != 404) {
		r = remote_fail(call, "examine", path, err);
	}
	remote_call_free(call);
	return r;
}

int remote_put(struct store *store, const char *path, const struct strbuf *data, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	const char *fields[REMOTE_FIELDS];
	size_t n = remote_of(store)->ops->fields(remote_of(store), NULL, &text, fields);
	struct remote_call *call;
	int r = remote_run(remote_of(store),
		&(struct remote_request){.method = "PUT",
			.path = path,
			.fields = fields,
			.nfields = n,
			.data = data->s,
			.len = data->len},
		&call, err);
	if (r == 0 && !remote_good(call))
		r = remote_fail(call, "write", path, err);
	remote_call_free(call);
	strbuf_release(&text);
	return r;
}

/*
 * Our put may have been carried out, even if the answer to its only try says that the object exists: a proxy may have
 * sent the request twice, and passed on the second answer.  0: the object is ours; -EEXIST: it is another writer's;
 * STORE_UNKNOWN: it is not known.
 */
static int read_back(struct store *store, const char *path, const struct strbuf *data)
{
	struct strbuf is = STRBUF_INIT, ignored = STRBUF_INIT;
	int r = remote_get(store, path, data->len, &is, &ignored);
	if (r == 0 || r == -EBADMSG) /* the object is longer than ours */
		r = r == 0 && is.len == data->len && memcmp(is.s, data->s, is.len) == 0 ? 0 : -EEXIST;
	else
		r = STORE_UNKNOWN;
	strbuf_release(&is);
	strbuf_release(&ignored);
	return r;
}

/* The result of the put by the answer of CALL, or by R when there is none. */
static int outcome(struct remote_call *call, int r, const char *path, struct strbuf *err)
{
	if (r == 0 && remote_good(call))
		return 0;
	if (r == 0 && call->remote->ops->exists(call))
		return -EEXIST;
	return r == 0 ? remote_fail(call, "create", path, err) : r;
}

int remote_put_if_absent(struct store *store, const char *path, const struct strbuf *data, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	const char *fields[REMOTE_FIELDS];
	size_t n = remote_of(store)->ops->fields(remote_of(store), NULL, &text, fields), before = err->len;
	struct remote_call *call;
	fields[n++] = "If-None-Match: *";
	int r = remote_run(remote_of(store),
		&(struct remote_request){.method = "PUT",
			.path = path,
			.fields = fields,
			.nfields = n,
			.data = data->s,
			.len = data->len,
			.by_ms = store->put_by_ms},
		&call, err);
	r = outcome(call, r, path, err);
	if (r == -EEXIST || (r < 0 && remote_doubtful(call)))
		r = read_back(store, path, data);
	if (r == 0 || r == -EEXIST)
		strbuf_setlen(err, before); /* the result is certain, whatever the last try said */
	if (r == -EEXIST)
		strbuf_addf(err, "'%s/%s' exists already", store->url, path);
	remote_call_free(call);
	strbuf_release(&text);
	return r;
}

int remote_remove(struct store *store, const char *path, struct strbuf *err)
{
	struct remote_call *call;
	int r = remote_run(remote_of(store), &(struct remote_request){.method = "DELETE", .path = path}, &call, err);
	if (r == 0 && !remote_good(call) && remote_status(call) != 404)
		r = remote_fail(call, "remove", path, err);
	remote_call_free(call);
	return r;
}
