/* --undo-head: see check.h and common/lake/undo.h. */
#include "common/lake/undo.h"

#include <errno.h>
#include <inttypes.h>

#include "check.h"

/* Print what was undone, and where reading goes on. */
static void tell(const struct undo *undo)
{
	struct strbuf text = STRBUF_INIT;
	const char *group, *topic, *partition;
	json_t *topics, *partitions, *at;
	if (undo->entry.info)
		entry_describe(&undo->entry, &text);
	else
		strbuf_addstr(&text, "damaged");
	if (undo->first == undo->last)
		warn("version %" PRId64 " is undone (%s)", undo->last, text.s);
	else
		warn("versions %" PRId64 " to %" PRId64 " are undone (%s)", undo->first, undo->last, text.s);
	json_object_foreach(json_object_get(undo->state, "positions"), group, topics)
	{
		json_object_foreach(topics, topic, partitions)
		{
			json_object_foreach(partitions, partition, at)
			{
				warn("topic '%s', partition %s, group '%s': at %" JSON_INTEGER_FORMAT, topic, partition,
					group, json_integer_value(json_object_get(at, "next")));
			}
		}
	}
	strbuf_release(&text);
}

/* Whether the user has asked for something impossible, or another process has done it meanwhile. */
static int status_of(int r)
{
	switch (r) {
	case 0:
		return EXIT_OK;
	case -EINVAL: /* nothing to undo */
		return EXIT_NO;
	case -EEXIST:
	case -EBADMSG:
		return EXIT_DATA;
	case -ESTALE:
	case STORE_UNKNOWN:
		return EXIT_TEMP;
	default:
		return diag_status(r);
	}
}

/* Undo the newest commit of the raw table in STORE; returns the exit status. */
static int undo_in(struct store *store, const struct check_options *opt)
{
	struct strbuf err = STRBUF_INIT;
	struct undo done = {0};
	int r = undo_head(store, opt->reason, &done, &err);
	if (r == 0)
		tell(&done);
	else
		warn("%s%s", err.s, r == STORE_UNKNOWN ? "; whether it is undone is not known" : "");
	undo_release(&done);
	strbuf_release(&err);
	return status_of(r);
}

int undo(const char *url, const struct check_options *opt)
{
	struct strbuf err = STRBUF_INIT;
	struct store *store = NULL;
	enum table_kind kind = TABLE_RAW;
	int status, r = store_open_writer(url, NULL, &opt->store, &store, &err);
	if (r == 0)
		r = log_find_kind(store, &kind, &err);
	if (r < 0) {
		warn("%s", err.s);
		status = (int)diag_status(r);
	} else if (kind == TABLE_DELTA) {
		status = refuse_delta(store, "--undo-head", "another engine's RESTORE takes a commit back");
	} else {
		status = undo_in(store, opt);
	}
	store_close(store);
	strbuf_release(&err);
	return status;
}
