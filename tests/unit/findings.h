/* For unit tests of tables: an audit of the log, and its findings. */
#ifndef WEIR_TESTS_FINDINGS_H
#define WEIR_TESTS_FINDINGS_H

#include "common/lake/audit.h"
#include "tests/unit/check.h"

static struct strbuf found = STRBUF_INIT; /* findings and failures, each with a line feed after it */

/* ARG: NULL, or a uint64_t that counts. */
static inline void find(void *arg, const char *text)
{
	uint64_t *count = arg;
	if (count)
		++*count;
	strbuf_addf(&found, "%s\n", text);
}

static inline void fail(void *arg, int code, const char *text)
{
	(void)code;
	find(arg, text);
}

/* Audit the log of STORE; returns how many are in `found`. */
static inline uint64_t audit_store(struct store *store)
{
	struct audit audit;
	struct strbuf err = STRBUF_INIT;
	uint64_t count = 0;
	strbuf_clear(&found);
	audit_init(&audit, find, fail, &count);
	CHECK_INT(audit_log(&audit, store, &err), 0);
	audit_release(&audit);
	strbuf_release(&err);
	return count;
}

/* An audit of the table in STORE has exactly the EXPECTED findings, one after the other, each with a line feed. */
static inline void check_audit(struct store *store, const char *expected)
{
	audit_store(store);
	CHECK_STR(found.s, expected);
}

#endif
