/*
 * What a rule of one field does to a value: it is kept, it becomes another one, or it breaks the rule.
 *
 * Layer: data (uses rules, value, arena, libcrypto).  Where the value is in a record, and what its change does to the
 * record, is the caller's: rename, drop, keep and dedupe (dedupe.h) are about records, and are not here.
 */
#ifndef WEIR_DATA_RULES_APPLY_H
#define WEIR_DATA_RULES_APPLY_H

#include <openssl/evp.h>

#include "common/base/arena.h"
#include "common/data/rules.h"
#include "common/data/value.h"

enum rule_verdict { RULE_KEPT, RULE_SET, RULE_BROKEN };

struct rule_run {
	bool columns;        /* values are text of TSV or CSV, and stay text */
	struct arena *texts; /* of new values */
	EVP_MAC_CTX *mac;    /* mask hash: from rules_mac() */
};

/* Whether rule_value() has rules of KIND. */
bool rules_have_value(enum rule_kind kind);

/* Whether rules of KIND, which rule_value() has, may change the value. */
bool rules_change(enum rule_kind kind);

/*
 * Apply R to V.  RULE_SET: V is the new value, VALUE_TEXT when run->columns, else with its JSON in v->raw; its texts
 * are those of R, of the old value or in run->texts.  TIMES is the field's, or NULL.
 */
enum rule_verdict rule_value(
	const struct rule *r, const struct rule_run *run, struct time_cache *times, struct value *v) MUST_CHECK;

/* The number in V, of JSON or the text of a column; a JSON string is none. */
bool rules_value_number(const struct value *v, long double *ret);

/* The context for mask hash with the LEN bytes at KEY; NULL: libcrypto refuses it. */
EVP_MAC_CTX *rules_mac_of(const char *key, size_t len) MUST_CHECK;

/*
 * The same with the key in the file PATH, without a line feed at its end; EVP_MAC_CTX_free() frees it.
 * 0, or -errno with the reason in ERR.
 */
int rules_mac(EVP_MAC_CTX **ret, const char *path, struct strbuf *err) MUST_CHECK;

/* Whether R is a `mask hash`, which needs the key. */
bool rules_hash(const struct rule *r);

/* If R needs the key, append " (key …)" to the query of a state (checkpoint.h), with 16 digits that identify MAC's. */
void rules_key_id(const struct rule *r, EVP_MAC_CTX *mac, struct strbuf *query);

/* HMAC-SHA-256 of LEN bytes at S in hexadecimal to TEXT; returns how many digits, 0: libcrypto failed. */
size_t rules_hmac(EVP_MAC_CTX *mac, const char *s, size_t len, char text[2 * EVP_MAX_MD_SIZE]);

#endif
