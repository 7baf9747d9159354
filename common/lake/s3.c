/* The store of an S3 bucket: opening and closing.  See s3.h and store.h. */
#include "common/lake/s3.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

static void close_s3(struct remote *remote)
{
	struct store_s3 *s3 = s3_of(remote);
	aws_creds_free(s3->creds);
	s3_place_release(&s3->place);
}

/* 304: some servers, for any conditional request. */
static bool exists(struct remote_call *call)
{
	return remote_status(call) == 412 || remote_status(call) == 304;
}

static const struct remote_ops operations = {
	.close = close_s3,
	.sum = EVP_sha256,
	.path = s3_path,
	.url = s3_url,
	.sign = s3_sign,
	.classify = s3_classify,
	.classify_late = s3_classify_late,
	.follow = s3_follow,
	.fail = s3_fail,
	.meta = S3_META,
	.fields = s3_fields,
	.exists = exists,
	.list = s3_list,
	.in_place = true,
	.stage_new = s3_stage_new,
	.stage_release = s3_stage_release,
	.part_size = s3_part_size,
	.send_whole = s3_send_whole,
	.send_part = s3_send_part,
	.send_complete = s3_send_complete,
	.abort = s3_abort,
	.copy = s3_copy,
};

/* Where the bucket is, by URL, options, environment and profile. */
static int find_place(struct store_s3 *s3, const char *url, struct strbuf *err)
{
	const struct store_options *options = &s3->base.options;
	const char *endpoint = options->endpoint, *region = options->region;
	int r = endpoint ? 0 : aws_creds_endpoint(s3->creds, &endpoint, err);
	if (r == 0 && !region)
		r = aws_creds_region(s3->creds, &region, err);
	return r < 0 ? r : s3_place_init(&s3->place, url, endpoint, region, options->s3_style, err);
}

int store_s3_open(const char *url, const char *writer, const struct store_options *options, struct store **ret,
	struct strbuf *err)
{
	struct store_s3 *s3 = xcalloc(1, sizeof *s3);
	struct http_config *config = &s3->base.options.http;
	remote_init(&s3->base, &operations, writer, options);
	s3->creds = aws_creds_new(&options->http);
	int r = config->ca_file ? 0 : aws_creds_ca_file(s3->creds, &config->ca_file, err);
	if (r == 0)
		r = http_new(config, &s3->base.http, err);
	if (r == 0)
		r = find_place(s3, url, err);
	if (r < 0)
		store_close(&s3->base.base);
	else
		*ret = &s3->base.base;
	return r;
}
