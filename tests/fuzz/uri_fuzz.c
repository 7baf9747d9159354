/* URLs: decoding undoes encoding, and a public URL shows no control character and no secret. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/io/http.h"
#include "common/io/uri.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_public(const char *text)
{
	struct strbuf url = STRBUF_INIT, shown = STRBUF_INIT;
	strbuf_addf(&url, "https://u:PASSWORD@h/%s", text);
	http_public_url(url.s, &shown);
	if (strncmp(shown.s, "https://h/", 10) != 0)
		abort();
	strbuf_clear(&url);
	strbuf_clear(&shown);
	strbuf_addf(&url, "%s&X-Amz-Signature=SECRET", text);
	http_public_url(url.s, &shown);
	if (strchr(text, '?') && !strchr(text, '#') && !strstr(shown.s, "&X-Amz-Signature=***"))
		abort();
	for (size_t i = 0; i < shown.len; i++)
		if ((unsigned char)shown.s[i] < ' ')
			abort();
	strbuf_release(&url);
	strbuf_release(&shown);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf text = STRBUF_INIT, plain = STRBUF_INIT, again = STRBUF_INIT;
	if (uri_decode(&plain, (const char *)data, size) == 0 && plain.len > size)
		abort();
	strbuf_clear(&plain);
	uri_encode(&text, (const char *)data, size, size % 2);
	if (strspn(text.s, "%/0123456789-._~ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") != text.len)
		abort();
	int r = uri_decode(&plain, text.s, text.len);
	if (r ? !memchr(data, '\0', size) : plain.len != size || (size && memcmp(plain.s, data, size) != 0))
		abort();
	strbuf_add(&again, data, size);
	check_public(again.s);
	strbuf_release(&text);
	strbuf_release(&plain);
	strbuf_release(&again);
	return 0;
}
