/* Keys from the environment: see aws_creds.h, 1. */
#include <errno.h>

#include "common/lake/aws_creds_impl.h"

int aws_from_environment(struct aws_lookup *lookup, struct aws_keys *ret, struct strbuf *err)
{
	const char *id = aws_variable("AWS_ACCESS_KEY_ID"), *secret = aws_variable("AWS_SECRET_ACCESS_KEY");
	struct strbuf why = STRBUF_INIT;
	if (!id) {
		strbuf_addstr(aws_nowhere(lookup), "AWS_ACCESS_KEY_ID (not set)");
		return 0;
	}
	if (!secret) {
		strbuf_addstr(err, "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not");
		return -EBADMSG;
	}
	int r = aws_keys_set(ret, id, secret, aws_variable("AWS_SESSION_TOKEN"), &why);
	if (r < 0)
		strbuf_addf(err, "the keys of the environment (AWS_ACCESS_KEY_ID …) cannot be used: %s", why.s);
	strbuf_release(&why);
	return r < 0 ? r : 1;
}
