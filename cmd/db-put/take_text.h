/* Records of TSV and CSV: see take.h. */
#ifndef WEIR_DB_PUT_TAKE_TEXT_H
#define WEIR_DB_PUT_TAKE_TEXT_H

#include "take_impl.h"

/* Begin.  -EINVAL with ERR (a usage error), -ENOMEM. */
int take_text_open(struct take *t, struct strbuf *err) MUST_CHECK;

/* As take_span() and take_end(). */
int take_text_span(struct take *t, struct sink_place *place, const char *s, size_t len, struct flow *flow,
	struct strbuf *err) MUST_CHECK;
int take_text_end(struct take *t, struct sink_place *place, struct flow *flow, struct strbuf *err) MUST_CHECK;

#endif
