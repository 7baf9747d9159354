/* librdkafka's errors in plain English: see reason.h. */
#include "common/kafka/reason.h"

#include <ctype.h>
#include <string.h>

/* The parts of the text of an event about a broker. */
struct event_words {
	const char *broker;
	size_t broker_len; /* 0: the event is about no broker */
	const char *what;
	size_t what_len;
};

/* The meaning of an event that contains these words; `%` stands for the broker. */
static const struct {
	const char *words, *meaning;
} meanings[] = {
	{"handshake failed: Broker: Request not valid in current SASL state",
		"the broker at % does not speak SASL; is security.protocol right?"},
	{"SSL handshake failed: Disconnected", "the broker at % does not speak TLS; is security.protocol right?"},
	{"unexpected eof while reading", "the broker at % does not speak TLS; is security.protocol right?"},
	{"wrong version number", "the broker at % does not speak TLS; is security.protocol right?"},
	{"connecting to a SSL listener?",
		"the broker at % closes the connection; does it want TLS (security.protocol)?"},
	{"broker might require SASL", "the broker at % closes the connection; does it want SASL (security.protocol)?"},
	{"ApiVersionRequest failed: Local: Timed out",
		"%: connected, but no answer; is it a Kafka broker, and is security.protocol right?"},
	{"alert certificate required",
		"the broker at % requires a client certificate (ssl.certificate.location, ssl.key.location)"},
	{"alert bad certificate",
		"the broker at % refuses the client's certificate, or requires one (ssl.certificate.location)"},
};

static void skip(struct event_words *p, size_t n)
{
	p->what += n;
	p->what_len -= n;
}

/* Split `PROTOCOL://HOST:PORT/ID: WHAT (after …)`, perhaps with the role of the broker before it. */
static struct event_words cut(const char *reason)
{
	static const char *const roles[] = {"GroupCoordinator: ", "TxnCoordinator: "};
	struct event_words p = {.what = reason, .what_len = strlen(reason)};
	const char *after = strstr(reason, " (after ");
	if (after)
		p.what_len = (size_t)(after - reason);
	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
		if (strncmp(p.what, roles[i], strlen(roles[i])) == 0)
			skip(&p, strlen(roles[i]));
	const char *end = memmem(p.what, p.what_len, ": ", 2);
	const char *protocol = memmem(p.what, p.what_len, "://", 3);
	if (!end)
		return p;
	p.broker = protocol && protocol < end ? protocol + 3 : p.what;
	p.broker_len = (size_t)(end - p.broker);
	const char *id = memchr(p.broker, '/', p.broker_len);
	if (id)
		p.broker_len = (size_t)(id - p.broker);
	if (!memchr(p.broker, ':', p.broker_len) || memchr(p.broker, ' ', p.broker_len))
		p.broker_len = 0;
	else
		skip(&p, (size_t)(end + 2 - p.what));
	return p;
}

static void add_meaning(struct strbuf *text, const char *meaning, const struct event_words *p)
{
	for (; *meaning; meaning++) {
		if (*meaning != '%')
			strbuf_addch(text, *meaning);
		else if (p->broker_len)
			strbuf_add(text, p->broker, p->broker_len);
		else
			strbuf_addstr(text, "the other end");
	}
}

/* Append the WORDS of OpenSSL's `error:0A00045C:SSL routines::WORDS`; the rest is of use only to developers. */
static void add_without_codes(struct strbuf *text, const struct event_words *p)
{
	const char *s = p->what, *end = s + p->what_len, *code, *words;
	while ((code = memmem(s, (size_t)(end - s), "error:", 6)) &&
		(words = memmem(code, (size_t)(end - code), "::", 2))) {
		strbuf_add(text, s, (size_t)(code - s));
		s = words + 2;
	}
	strbuf_add(text, s, (size_t)(end - s));
}

/* Append the system's text for an errno or a failed look-up, for the middle of a sentence. */
static void add_lower(struct strbuf *text, const char *s, const char *end)
{
	strbuf_addch(text, (char)tolower((unsigned char)*s));
	strbuf_add(text, s + 1, (size_t)(end - s - 1));
}

void reason_plain(const char *reason, struct strbuf *text)
{
	struct event_words p = cut(reason);
	const char *end = p.what + p.what_len, *words;
	for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
		if (strstr(reason, meanings[i].words)) {
			add_meaning(text, meanings[i].meaning, &p);
			return;
		}
	if (p.broker_len) {
		strbuf_add(text, p.broker, p.broker_len);
		strbuf_addstr(text, ": ");
	}
	if (strncmp(p.what, "Connect to ", 11) == 0 && (words = memmem(p.what, p.what_len, " failed: ", 9))) {
		add_lower(text, words + 9, end);
	} else if (strncmp(p.what, "Failed to resolve ", 18) == 0 && (words = memmem(p.what, p.what_len, "': ", 3))) {
		strbuf_addstr(text, "the host name cannot be resolved: ");
		add_lower(text, words + 3, end);
	} else {
		add_without_codes(text, &p);
	}
}

bool reason_is_tls_refusal(const char *reason)
{
	return strstr(reason, "SSL alert number") && !strstr(reason, "alert internal error");
}

void reason_add_duration(struct strbuf *text, long long timeout_ms)
{
	if (timeout_ms % 1000 == 0)
		strbuf_addf(text, "%llds", timeout_ms / 1000);
	else
		strbuf_addf(text, "%lldms", timeout_ms);
}
