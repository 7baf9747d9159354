/* Fuzz target: keys as credential_process, the metadata services and STS give them (common/lake/aws_keys.h). */
#include "common/lake/aws_keys.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/lake/aws_sign.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Keys that were taken can sign, and nothing is left of those that were not. */
static void check(int r, struct aws_keys *keys, struct strbuf *err)
{
	static const char hash[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
	const struct aws_request request = {"GET", "h", "/", NULL, NULL, 0, hash, "us-east-1", "s3"};
	struct strbuf signature = STRBUF_INIT;
	if (r < 0 ? !err->len || keys->id || keys->secret || keys->token : err->len > 0)
		abort();
	if (r == 0 && aws_sign(&request, &(struct aws_key){keys->id, keys->secret, keys->token}, 0, &signature) < 0)
		abort();
	aws_keys_release(keys);
	strbuf_release(&signature);
	strbuf_clear(err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf err = STRBUF_INIT;
	struct aws_keys keys = {0};
	const char *s = (const char *)data;
	char *code, *text;
	check(aws_keys_json(s, size, true, &keys, &err), &keys, &err);
	check(aws_keys_json(s, size, false, &keys, &err), &keys, &err);
	check(aws_keys_xml(s, size, &keys, &err), &keys, &err);
	aws_error_xml(s, size, &code, &text);
	free(code);
	free(text);
	strbuf_release(&err);
	return 0;
}
