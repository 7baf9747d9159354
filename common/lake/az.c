/* The store of a container in Azure: opening and closing.  See az.h and store.h. */
#include "common/lake/az.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

static void close_az(struct remote *remote)
{
	struct store_az *az = az_of(remote);
	az_token_free(az->token);
	az_settings_release(&az->settings);
	az_place_release(&az->place);
}

static void server(const struct remote *remote, struct strbuf *ret)
{
	const struct az_place *place = &az_of_const(remote)->place;
	strbuf_addf(ret, "%s%s", place->base, place->root);
}

static const struct remote_ops operations = {
	.close = close_az,
	.server = server,
	.sum = EVP_md5,
	.path = az_path,
	.url = az_url,
	.sign = az_authorize,
	.classify = az_classify,
	.classify_late = az_classify,
	.fail = az_fail,
	.meta = AZ_META,
	.fields = az_fields,
	.exists = az_exists,
	.list = az_list,
	.stage_new = az_stage_new,
	.part_size = az_part_size,
	.send_whole = az_send_whole,
	.send_part = az_send_part,
	.send_complete = az_send_complete,
	.copy = az_copy,
};

/* Nobody may read a token on its way. */
static int check_token(const struct store_az *az, struct strbuf *err)
{
	if (az->settings.key || az->settings.sas || strncmp(az->place.base, "https:", 6) == 0)
		return 0;
	strbuf_addf(err,
		"neither AZURE_STORAGE_KEY nor AZURE_STORAGE_SAS_TOKEN is set, and no token is sent to '%s': it has no "
		"TLS",
		az->place.base);
	return -EINVAL;
}

static int check_options(const struct store_options *options, const char *url, struct strbuf *err)
{
	if (!options->region && !options->s3_style && !options->sse && !options->sse_key)
		return 0;
	strbuf_addf(err, "--region, --s3-style, --sse and --sse-key are for s3:// only, not for '%s'", url);
	return -EINVAL;
}

int store_az_open(const char *url, const char *writer, const struct store_options *options, struct store **ret,
	struct strbuf *err)
{
	struct store_az *az = xcalloc(1, sizeof *az);
	remote_init(&az->base, &operations, writer, options);
	az->token = az_token_new(&options->http);
	int r = check_options(options, url, err);
	if (r == 0)
		r = az_settings_read(&az->settings, err);
	if (r == 0)
		r = az_place_init(&az->place, url, options->endpoint, &az->settings, err);
	if (r == 0)
		r = check_token(az, err);
	if (r == 0)
		r = http_new(&options->http, &az->base.http, err);
	if (r < 0)
		store_close(&az->base.base);
	else
		*ret = &az->base.base;
	return r;
}
