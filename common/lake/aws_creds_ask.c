/* Shared by the places that are asked for keys: see aws_creds_impl.h. */
#include <errno.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/data/time.h"
#include "common/lake/aws_creds_impl.h"
#include "common/lake/secret.h"

int aws_lookup_profile(struct aws_lookup *lookup, struct strbuf *err)
{
	int r = lookup->profile ? 0 : aws_profile_read(&lookup->profile, err);
	if (r == 0)
		lookup->asker.ca_file = aws_profile_ca_file(lookup->profile);
	return r;
}

struct strbuf *aws_nowhere(struct aws_lookup *lookup)
{
	if (lookup->nowhere.len)
		strbuf_addstr(&lookup->nowhere, "; ");
	return &lookup->nowhere;
}

int aws_refuse_expired(struct aws_keys *keys, const char *what, struct strbuf *err)
{
	char text[TIME_RFC3339_SIZE];
	if (keys->expires_ms > clock_epoch_ms())
		return 0;
	struct timespec t = {keys->expires_ms / 1000, 0};
	time_write_rfc3339(&t, text);
	strbuf_addf(err, "the keys that %s gives have expired, at %s by this machine's clock", what, text);
	aws_keys_release(keys);
	return -EBADMSG;
}

int aws_read_token(const char *path, const char *what, size_t max, struct strbuf *ret, struct strbuf *err)
{
	size_t before = ret->len;
	int r = secret_read(path, max, ret);
	if (r < 0) {
		const char *why = r == -EINVAL ? "not a regular file" : r == -EMSGSIZE ? "too long" : diag_strerror(r);
		strbuf_addf(err, "cannot read %s from '%s': %s", what, path, why);
		return r == -EINVAL || r == -EMSGSIZE ? -EBADMSG : r == -ENOENT ? -EACCES : r;
	}
	while (ret->len > before && strchr(" \t\r\n", ret->s[ret->len - 1]))
		strbuf_setlen(ret, ret->len - 1);
	for (size_t i = before; i < ret->len; i++) {
		if ((unsigned char)ret->s[i] <= ' ' || ret->s[i] == 0x7f)
			before = ret->len;
	}
	if (ret->len > before)
		return 0;
	strbuf_addf(err, "%s in '%s' is empty, or has blanks or control characters", what, path);
	return -EBADMSG;
}
