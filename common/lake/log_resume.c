/*
 * Resuming a Delta table when others have removed all of our entries: see log.h.
 *
 * Positions and ids are also transactions, which checkpoints keep, so a state is made from these.  The other parts of a
 * state (the last record of each partition, and its run) are then not known, as after --set-position.
 *
 * The log is placed before the oldest entry that is left, even if the checkpoint is of a later version.  So all
 * remaining entries are examined, and one that makes the positions void is noticed (delta_rules.h).
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

/* The contents of a checkpoint that matter here. */
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

/* Note the position of `GROUP/TOPIC/PARTITION`; a group may contain '/', a topic may not. */
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

/* Whether the transaction ACTION says that its position is gone. */
static bool is_gone(json_t *action)
{
	json_t *version = json_object_get(action, "version");
	return json_is_integer(version) && json_integer_value(version) == TXN_GONE;
}

/* Note ACTION, called NAME. */
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
	else if ((rest = delta_rules_position(id)) && !is_gone(action) &&
		 take_position(resume, rest, number_in(action, "version")) < 0) {
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

/* Place LOG at VERSION, which is before the entries that are left, with the contents of RESUME. */
static void place(struct log *log, int64_t version, const struct resume *resume)
{
	log_delta_release(&log->delta);
	log->delta = (struct log_delta){
		.protocol = json_incref(resume->protocol), .meta = json_incref(resume->meta), .version = version};
	log->version = version;
	/* otherwise we have never written an entry there */
	if (json_object_size(resume->positions) || json_object_size(resume->ids))
		log->state = json_pack("{s:i,s:O,s:O,s:s*}", "v", STATE_VERSION, "positions", resume->positions, "ids",
			resume->ids, "table", text_in(resume->meta, "id"));
}

/* Report that no usable checkpoint leads to FIRST or later; V2 is the name of one that weir cannot read. */
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
	/* try the newest one first: it is the most likely to contain our txns */
	for (size_t i = 0; !done && i < list.count; i++) {
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
