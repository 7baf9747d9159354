/* Messages about refusals: see remote.h. */
#include "common/lake/remote.h"

void remote_describe(const struct remote_call *call, const char *verb, const char *path, const char *code,
	const char *text, struct strbuf *err)
{
	strbuf_addf(err, "cannot %s '%s%s%s': ", verb, call->remote->base.url, *path ? "/" : "", path);
	http_describe(call->http, *code ? code : NULL, *text ? text : NULL, err);
}

int remote_fail(struct remote_call *call, const char *verb, const char *path, struct strbuf *err)
{
	return call->remote->ops->fail(call, verb, path, err);
}
