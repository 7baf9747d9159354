/* Expressions: hashes of texts. */
#include <errno.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "common/base/ascii.h"
#include "common/base/guard.h"
#include "common/base/whole.h"
#include "common/data/expr_func.h"
#include "common/data/value_out.h"

#define KEY_MAX (1u << 20)
#define KEY_MIN 16 /* bytes: a shorter key could be found by trying all */

static const struct value *give_hex(
	struct expr *e, struct expr_node *n, const unsigned char *sum, size_t len, struct value *tmp)
{
	struct strbuf *out = expr_text(n);
	char *p = strbuf_grow(out, len * 2);

	strbuf_extend(out, (size_t)(ascii_put_hex(p, sum, len) - p));
	return expr_give_text(e, n, VALUE_STRING, tmp);
}

/* The text of argument 0 in *RET_S. */
static size_t text_of(struct expr_node *n, const char **ret_s)
{
	const struct value *a = n->args[0];

	if (expr_is_string(a)) {
		*ret_s = a->s;
		return a->len;
	}
	value_add_text(expr_text(n), a);
	*ret_s = n->text.s;
	return n->text.len;
}

int expr_prepare_hash(struct expr_lex *lex, struct expr_node *n)
{
	const struct expr_node *kind = n->b->next;
	const char *name = kind && kind->op == EXPR_CONST && kind->value.type == VALUE_STRING ? kind->value.s : "";

	if (!kind || strcmp(name, "xxh64") == 0 || strcmp(name, "sha256") == 0)
		return 0;
	return expr_lex_fail(lex, kind->pos, "a hash is \"xxh64\" or \"sha256\"");
}

const struct value *expr_call_hash(struct expr *e, struct expr_node *n, struct value *tmp)
{
	unsigned char sum[SHA256_DIGEST_LENGTH];
	const char *s;
	size_t len = text_of(n, &s);

	if (n->count > 1 && *n->args[1]->s == 's') {
		(void)SHA256((const unsigned char *)s, len, sum); /* cannot fail: nothing is allocated */
		return give_hex(e, n, sum, sizeof sum, tmp);
	}
	XXH64_canonical_t canonical;
	XXH64_canonicalFromHash(&canonical, XXH64(s, len, 0));
	return give_hex(e, n, canonical.digest, sizeof canonical.digest, tmp);
}

int expr_prepare_hmac(struct expr_lex *lex, struct expr_node *n)
{
	const struct expr_node *file = n->b->next;

	if (file->op != EXPR_CONST || file->value.type != VALUE_STRING)
		return expr_lex_fail(lex, file->pos, "the file of the key is a string");
	int r = guard_memory();
	if (r == 0)
		r = whole_read(file->value.s, KEY_MAX, &n->key);
	if (r < 0)
		return expr_lex_fail(lex, file->pos, "cannot read '%s': %s", file->value.s, whole_strerror(r));
	if (n->key.len && n->key.s[n->key.len - 1] == '\n')
		strbuf_setlen(&n->key, n->key.len - 1);
	if (n->key.len < KEY_MIN)
		return expr_lex_fail(lex, file->pos, "the key in '%s' has %zu bytes, but needs at least %d",
			file->value.s, n->key.len, KEY_MIN);
	return 0;
}

const struct value *expr_call_hmac(struct expr *e, struct expr_node *n, struct value *tmp)
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned sum_len = 0;
	const char *s;
	size_t len = text_of(n, &s);

	if (!HMAC(EVP_sha256(), n->key.s, (int)n->key.len, (const unsigned char *)s, len, sum, &sum_len))
		return expr_fail(e, n, "libcrypto failed", tmp);
	return give_hex(e, n, sum, sum_len, tmp);
}
