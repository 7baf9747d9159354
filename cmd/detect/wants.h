/* The fields that detect reads, from its options. */
#ifndef WEIR_DETECT_WANTS_H
#define WEIR_DETECT_WANTS_H

#include "cmd/detect/judge.h"
#include "common/data/records.h"

struct wants {
	const char *by, *value, *time; /* NULL: not given */
	const char *as;                /* the member that is written */
};

/*
 * Ask R for the fields of W and of J's rule, and note in J where they are; *RET_OWN is where a member `as` would be, -1
 * when the input cannot have one.  FORMAT is that of --input.  0, or -EINVAL with the reason in ERR.
 */
int wants_find(const struct wants *w, struct records *r, int format, struct judge *j, int *ret_own,
	struct strbuf *err) MUST_CHECK;

#endif
