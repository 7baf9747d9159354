/* Options of programs that open tables: see store_opt.h. */
#include "common/lake/store_opt.h"

#include <errno.h>
#include <string.h>

#include "common/base/num.h"

#define UPLOADS_MAX 64

int store_parse_uploads(const char *value, void *dest, struct strbuf *err)
{
	uint64_t n;
	if (num_u64(value, &n) < 0 || n < 1 || n > UPLOADS_MAX) {
		strbuf_addf(err, "is not a number from 1 to %d", UPLOADS_MAX);
		return -EINVAL;
	}
	*(unsigned *)dest = (unsigned)n;
	return 0;
}

/* Whether S can be the value of a header. */
static bool is_value(const char *s)
{
	for (; s && *s; s++)
		if ((unsigned char)*s < ' ' || (unsigned char)*s >= 0x7f)
			return false;
	return true;
}

const char *store_options_fault(const struct store_options *o)
{
	if (o->s3_style && strcmp(o->s3_style, "path") != 0 && strcmp(o->s3_style, "host") != 0)
		return "--s3-style is not path or host";
	if (o->sse && strcmp(o->sse, "AES256") != 0 && strcmp(o->sse, "aws:kms") != 0 &&
		strcmp(o->sse, "aws:kms:dsse") != 0)
		return "--sse is not AES256, aws:kms or aws:kms:dsse";
	if (o->sse_key && (!o->sse || strncmp(o->sse, "aws:kms", 7) != 0))
		return "--sse-key needs --sse aws:kms";
	if (!is_value(o->storage_class) || !is_value(o->tags) || !is_value(o->sse_key) || !is_value(o->region))
		return "--storage-class, --tags, --sse-key and --region are printable ASCII";
	return NULL;
}
