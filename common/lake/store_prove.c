/* Whether a store refuses to create what exists: see store.h. */
#include <errno.h>

#include "common/lake/store.h"

/* Put the proof PATH twice; the second time it must be refused. */
static int prove(struct store *store, const char *path, struct strbuf *err)
{
	struct strbuf first = STRBUF_INIT, second = STRBUF_INIT, refusal = STRBUF_INIT;
	strbuf_addstr(&first, "{}\n");
	strbuf_addstr(&second, "[]\n");
	int r = store_put_if_absent(store, path, &first, err);
	if (r == 0) {
		int again = store_put_if_absent(store, path, &second, &refusal);
		if (again == 0)
			strbuf_addf(err,
				"'%s' is in a store that overwrites an object although the request says not to "
				"(If-None-Match): two writers would lose each other's commits there",
				store->url);
		else if (again != -EEXIST)
			strbuf_addstr(err, refusal.s);
		r = again == -EEXIST ? 0 : again == 0 ? -EINVAL : again;
	}
	strbuf_release(&first);
	strbuf_release(&second);
	strbuf_release(&refusal);
	return r;
}

int store_prove(struct store *store, struct strbuf *err)
{
	char uuid[UUID_LEN + 1];
	struct strbuf path = STRBUF_INIT, ignored = STRBUF_INIT;
	if (!store->ops->remote)
		return 0;
	int r = uuid_new(uuid, err);
	strbuf_addf(&path, ".proof-%s", uuid);
	if (r == 0) {
		r = prove(store, path.s, err);
		int end = store_remove(store, path.s, r == 0 ? err : &ignored);
		r = r == 0 ? end : r;
	}
	strbuf_release(&path);
	strbuf_release(&ignored);
	return r;
}
