/*
 * What WebHDFS and HttpFS answer: JSON, as the page "WebHDFS REST API" of Apache Hadoop describes it.
 *
 * Layer: lake (uses base, jansson).  Servers, and what stands between, may send anything: each function takes any
 * bytes, and returns -EBADMSG for those that are not such an answer.
 */
#ifndef WEIR_LAKE_HDFS_ANSWER_H
#define WEIR_LAKE_HDFS_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/strbuf.h"

/* A file or directory. */
struct hdfs_status {
	bool is_dir;
	uint64_t size;
	int64_t file_id; /* survives RENAME; -1: the answer has none */
	int64_t modified_ms;
};

/* Whether that is JSON at all, and whole. */
bool hdfs_is_json(const char *s, size_t len);

/*
 * The exception in the body of a refusal: its NAME without package ("AccessControlException"), cut to SIZE bytes, and
 * the first line of its message, appended to TEXT.
 */
int hdfs_read_exception(const char *s, size_t len, char *name, size_t size, struct strbuf *text) MUST_CHECK;

/* {"boolean":true}: 1, false: 0. */
int hdfs_read_boolean(const char *s, size_t len) MUST_CHECK;

/* {"Location":"http://…"}, appended to RET. */
int hdfs_read_location(const char *s, size_t len, struct strbuf *ret) MUST_CHECK;

/* The answer to GETFILESTATUS. */
int hdfs_read_status(const char *s, size_t len, struct hdfs_status *ret) MUST_CHECK;

/*
 * The answer to LISTSTATUS_BATCH.  EACH gets name and status of each item; what it returns other than 0 is the
 * result.  Else it is 1, with the last name appended to LAST, when there are more items, or 0.
 */
typedef int hdfs_item(void *arg, const char *name, const struct hdfs_status *status);
int hdfs_read_listing(const char *s, size_t len, hdfs_item *each, void *arg, struct strbuf *last) MUST_CHECK;

#endif
