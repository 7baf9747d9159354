/* The rules as steps, with what is needed to apply them. */
#ifndef WEIR_CMD_CLEAN_STEP_H
#define WEIR_CMD_CLEAN_STEP_H

#include "cmd/clean/doc.h"
#include "common/data/dedupe.h"
#include "common/data/rules_apply.h"

/* A rule, with what is needed to apply it. */
struct step {
	const struct rule *rule;
	int *cells; /* of its fields */
	struct time_cache times;
	size_t number;   /* of a dedupe: what dedupe_add() said */
	uint64_t broken; /* how many records broke the rule */
};

struct plan {
	struct doc doc;
	struct step *steps;
	size_t count;
	EVP_MAC_CTX *mac; /* of mask hash */
	struct dedupe dedupe;
};

#endif
