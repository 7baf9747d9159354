/* The rules at work. */
#ifndef WEIR_CMD_CLEAN_APPLY_H
#define WEIR_CMD_CLEAN_APPLY_H

#include <openssl/evp.h>

#include "cmd/clean/doc.h"
#include "common/data/future.h"
#include "common/data/recent.h"

/* A rule with what it needs while it works. */
struct step {
	const struct rule *rule;
	int *cells; /* of its fields */
	struct recent recent;
	struct recent_key key; /* of the record */
	int64_t at_ms;         /* when it is */
	bool waits;            /* the key is to be added when the record passes */
	bool ticks;            /* it has no key, but its time moves the clock when it passes */
	uint64_t broken;       /* how many records broke the rule */
};

struct plan {
	struct doc doc;
	struct step *steps;
	size_t count;
	EVP_MAC_CTX *mac; /* of mask hash */
	bool dedupes;
	const struct future *future; /* of times in records; borrowed, any by plan_init() */
	int64_t now_ms;              /* the time of records without one of their own, since the epoch */
};

/* Ask RECORDS for the rules' fields.  MEMORY is for all dedupe rules together.  -EINVAL with the reason in ERR. */
int plan_init(struct plan *p, const struct rules *rules, struct records *records, bool header, uint64_t memory,
	struct strbuf *err) MUST_CHECK;
void plan_release(struct plan *p);

/* The key of mask hash.  -EINVAL when libcrypto does not take it. */
int plan_key(struct plan *p, const char *key, size_t len) MUST_CHECK;

/* Is there a `mask .a hash`? */
bool plan_hashes(const struct plan *p);

/* Let the rules work on the record that the doc was loaded with.  NULL, or the rule that it breaks. */
struct step *plan_apply(struct plan *p);

/* The record passes: remember its keys. */
void plan_accept(struct plan *p);

/* The header D->rec: fields of the new one have their names. */
void plan_header(struct plan *p);

/* Keys that dedupe rules had to forget. */
uint64_t plan_evicted(const struct plan *p);

/* What dedupe rules keep over a restart: as the callbacks of checkpoint.h have it, SELF is a struct plan. */
void plan_save(void *self, bool full, struct checkpoint_out *out);
int plan_load(void *self, bool full, const char *s, size_t len, struct strbuf *err) MUST_CHECK;

/* Append a text that says what the keys are: the rules that they come from. */
void plan_query(const struct plan *p, struct strbuf *ret);

#endif
