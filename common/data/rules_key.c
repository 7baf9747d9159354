/* The key of mask hash: see rules_apply.h. */
#include <errno.h>
#include <openssl/core_names.h>
#include <string.h>

#include "common/base/ascii.h"
#include "common/base/whole.h"
#include "common/data/rules_apply.h"

#define KEY_MAX (1u << 20)
#define KEY_MIN 16 /* bytes: a shorter key could be found by trying all */

EVP_MAC_CTX *rules_mac_of(const char *key, size_t len)
{
	char digest[] = "SHA256";
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0), OSSL_PARAM_construct_end()};
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *ctx = mac ? EVP_MAC_CTX_new(mac) : NULL;

	EVP_MAC_free(mac); /* the context holds a copy */
	if (ctx && EVP_MAC_init(ctx, (const unsigned char *)key, len, params) != 1) {
		EVP_MAC_CTX_free(ctx);
		ctx = NULL;
	}
	return ctx;
}

int rules_mac(EVP_MAC_CTX **ret, const char *path, struct strbuf *err)
{
	struct strbuf key = STRBUF_INIT;
	int r = whole_read(path, KEY_MAX, &key);

	if (key.len && key.s[key.len - 1] == '\n')
		strbuf_setlen(&key, key.len - 1);
	if (r < 0) {
		strbuf_addf(err, "cannot read '%s': %s", path, whole_strerror(r));
	} else if (key.len < KEY_MIN) {
		strbuf_addf(err,
			"the key in '%s' has %zu bytes, but needs at least %d (`openssl rand -hex 32` makes one)", path,
			key.len, KEY_MIN);
		r = -EINVAL;
	} else if (!(*ret = rules_mac_of(key.s, key.len))) {
		strbuf_addf(err, "libcrypto does not accept the key in '%s'", path);
		r = -EINVAL;
	}
	explicit_bzero(key.s, key.cap);
	strbuf_release(&key);
	return r;
}

size_t rules_hmac(EVP_MAC_CTX *mac, const char *s, size_t len, char text[2 * EVP_MAX_MD_SIZE])
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	size_t n;

	if (EVP_MAC_init(mac, NULL, 0, NULL) != 1 || EVP_MAC_update(mac, (const unsigned char *)s, len) != 1 ||
		EVP_MAC_final(mac, sum, &n, sizeof sum) != 1)
		return 0;
	return (size_t)(ascii_put_hex(text, sum, n) - text);
}

bool rules_hash(const struct rule *r)
{
	return r->kind == RULE_MASK && r->choice == RULE_HASH;
}

void rules_key_id(const struct rule *r, EVP_MAC_CTX *mac, struct strbuf *query)
{
	static const char text[] = "weir clean: which key";
	char digits[2 * EVP_MAX_MD_SIZE];

	if (rules_hash(r) && mac && rules_hmac(mac, text, sizeof text - 1, digits) >= 16)
		strbuf_addf(query, " (key %.16s)", digits);
}
