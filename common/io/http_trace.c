/* The trace: a line for each try.  See http_parts.h and http.h. */
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/io/file.h"
#include "common/io/http_parts.h"

static void add_time(struct strbuf *line, int64_t epoch_ms)
{
	time_t seconds = (time_t)(epoch_ms / 1000);
	struct tm tm;
	char text[32] = "?";
	if (gmtime_r(&seconds, &tm) && !strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm))
		text[0] = '\0';
	strbuf_addf(line, "%s.%03dZ", text, (int)(epoch_ms % 1000));
}

static void add_ms(struct strbuf *line, CURL *easy, CURLINFO info)
{
	curl_off_t us = 0;
	curl_easy_getinfo(easy, info, &us);
	strbuf_addf(line, "\t%lld.%03d", (long long)(us / 1000), (int)(us % 1000));
}

static void add_bytes(struct strbuf *line, CURL *easy, CURLINFO info)
{
	curl_off_t bytes = 0;
	curl_easy_getinfo(easy, info, &bytes);
	strbuf_addf(line, "\t%lld", (long long)bytes);
}

static void write_line(struct http *http, const struct strbuf *line)
{
	int r = file_write(http->trace, line->s, line->len);
	if (r == 0)
		return;
	struct strbuf text = STRBUF_INIT;
	strbuf_addf(&text, "cannot write to '%s': %s; the trace ends here", http->config.trace, diag_strerror(r));
	if (http->config.tell)
		http->config.tell(text.s);
	strbuf_release(&text);
	close(http->trace);
	http->trace = -1;
}

void http_trace(const struct http_call *call, int error)
{
	CURL *easy = call->try.easy;
	if (call->http->trace < 0)
		return;
	struct strbuf line = STRBUF_INIT;
	add_time(&line, call->try.at_ms);
	strbuf_addf(&line, "\t%s\t", call->request.method);
	http_public_url(call->request.url, &line);
	if (error)
		strbuf_addf(&line, "\t%s", call->why.s);
	else
		strbuf_addf(&line, "\t%d", call->answer.status);
	curl_off_t tls = 0;
	curl_easy_getinfo(easy, CURLINFO_APPCONNECT_TIME_T, &tls);
	add_ms(&line, easy, tls ? CURLINFO_APPCONNECT_TIME_T : CURLINFO_CONNECT_TIME_T);
	add_ms(&line, easy, CURLINFO_STARTTRANSFER_TIME_T);
	add_ms(&line, easy, CURLINFO_TOTAL_TIME_T);
	add_bytes(&line, easy, CURLINFO_SIZE_UPLOAD_T);
	add_bytes(&line, easy, CURLINFO_SIZE_DOWNLOAD_T);
	strbuf_addf(&line, "\t%u\n", call->tries);
	write_line(call->http, &line);
	strbuf_release(&line);
}
