/* Records of JSON: see take.h. */
#ifndef WEIR_DB_PUT_TAKE_JSON_H
#define WEIR_DB_PUT_TAKE_JSON_H

#include "take_impl.h"

/* Begin.  -ENOMEM with ERR. */
int take_json_open(struct take *t, struct strbuf *err) MUST_CHECK;
void take_json_release(struct take *t);

/* As take_span(). */
int take_json_span(struct take *t, struct sink_place *place, const char *s, size_t len, struct flow *flow,
	struct strbuf *err) MUST_CHECK;

#endif
