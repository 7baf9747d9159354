/*
 * lake-check: checks that a table agrees with its log, and that it has the records of the topic.
 *
 * main.c has the options, report.c the findings, kinds.c the differences between raw and Delta tables, act.c the
 * changes of --repair and --clean, move.c --set-position and --rename-group, undo.c --undo-head, against.c --against,
 * topic.c the comparison with Kafka, count.c the reading for it.
 */
#ifndef WEIR_LAKE_CHECK_CHECK_H
#define WEIR_LAKE_CHECK_CHECK_H

#include "common/base/opt.h"
#include "common/io/outbuf.h"
#include "common/kafka/conf.h"
#include "common/lake/audit.h"
#include "common/lake/store_opt.h"

struct check_options {
	struct kafka_opts kafka;
	bool quick, repair, clean, undo, also_group;
	int64_t older_ms;    /* --older-than, -1: not given */
	const char *host;    /* --host, or NULL */
	const char *against; /* another table, or NULL */
	struct opt_list moves;
	const char *group, *reason, *rename; /* or NULL */
	int64_t timeout_ms;
	struct store_options store;
};

/* What differs between the kinds of tables. */
struct table_checks {
	/* audit_log() and what follows it in audit.h, or the same of audit_delta.h */
	int (*log)(struct audit *audit, struct store *store, struct strbuf *err);
	void (*files)(struct audit *audit, struct store *store, bool quick, int64_t before_ms);
	void (*rest)(struct audit *audit, struct store *store, const struct survey *first, const struct survey *second,
		int64_t before_ms);
	/* --repair: publish the files that any entry names; NULL: they are published before */
	int (*publish)(struct audit *audit, struct store *store, struct audit_published *ret, struct strbuf *err);
	/* --clean: remove the files that stages of CLAIM have become, which are added to RET; NULL: there are none */
	int (*remove_claimed)(struct audit *audit, struct store *store, const struct claim *claim, struct names *ret,
		struct strbuf *err);
	/* --clean: whether FOUND, a file, is one that a writer of ours has left; NULL: none can be */
	bool (*is_left)(
		const struct audit *audit, const struct survey *survey, const struct found *found, int64_t before_ms);
};

/* Those of the table in STORE; errors of log_find_kind(). */
int find_checks(struct store *store, const struct table_checks **ret, struct strbuf *err) MUST_CHECK;

/* A table without OPTION, because it is a Delta table: the message; returns the exit status. */
int refuse_delta(const struct store *store, const char *option, const char *why);

/* The results: findings go to standard output, and things that could not be examined to standard error. */
struct check_report {
	struct outbuf out;
	uint64_t findings;
	int status; /* the worst status of the things that could not be examined */
};
void report_init(struct check_report *report);
/* The callbacks of struct audit; ARG is a struct check_report. */
void report_find(void *arg, const char *text);
void report_fail(void *arg, int code, const char *text);
/* Report TEXT with another exit status. */
void report_status(struct check_report *report, int status, const char *text);
/* Flush; returns the exit status of all. */
int report_close(struct check_report *report);

/* The time before which the last change of a file must lie, by --older-than and the clock of STORE. */
int64_t before_of(struct store *store, const struct check_options *opt);

/*
 * Carry out --repair and --clean, and report that on standard error.  Nothing is cleaned when the log has findings.
 * Returns 0, or an exit status after a message.
 */
int repair_and_clean(struct store *store, const struct table_checks *checks, const struct check_options *opt);

/* --set-position.  Returns the exit status. */
int move_positions(const char *url, const struct check_options *opt, const struct opt_spec *spec);

/* --rename-group OPT->rename NEW_GROUP.  Returns the exit status. */
int rename_group(const char *url, const struct check_options *opt, const char *new_group);

/* --undo-head.  Returns the exit status. */
int undo(const char *url, const struct check_options *opt);

/* --against.  Returns the exit status. */
int compare_tables(const char *url, const struct check_options *opt);

/* Compare AUDIT with the topics; consumes CONF, for reading ends, and CONSUMER, for reading records. */
void compare_topics(struct audit *audit, const struct check_options *opt, rd_kafka_conf_t *conf,
	rd_kafka_conf_t *consumer, struct check_report *report);

struct topic_reader {
	rd_kafka_t *rk;
	int64_t timeout_ms;
};

/*
 * How many records the topic has at the offsets of SPAN: 0 or more; -1 when some of them have been deleted, -2 after a
 * failure, which is in REPORT.
 */
int64_t count_records(const struct topic_reader *reader, const struct audit_part *part, const struct audit_span *span,
	struct check_report *report);

/* The record at OFFSET of PART: 1 and its identity; 0 when it has been deleted; -2 as above. */
int read_identity(const struct topic_reader *reader, const struct audit_part *part, int64_t offset, int64_t *ret_ms,
	uint32_t *ret_crc, struct check_report *report);

#endif
