/* Masking: see mask.h. */
#include <string.h>

#include "cmd/clean/mask.h"
#include "common/base/ascii.h"
#include "common/data/utf8.h"

/* HMAC-SHA-256 of LEN bytes at S in hexadecimal to TEXT; returns how many digits, 0: libcrypto failed. */
static size_t hmac(const struct plan *p, const char *s, size_t len, char text[2 * EVP_MAX_MD_SIZE])
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	size_t n;
	if (EVP_MAC_init(p->mac, NULL, 0, NULL) != 1 || EVP_MAC_update(p->mac, (const unsigned char *)s, len) != 1 ||
		EVP_MAC_final(p->mac, sum, &n, sizeof sum) != 1)
		return 0;
	return (size_t)(ascii_put_hex(text, sum, n) - text);
}

static bool apply_hash(const struct plan *p, struct doc *d, struct field_edit *c)
{
	char *text = scratch_get(&d->scratch, 2 * EVP_MAX_MD_SIZE);
	size_t len = hmac(p, c->v.s, c->v.len, text);
	if (len)
		doc_set_string(d, c, text, len);
	return len > 0;
}

bool mask_key_id(const struct plan *p, char ret[17])
{
	static const char text[] = "weir clean: which key";
	char digits[2 * EVP_MAX_MD_SIZE];
	if (!p->mac || hmac(p, text, sizeof text - 1, digits) < 16)
		return false;
	memcpy(ret, digits, 16);
	ret[16] = '\0';
	return true;
}

/* The last four characters, but none of a value with fewer than eight: they would reveal too much of it. */
static void apply_last4(struct doc *d, struct field_edit *c)
{
	const char *p = c->v.s, *end = p + c->v.len, *starts[4];
	size_t count = 0;
	bool scalar = c->v.type != VALUE_ARRAY && c->v.type != VALUE_OBJECT;
	while (p < end && scalar) {
		size_t n = utf8_char_len(p, (size_t)(end - p));
		starts[count++ % 4] = p;
		p += n ? n : 1;
	}
	size_t tail = count >= 8 ? (size_t)(end - starts[count % 4]) : 0;
	char *text = scratch_get(&d->scratch, 4 + tail);
	memcpy(text, "****", 4);
	if (tail)
		memcpy(text + 4, end - tail, tail);
	doc_set_string(d, c, text, 4 + tail);
}

bool apply_mask(struct plan *p, struct step *s, struct field_edit *c)
{
	struct doc *d = &p->doc;
	d->changed = true; /* of several members with the same name, those that are ignored must be removed, too */
	if (cell_null(c))
		return true;
	switch ((enum rule_mask)s->rule->choice) {
	case RULE_HASH:
		return apply_hash(p, d, c);
	case RULE_REDACT:
		doc_set_string(d, c, "***", 3);
		break;
	case RULE_LAST4:
		apply_last4(d, c);
		break;
	case RULE_NULL:
		doc_set_null(d, c);
		break;
	}
	return true;
}
