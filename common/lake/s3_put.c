/* Small objects in a bucket, and the compare-and-swap of the log: see s3.h. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "common/base/num.h"
#include "common/lake/s3.h"

int s3_get(struct store *store, const char *path, uint64_t max, struct strbuf *ret, struct strbuf *err)
{
	struct store_s3 *s3 = store_s3(store);
	struct s3_call *call;
	int r = s3_run(s3, &(struct s3_request){.method = "GET", .path = path, .max = max ? max : 1}, &call, err);
	if (r == -EMSGSIZE) {
		strbuf_addf(err, ": '%s/%s' has more than %" PRIu64 " bytes", store->url, path, max);
		r = -EBADMSG;
	} else if (r == 0 && s3_status(call) != 200) {
		r = s3_fail(call, "read", path, err);
	} else if (r == 0) {
		strbuf_add(ret, s3_answer(call)->body.s, s3_answer(call)->body.len);
		s3->settled = true;
	}
	s3_call_free(call);
	return r;
}

/* The size of the object that CALL, a HEAD, has found. */
static int size_of(struct s3_call *call, uint64_t *ret)
{
	const char *length = http_field(s3_answer(call), "content-length");
	return length && num_u64(length, ret) == 0 ? 0 : -EINVAL;
}

int s3_size(struct store *store, const char *path, uint64_t *ret, struct strbuf *err)
{
	struct s3_call *call;
	int r = s3_run(store_s3(store), &(struct s3_request){.method = "HEAD", .path = path}, &call, err);
	if (r == 0 && s3_status(call) == 404)
		r = -ENOENT;
	else if (r == 0 && s3_status(call) != 200)
		r = s3_fail(call, "examine", path, err);
	else if (r == 0 && (r = size_of(call, ret)) < 0)
		strbuf_addf(err, "cannot examine '%s/%s': the answer has no length", store->url, path);
	s3_call_free(call);
	return r;
}

int s3_is_file(struct store_s3 *s3, const char *path, uint64_t size, const char *tag, struct strbuf *err)
{
	struct s3_call *call;
	uint64_t is;
	int r = s3_run(s3, &(struct s3_request){.method = "HEAD", .path = path}, &call, err);
	if (r == 0 && s3_status(call) == 200) {
		const char *meta = http_field(s3_answer(call), S3_META);
		r = size_of(call, &is) == 0 && is == size && meta && strcmp(meta, tag) == 0;
	} else if (r == 0 && s3_status(call) != 404) {
		r = s3_fail(call, "examine", path, err);
	}
	s3_call_free(call);
	return r;
}

int s3_put(struct store *store, const char *path, const struct strbuf *data, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	const char *fields[S3_FIELDS];
	size_t n = s3_object_fields(store_s3(store), false, NULL, &text, fields);
	struct s3_call *call;
	int r = s3_run(store_s3(store),
		&(struct s3_request){.method = "PUT",
			.path = path,
			.fields = fields,
			.nfields = n,
			.data = data->s,
			.len = data->len},
		&call, err);
	if (r == 0 && s3_status(call) != 200)
		r = s3_fail(call, "write", path, err);
	s3_call_free(call);
	strbuf_release(&text);
	return r;
}

/* Our put may have been carried out: 0 the object is ours, -EEXIST it is another's, STORE_UNKNOWN nobody knows. */
static int read_back(struct store *store, const char *path, const struct strbuf *data)
{
	struct strbuf is = STRBUF_INIT, ignored = STRBUF_INIT;
	int r = s3_get(store, path, data->len, &is, &ignored);
	if (r == 0 || r == -EBADMSG) /* that is longer than ours */
		r = r == 0 && is.len == data->len && memcmp(is.s, data->s, is.len) == 0 ? 0 : -EEXIST;
	else
		r = STORE_UNKNOWN;
	strbuf_release(&is);
	strbuf_release(&ignored);
	return r;
}

/* What the answer of CALL, or R when it has none, means for the put. */
static int outcome(struct s3_call *call, int r, const char *path, struct strbuf *err)
{
	int status = r == 0 ? s3_status(call) : 0;
	if (r == 0 && status == 200)
		return 0;
	if (r == 0 && (status == 412 || status == 304)) /* 304: some servers, for any conditional request */
		return -EEXIST;
	return r == 0 ? s3_fail(call, "create", path, err) : r;
}

int s3_put_if_absent(struct store *store, const char *path, const struct strbuf *data, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	const char *fields[S3_FIELDS];
	size_t n = s3_object_fields(store_s3(store), false, NULL, &text, fields);
	struct s3_call *call;
	fields[n++] = "If-None-Match: *";
	int r = s3_run(store_s3(store),
		&(struct s3_request){.method = "PUT",
			.path = path,
			.fields = fields,
			.nfields = n,
			.data = data->s,
			.len = data->len},
		&call, err);
	r = outcome(call, r, path, err);
	if (r == -EEXIST && !s3_doubtful(call))
		strbuf_addf(err, "'%s/%s' exists already", store->url, path);
	else if (r < 0 && s3_doubtful(call))
		r = read_back(store, path, data);
	s3_call_free(call);
	strbuf_release(&text);
	return r;
}

int s3_remove(struct store *store, const char *path, struct strbuf *err)
{
	struct s3_call *call;
	int r = s3_run(store_s3(store), &(struct s3_request){.method = "DELETE", .path = path}, &call, err);
	if (r == 0 && s3_status(call) != 204 && s3_status(call) != 200 && s3_status(call) != 404)
		r = s3_fail(call, "remove", path, err);
	s3_call_free(call);
	return r;
}
