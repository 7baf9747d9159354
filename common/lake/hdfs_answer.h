/*
 * Parses the answers of WebHDFS and HttpFS: JSON, as described by the page "WebHDFS REST API" of Apache Hadoop.
 *
 * Layer: lake (uses base, jansson).  Servers and proxies may send anything: each function accepts any bytes, and
 * returns -EBADMSG for those that are not such an answer.
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
	int64_t file_id; /* does not change by RENAME; -1: the answer has none */
	int64_t modified_ms;
};

/* Whether these bytes are JSON at all, and complete. */
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
 * The answer to LISTSTATUS_BATCH.  EACH is called with the name and status of each item; if it does not return 0, that
 * is the result.  Otherwise the result is 1, with the last name appended to LAST, when there are more items, or 0.
 */
typedef int hdfs_item(void *arg, const char *name, const struct hdfs_status *status);
int hdfs_read_listing(const char *s, size_t len, hdfs_item *each, void *arg, struct strbuf *last) MUST_CHECK;

#endif
