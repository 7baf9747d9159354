/*
 * lake-cat as a source: the versions of a table, in a plain or a marked stream.
 *
 * The table's id is the topic, its one partition is 0, and a version is an offset.  The core is the session of
 * common/stream, which decides; the shell around it owns the table, the output and the sinks.
 *
 * - follow: the loop, which is the only place that waits; the beginning and the end
 * - follow_read: turns versions into output, and table_rows their files
 * - follow_hear: turns what has happened into events of the session
 * - follow_act: carries out the session's actions; follow_words: its messages
 * - follow_opt: the options; position_file: how far, where no sink keeps that
 */
#ifndef WEIR_LAKE_CAT_FOLLOW_H
#define WEIR_LAKE_CAT_FOLLOW_H

#include "common/base/patience.h"
#include "common/lake/feed.h"
#include "common/stream/source_put.h"
#include "common/stream/source_watch.h"
#include "common/stream/source_words.h"
#include "follow_opt.h"
#include "position_file.h"
#include "table_rows.h"

struct follow {
	const struct follow_options *opt;
	const char *url;
	struct feed feed;
	struct source source;
	struct source_put put;
	struct cursor *cursor;         /* the one partition; the session's */
	struct position_file position; /* of --position-file, at the last look-up */

	/* What the session has asked for, and the loop has not done yet. */
	bool joining, looking, placing, committed;
	uint64_t look_number;
	int64_t committed_next;

	/* The version that is being read. */
	bool open;
	struct feed_version version;
	struct table_rows rows;
	json_t *columns;         /* of the partitions of a raw table; owned */
	bool in_file;            /* a file of it is open in ROWS */
	uint64_t version_before; /* records put before this version */

	bool remote;
	int64_t next_poll, next_check; /* when to look for a version, and whether the table is the same */
	struct patience incomplete;    /* the newest version is not published yet */

	struct source_watch watch;
	bool stop_told;
	int64_t close_by; /* the latest end of a plain stream; 0: no limit */
	bool fail_told;   /* the session was told of the failure */
	int status;       /* 0, or the exit status to end with, whose message was printed */
};

/* End with CODE after a message; only the first call has an effect.  The loop informs the session. */
#define follow_fail(f, code, ...) source_words_fail(&(f)->status, code, __VA_ARGS__)

/* follow_act.c: pass an event to the session, and carry out its actions. */
void follow_step(struct follow *f, const struct session_event *event);
void follow_step_kind(struct follow *f, enum session_event_kind kind);

/* follow_words.c: append the message for an ACTION_TELL or ACTION_FAIL. */
void follow_words(struct strbuf *out, const struct follow *f, const struct session_action *a);

/* follow_read.c: put records into the output, as long as it accepts them; false: there is nothing to read now. */
bool follow_read(struct follow *f);
void follow_read_release(struct follow *f);

/* follow_hear.c: report what has happened to the session. */
void follow_hear(struct follow *f);
void follow_hear_output(struct follow *f);

/*
 * Read the versions of the table in STORE that OPT asks for.  REMOTE: the store is not a local directory.  Returns the
 * exit status.
 */
int follow_run(const struct follow_options *opt, struct store *store, bool plain) MUST_CHECK;

#endif
