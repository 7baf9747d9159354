/* Findings: see check.h. */
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "common/base/visible.h"

void report_init(struct check_report *report)
{
	*report = (struct check_report){0};
	outbuf_init(&report->out, STDOUT_FILENO, "standard output");
}

/* File names may hold any byte, but a finding must be a single line. */
void report_find(void *arg, const char *text)
{
	struct check_report *report = arg;
	struct strbuf line = STRBUF_INIT;
	visible_add(&line, text, strlen(text));
	strbuf_addch(&line, '\n');
	report->findings++;
	if (outbuf_write(&report->out, line.s, line.len) < 0)
		strbuf_clear(&line); /* the error is kept for report_close() */
	strbuf_release(&line);
}

void report_status(struct check_report *report, int status, const char *text)
{
	warn("%s", text);
	if (status > report->status)
		report->status = status;
}

void report_fail(void *arg, int code, const char *text)
{
	report_status(arg, diag_status(code), text);
}

int report_close(struct check_report *report)
{
	int r = outbuf_close(&report->out);
	if (r < 0) {
		warn("cannot write standard output: %s", diag_strerror(r));
		report->status = diag_status(r);
	}
	return report->status ? report->status : report->findings ? EXIT_NO : EXIT_OK;
}
