/*
 * Where a Delta table goes on when others have cleaned the entries of ours away: see log.h.
 *
 * Positions and ids are transactions as well, which checkpoints keep, and from them a state is made.  What else it
 * would have (the last record of each partition, and of which run it was) is not known then, as after --set-position.
 *
 * The log is placed before the oldest entry that is left, even if the checkpoint is of a later version: so all entries
 * that are there are looked at, and one that makes the positions void is noticed (delta_rules.h).
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/lake/delta_checkpoint.h"
#include "common/lake/delta_rules.h"
#include "common/lake/json_in.h"
#include "common/lake/log.h"

#define PARTITION_MAX INT32_MAX

/* What was read of a checkpoint. */
struct resume {
	json_t *protocol, *meta, *positions, *ids;
};

static void resume_release(struct resume *resume)
{
	json_decref(resume->protocol);
	json_decref(resume->meta);
	json_decref(resume->positions);
	json_decref(resume->ids);
}

/* Take in the position of `GROUP/TOPIC/PARTITION`; groups may have a '/' in them, topics do not. */
static int take_position(struct resume *resume, const char *id, int64_t next)
{
	struct strbuf parts = STRBUF_INIT;
	strbuf_addstr(&parts, id);
	char *partition = strrchr(parts.s, '/'), *end = NULL;
	if (partition)
		*partition++ = '\0';
	char *topic = partition ? strrchr(parts.s, '/') : NULL;
	if (topic)
		*topic++ = '\0';
	errno = 0;
	long number = topic ? strtol(partition, &end, 10) : -1;
	bool good = topic && *topic && *parts.s && *partition >= '0' && *partition <= '9' && !*end && !errno &&
		    number <= PARTITION_MAX && next >= 0;
	if (good)
		json_object_set_new(object_in(object_in(resume->positions, parts.s), topic), partition,
			json_pack("{s:I}", "next", (json_int_t)next));
	strbuf_release(&parts);
	return good ? 0 : -EBADMSG;
}

/* Take in ACTION, called NAME. */
static int take(struct resume *resume, const char *name, json_t *action, struct strbuf *err)
{
	const char *id = text_in(action, "appId"), *rest;
	if (strcmp(name, "protocol") == 0 && !resume->protocol)
		resume->protocol = json_incref(action);
	else if (strcmp(name, "metaData") == 0 && !resume->meta)
		resume->meta = json_incref(action);
	if (!id)
		return 0;
	if ((rest = delta_rules_id(id)))
		json_object_set_new(resume->ids, rest, json_integer(number_in(action, "lastUpdated")));
	else if ((rest = delta_rules_position(id)) && take_position(resume, rest, number_in(action, "version")) < 0) {
		strbuf_addf(err, "the transaction '%s' is not one of a position, as its name says", id);
		return -EBADMSG;
	}
	return 0;
}

/* Read WHICH.  -EBADMSG, -ENOTSUP; or an error of the store. */
static int read_checkpoint(
	const struct log *log, struct delta_checkpoint which, struct resume *resume, struct strbuf *err)
{
	struct delta_checkpoint_in in;
	json_t *object;
	*resume = (struct resume){.positions = json_object(), .ids = json_object()};
	int r = delta_checkpoint_begin(&in, log, which, false, err), more = 1;
	while (r == 0 && (more = delta_checkpoint_next(&in, &object, err)) > 0) {
		const char *name = json_object_iter_key(json_object_iter(object));
		r = take(resume, name, json_object_get(object, name), err);
		json_decref(object);
	}
	delta_checkpoint_end(&in);
	r = r < 0 ? r : more;
	if (r == 0 && (!resume->protocol || !resume->meta)) {
		strbuf_addf(err, "the checkpoint of version %" PRId64 " of '%s' has no protocol or no schema",
			which.version, log->store->url);
		r = -EBADMSG;
	}
	return r;
}

/* Place LOG at VERSION, which is before the entries that are left, with what RESUME has. */
static void place(struct log *log, int64_t version, const struct resume *resume)
{
	log_delta_release(&log->delta);
	log->delta = (struct log_delta){
		.protocol = json_incref(resume->protocol), .meta = json_incref(resume->meta), .version = version};
	log->version = version;
	if (json_object_size(resume->positions) || json_object_size(resume->ids)) /* else none of ours was ever there */
		log->state = json_pack("{s:i,s:O,s:O,s:s*}", "v", STATE_VERSION, "positions", resume->positions, "ids",
			resume->ids, "table", text_in(resume->meta, "id"));
}

/* There is no checkpoint of FIRST or later, or an older one that leads there: V2 is the name of one that is no use. */
static int none(const struct log *log, int64_t first, const char *v2, struct strbuf *err)
{
	strbuf_addf(err,
		"the entries of '%s' before version %" PRId64
		" were cleaned away, no later one is by us, and there is no "
		"checkpoint%s%s%s: where we are cannot be known without them",
		log->store->url, first, v2 ? " but '" : "", v2 ? v2 : "",
		v2 ? "', a V2 checkpoint, which is not read" : "");
	return -EINVAL;
}

int log_delta_resume(struct log *log, int64_t first, int64_t last, struct strbuf *err)
{
	struct delta_checkpoints list;
	struct strbuf why = STRBUF_INIT;
	int r = delta_checkpoints_list(log, first - 1, last, &list, err);
	bool done = r < 0;
	for (size_t i = 0; !done && i < list.count;
		i++) { /* the newest is the least likely to be older than our txns */
		struct resume resume;
		strbuf_addstr(&why, i ? "; " : "");
		r = read_checkpoint(log, list.items[i], &resume, &why);
		if (r == 0)
			place(log, first - 1, &resume);
		done = r != -EBADMSG && r != -ENOTSUP;
		resume_release(&resume);
	}
	if (r == 0 && !list.count)
		r = none(log, first, list.v2, err);
	else if (r < 0 && list.count)
		strbuf_addstr(err, why.s);
	delta_checkpoints_release(&list);
	strbuf_release(&why);
	return r == -ENOTSUP ? -EINVAL : r;
}
