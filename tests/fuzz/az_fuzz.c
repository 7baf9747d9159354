/*
 * Fuzz target: what the store of Azure reads: connection strings, tokens, listings, refusals (common/lake/az.h).  Each
 * is read or refused with a reason; what was read can be used.
 */
#include "common/lake/az.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/lake/az_sign.h"
#include "common/lake/secret.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* No name is handed out that is not below the prefix, and none that is empty. */
static int each(void *arg, const char *path, bool is_dir, uint64_t size, int64_t modified_ms)
{
	(void)arg;
	(void)is_dir;
	(void)size;
	if (!*path || modified_ms < 0)
		abort();
	return 0;
}

static void read_settings(const char *text)
{
	struct strbuf err = STRBUF_INIT, header = STRBUF_INIT;
	struct az_settings settings;
	struct az_place place;
	int r = az_connection_string(text, &settings, &err);
	if (!r != !err.len)
		abort();
	const struct az_request request = {.method = "GET", .account = "a", .path = "/"};
	if (r == 0 && settings.key && az_sign(&request, settings.key, &header) < 0)
		abort();
	if (r == 0 && az_place_init(&place, "az://data/x", NULL, &settings, &err) == 0)
		az_place_release(&place);
	if (strstr(text, "://") && az_place_init(&place, text, NULL, &(struct az_settings){0}, &err) == 0)
		az_place_release(&place);
	az_settings_release(&settings);
	strbuf_release(&err);
	strbuf_release(&header);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf err = STRBUF_INIT, marker = STRBUF_INIT;
	struct http_answer answer = {.status = 409, .body = STRBUF_INIT, .fields = STRBUF_INIT};
	struct az_error error;
	char *text = xcalloc(size + 1, 1), *token;
	int64_t end;
	memcpy(text, data, size);
	read_settings(text);
	if (az_token_read(text, size, 0, &token, &end, &err) == 0)
		secret_free(token);
	int r = az_list_read(text, size, "p/", each, NULL, &marker, &err);
	if (r < 0 && r != -EBADMSG)
		abort();
	strbuf_add(&answer.body, text, size);
	az_error_read(&answer, &error);
	az_error_release(&error);
	free(text);
	strbuf_release(&answer.body);
	strbuf_release(&err);
	strbuf_release(&marker);
	return 0;
}
