/* Why a try has no answer, from libcurl's codes: see http_parts.h. */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "common/base/visible.h"
#include "common/io/http_parts.h"

enum { NAME_TRIES = 5 }; /* tries before a name counts as unknown */

static const struct failure {
	CURLcode code;
	int error;
	bool hopeless;
	const char *text; /* NULL: libcurl's own */
} failures[] = {
	{CURLE_COULDNT_RESOLVE_HOST, -EHOSTUNREACH, false, NULL},
	{CURLE_COULDNT_RESOLVE_PROXY, -EHOSTUNREACH, false, NULL},
	{CURLE_OPERATION_TIMEDOUT, -ETIMEDOUT, false, "no connection in time"},
	{CURLE_SEND_ERROR, -ECONNRESET, false, NULL}, {CURLE_RECV_ERROR, -ECONNRESET, false, NULL},
	{CURLE_SEND_FAIL_REWIND, -ECONNRESET, false, "the connection was closed without an answer"},
	{CURLE_ABORTED_BY_CALLBACK, -ECONNRESET, false, "the connection was closed without an answer"},
	{CURLE_GOT_NOTHING, -ECONNRESET, false, "the connection was closed without an answer"},
	{CURLE_PARTIAL_FILE, -ECONNRESET, false, "the answer was cut off"},
	{CURLE_UNSUPPORTED_PROTOCOL, -EPROTO, true, "what came is not HTTP"},
	{CURLE_WEIRD_SERVER_REPLY, -EPROTO, true, "what came is not HTTP"},
	{CURLE_HTTP2, -EPROTO, true, "what came is not HTTP"}, {CURLE_BAD_CONTENT_ENCODING, -EPROTO, true, NULL},
	{CURLE_PEER_FAILED_VERIFICATION, -EACCES, true, NULL}, {CURLE_SSL_CACERT_BADFILE, -EACCES, true, NULL},
	{CURLE_SSL_CERTPROBLEM, -EACCES, true, NULL}, {CURLE_SSL_ISSUER_ERROR, -EACCES, true, NULL},
	{CURLE_SSL_CIPHER, -EACCES, true, NULL}, {CURLE_SSL_CONNECT_ERROR, -EACCES, false, NULL},
	{CURLE_PROXY, -EACCES, true, NULL}, {CURLE_URL_MALFORMAT, -EINVAL, true, "the URL cannot be understood"},
	{CURLE_OUT_OF_MEMORY, -EMSGSIZE, true, "the answer is too long"}, /* for a header over 100 KiB */
};

/* TEXT, in which the user and the password before the host of a URL in quotes are not shown. */
static void add_without_secrets(struct strbuf *why, const char *text, size_t len)
{
	const char *quote = memchr(text, '\'', len),
		   *at = quote ? memrchr(quote, '@', len - (size_t)(quote - text)) : NULL;
	if (!at) {
		visible_add(why, text, len);
		return;
	}
	visible_add(why, text, (size_t)(quote + 1 - text));
	strbuf_addstr(why, "***");
	visible_add(why, at, len - (size_t)(at - text));
}

/* Messages do not begin with a capital, unless it is that of an abbreviation. */
static void add_text(struct strbuf *why, const char *text)
{
	size_t start = why->len;
	add_without_secrets(why, text, strcspn(text, "\r\n"));
	char *s = why->s + start;
	if (s[0] && islower((unsigned char)s[1]))
		s[0] = (char)tolower((unsigned char)s[0]);
}

/*
 * The proxy, if a proxy and not the server has refused.  Only libcurl's text shows that: "Failed to connect to HOST
 * port PORT after 0 ms: …".
 */
static void add_proxy(CURL *easy, const char *text, struct strbuf *why)
{
	static const char before[] = "Failed to connect to ", between[] = " port ";
	const char *url = NULL, *host = text + sizeof before - 1, *port;
	if (strncmp(text, before, sizeof before - 1) != 0 || !(port = strstr(host, between)))
		return;
	size_t len = (size_t)(port - host), digits = strspn(port + sizeof between - 1, "0123456789");
	struct strbuf peer = STRBUF_INIT;
	visible_add(&peer, host, len);
	strbuf_addf(&peer, ":%.*s", (int)digits, port + sizeof between - 1);
	curl_easy_getinfo(easy, CURLINFO_EFFECTIVE_URL, &url);
	const char *authority = url ? strstr(url, "://") : NULL;
	/* a URL without a port is one of https, where the port alone does not show whether a proxy refused */
	if (authority && strncmp(authority + 3, host, len) != 0 && strncmp(authority + 4, host, len) != 0)
		strbuf_addf(why, " by the proxy %s", peer.s);
	else if (authority && authority[3 + len] == ':' && strncmp(authority + 3, peer.s, peer.len) != 0)
		strbuf_addf(why, " by the proxy %s", peer.s);
	strbuf_release(&peer);
}

static void no_connection(CURL *easy, const char *text, struct http_outcome *ret, struct strbuf *why)
{
	long os = 0;
	curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &os);
	ret->error = os == ECONNREFUSED || os == ETIMEDOUT ? (int)-os : -EHOSTUNREACH;
	add_text(why, os ? diag_strerror((int)os) : "no connection");
	add_proxy(easy, text, why);
}

/* The proxy has answered a CONNECT; refusals that may pass are tried again. */
static bool proxy_refuses(CURL *easy, struct http_outcome *ret, struct strbuf *why)
{
	long status = 0;
	curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &status);
	if (status == 0 || status / 100 == 2)
		return false;
	ret->error = -EACCES;
	ret->hopeless = http_classify(&(struct http_answer){.status = (int)status}) != HTTP_AGAIN;
	strbuf_addf(why, "the proxy refuses, with status %ld", status);
	return true;
}

/*
 * A mistyped name stays unknown; a name that was just created, or that a starting name server does not have yet,
 * becomes known.  So an unknown name gets a few tries, which take a second at most.
 */
static bool no_such_host(const char *text, unsigned tries, struct strbuf *why)
{
	static const char host[] = "Could not resolve host: ", proxy[] = "Could not resolve proxy: ";
	const char *name = strncmp(text, host, sizeof host - 1) == 0     ? text + sizeof host - 1
			   : strncmp(text, proxy, sizeof proxy - 1) == 0 ? text + sizeof proxy - 1
									 : NULL;
	size_t len = name ? strcspn(name, " \r\n") : 0;
	if (tries % NAME_TRIES != 0 || !len || !http_name_unknown(name, len))
		return false;
	strbuf_addstr(why, "there is no host '");
	visible_add(why, name, len);
	strbuf_addstr(why, "': the name is not known");
	return true;
}

void http_failure(
	CURL *easy, CURLcode code, const char *text, unsigned tries, struct http_outcome *ret, struct strbuf *why)
{
	if (strncmp(text, "Unsupported proxy ", 18) == 0) {
		ret->error = -EINVAL;
		ret->hopeless = true;
		add_text(why, text);
		return;
	}
	if (code == CURLE_COULDNT_CONNECT) {
		no_connection(easy, text, ret, why);
		return;
	}
	if (code == CURLE_RECV_ERROR && proxy_refuses(easy, ret, why))
		return;
	struct failure found = {code, -EIO, true, NULL};
	bool named = code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY;
	for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++)
		if (failures[i].code == code)
			found = failures[i];
	ret->error = found.error;
	ret->hopeless = found.hopeless || (named && no_such_host(text, tries, why));
	if (named && ret->hopeless)
		return;
	if (code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR) {
		strbuf_addstr(why, "the connection broke");
		if (!text[0])
			return;
		strbuf_addstr(why, ": ");
		const char *reason = strstr(text, " failure: "); /* "Recv failure: Connection reset by peer" */
		text = reason ? reason + 10 : text;
	}
	/*
	 * OpenSSL has understood what it received and rejects it; otherwise the connection broke during the handshake.
	 */
	if (code == CURLE_SSL_CONNECT_ERROR)
		ret->hopeless = strstr(text, "error:") != NULL;
	add_text(why, found.text ? found.text : text[0] ? text : curl_easy_strerror(code));
}
