/* What the head of an answer says: see http_answer.h. */
#include "common/io/http_answer.h"

#include <curl/curl.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "common/base/ascii.h"
#include "common/base/num.h"

/* "HTTP/1.1 200 OK" */
static int status_line(struct http_answer *answer, const char *line, size_t len)
{
	const char *blank = memchr(line, ' ', len);
	if (len < 5 || memcmp(line, "HTTP/", 5) != 0 || !blank)
		return -EPROTO;
	const char *p = blank, *end = line + len;
	while (p < end && *p == ' ')
		p++;
	int status = 0, digits = 0;
	for (; p < end && ascii_is_digit(*p) && digits < 4; p++, digits++)
		status = status * 10 + (*p - '0');
	if (digits != 3 || (p < end && !ascii_is_blank(*p)))
		return -EPROTO;
	answer->status = status;
	strbuf_clear(&answer->fields);
	return 0;
}

/* A header is kept as "NAME:VALUE" and a NUL.  This removes the blanks at both ends of *LINE to *END. */
static void trim(const char **line, const char **end)
{
	while (*line < *end && ascii_is_blank(**line))
		++*line;
	while (*line < *end && ascii_is_blank((*end)[-1]))
		--*end;
}

static void continued(struct strbuf *fields, const char *line, const char *end)
{
	trim(&line, &end);
	if (!fields->len || line == end)
		return;
	strbuf_setlen(fields, fields->len - 1);
	strbuf_addch(fields, ' ');
	strbuf_add(fields, line, (size_t)(end - line));
	strbuf_addch(fields, '\0');
}

static void field(struct strbuf *fields, const char *line, const char *end)
{
	const char *colon = memchr(line, ':', (size_t)(end - line));
	if (!colon)
		return;
	const char *name_end = colon, *value = colon + 1;
	trim(&line, &name_end);
	trim(&value, &end);
	strbuf_add(fields, line, (size_t)(name_end - line));
	strbuf_addch(fields, ':');
	strbuf_add(fields, value, (size_t)(end - value));
	strbuf_addch(fields, '\0');
}

int http_answer_line(struct http_answer *answer, enum http_head *head, const char *line, size_t len)
{
	if (memchr(line, '\0', len))
		return -EPROTO;
	if (*head == HTTP_HEAD_DONE)
		return 0;
	if (*head == HTTP_HEAD_NONE) {
		int r = status_line(answer, line, len);
		*head = r ? HTTP_HEAD_NONE : HTTP_HEAD_OPEN;
		return r;
	}
	if (answer->fields.len + len > HTTP_HEAD_MOST)
		return -EMSGSIZE;
	if (!len || line[0] == '\n' || (line[0] == '\r' && (len == 1 || line[1] == '\n')))
		*head = answer->status < 200 ? HTTP_HEAD_NONE : HTTP_HEAD_DONE;
	else if (line[0] == ' ' || line[0] == '\t')
		continued(&answer->fields, line, line + len);
	else
		field(&answer->fields, line, line + len);
	return 0;
}

const char *http_field(const struct http_answer *answer, const char *name)
{
	size_t len = strlen(name);
	const char *end = answer->fields.s + answer->fields.len;
	for (const char *p = answer->fields.s; p < end; p += strlen(p) + 1)
		if (strncasecmp(p, name, len) == 0 && p[len] == ':')
			return p + len + 1 + strspn(p + len + 1, " "); /* the first header begins with a blank */
	return NULL;
}

int64_t http_date_ms(const char *date)
{
	time_t t = curl_getdate(date, NULL);
	return t < 0 ? -1 : (int64_t)t * 1000;
}

int64_t http_answer_after_ms(const struct http_answer *answer, int64_t now_epoch_ms)
{
	const char *after = http_field(answer, "Retry-After");
	uint64_t seconds;
	if (!after)
		return -1;
	int r = num_u64(after, &seconds);
	if (r == -ERANGE || (r == 0 && seconds > INT32_MAX))
		seconds = INT32_MAX;
	else if (r) {
		int64_t then = http_date_ms(after);
		if (then < 0)
			return -1;
		return then > now_epoch_ms ? then - now_epoch_ms : 0;
	}
	return (int64_t)seconds * 1000;
}

enum http_verdict http_classify(const struct http_answer *answer)
{
	switch (answer->status) {
	case 401:
		return HTTP_REFRESH;
	case 408:
	case 425:
	case 429:
	case 500:
	case 502:
	case 503:
	case 504:
		return HTTP_AGAIN;
	default:
		return HTTP_FINAL;
	}
}
