/* The rules as steps, with what is needed to apply them. */
#ifndef WEIR_CMD_CLEAN_STEP_H
#define WEIR_CMD_CLEAN_STEP_H

#include <openssl/evp.h>

#include "cmd/clean/doc.h"
#include "common/data/future.h"
#include "common/data/recent.h"

/* A rule, with what is needed to apply it. */
struct step {
	const struct rule *rule;
	int *cells; /* of its fields */
	struct time_cache times;
	struct recent recent;
	struct recent_key key; /* of the record */
	int64_t at_ms;         /* the record's time */
	bool waits;            /* add the key when the record passes */
	bool ticks;            /* it has no key, but its time advances the clock when it passes */
	uint64_t broken;       /* how many records broke the rule */
};

struct plan {
	struct doc doc;
	struct step *steps;
	size_t count;
	EVP_MAC_CTX *mac; /* of mask hash */
	bool dedupes;
	const struct future *future; /* limits times in records; borrowed; plan_init() allows any */
	int64_t now_ms;              /* the time of records without one of their own, since the epoch */
};

#endif
