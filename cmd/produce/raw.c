/* Lines as records: the value, or with -K the key and the value. */
#include "cmd/produce/produce.h"

#include <string.h>

/* Split the line at the first separator; a line without a separator is only a value. */
static inline const char *cut_key(const struct strbuf *cut, const char *line, size_t len, size_t *ret_key_len)
{
	const char *at = cut->len == 1 ? memchr(line, cut->s[0], len) : memmem(line, len, cut->s, cut->len);
	*ret_key_len = at ? (size_t)(at - line) : 0;
	return at ? line : NULL;
}

int produce_raw(void *self, const char *s, size_t len, struct flow *flow)
{
	struct produce *p = self;
	const struct strbuf *cut = &p->opts->cut;
	const char *end = s + len;
	struct record r = {.key = p->opts->key,
		.key_len = p->opts->key ? strlen(p->opts->key) : 0,
		.partition = RD_KAFKA_PARTITION_UA,
		.headers = p->headers,
		.header_count = p->header_count};
	int status = produce_begin(p, flow);
	while (s < end && !status) {
		const char *line_end = memchr(s, flow->delim, (size_t)(end - s));
		r.value = s;
		r.value_len = (size_t)(line_end - s);
		if (cut->len && (r.key = cut_key(cut, s, r.value_len, &r.key_len))) {
			r.value = s + r.key_len + cut->len;
			r.value_len -= r.key_len + cut->len;
		}
		if (produce_is_tombstone(p, r.value, r.value_len))
			r.value = NULL, r.value_len = 0;
		status = produce_put(p, &r, s, (size_t)(line_end - s), false);
		s = line_end + 1;
	}
	/* After this, the memory of the span belongs to the driver again. */
	return status || p->place ? status : sender_flush_batch(&p->sender);
}
