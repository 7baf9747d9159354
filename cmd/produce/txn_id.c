/* The transactional id: see txn.h. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cmd/produce/txn.h"

/* FNV-1a, 64 bits: stable over versions, as another id would not fence a producer of the old one. */
static uint64_t hash_add(uint64_t hash, const char *s)
{
	for (; *s; s++)
		hash = (hash ^ (unsigned char)*s) * UINT64_C(0x100000001b3);
	return hash;
}

void txn_add_id(struct strbuf *id, const char *group, const char *topic, const struct mark_ranges *ranges)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	char group_len[24];
	/* or the group a-b and the topic c would have the id of a and b-c */
	snprintf(group_len, sizeof group_len, "%zu,", strlen(group));
	hash = hash_add(hash, group_len);
	for (size_t i = 0; i < ranges->count; i++) { /* they are sorted */
		char partition[16];
		snprintf(partition, sizeof partition, ":%" PRId32 ",", ranges->items[i].partition);
		hash = hash_add(hash_add(hash, ranges->items[i].topic), partition);
	}
	strbuf_addf(id, "weir-%s-%s-%016" PRIx64, group, topic, hash);
}
