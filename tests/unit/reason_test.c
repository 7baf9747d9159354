/* Unit tests of common/kafka/reason.h; the texts are those of librdkafka 2.0.2. */
#include "common/kafka/reason.h"

#include "tests/unit/check.h"

static void plain(const char *reason, const char *want)
{
	struct strbuf text = STRBUF_INIT;
	reason_plain(reason, &text);
	CHECK_STR(text.s, want);
	strbuf_release(&text);
}

static void test_reach(void)
{
	plain("localhost:1/bootstrap: Connect to ipv4#127.0.0.1:1 failed: Connection refused (after 0ms in state "
	      "CONNECT, "
	      "1 identical error(s) suppressed)",
		"localhost:1: connection refused");
	plain("sasl_ssl://h:9093/7: Connect to ipv6#[::1]:9093 failed: No route to host (after 0ms in state CONNECT)",
		"h:9093: no route to host");
	plain("GroupCoordinator: h:9093: Connect to ipv4#1.2.3.4:9093 failed: Connection refused (after 1ms in state "
	      "CONNECT)",
		"h:9093: connection refused");
	plain("n.invalid:9092/bootstrap: Failed to resolve 'n.invalid:9092': Name or service not known (after 2ms in "
	      "state "
	      "CONNECT)",
		"n.invalid:9092: the host name cannot be resolved: name or service not known");
	plain("h:1/bootstrap: ApiVersionRequest failed: Local: Timed out: probably due to broker version < 0.10 (see "
	      "api.version.request configuration) (after 10011ms in state APIVERSION_QUERY)",
		"h:1: connected, but no answer; is it a Kafka broker, and is security.protocol right?");
}

static void test_security(void)
{
	plain("sasl_plaintext://127.0.0.1:1/bootstrap: SASL PLAIN mechanism handshake failed: Broker: Request not "
	      "valid in "
	      "current SASL state: broker's supported mechanisms:  (after 1ms in state AUTH_HANDSHAKE)",
		"the broker at 127.0.0.1:1 does not speak SASL; is security.protocol right?");
	plain("ssl://h:1/bootstrap: SSL handshake failed: error:0A000126:SSL routines::unexpected eof while reading "
	      "(after "
	      "2ms in state SSL_HANDSHAKE)",
		"the broker at h:1 does not speak TLS; is security.protocol right?");
	plain("h:1/bootstrap: Disconnected while requesting ApiVersion: might be caused by incorrect security.protocol "
	      "configuration (connecting to a SSL listener?) or broker version is < 0.10 (see api.version.request) "
	      "(after "
	      "6ms in state APIVERSION_QUERY)",
		"the broker at h:1 closes the connection; does it want TLS (security.protocol)?");
	plain("sasl_ssl://h:1/bootstrap: SASL authentication error: Authentication failed: Invalid username or "
	      "password "
	      "(after 301ms in state AUTH_REQ)",
		"h:1: SASL authentication error: Authentication failed: Invalid username or password");
	plain("ssl://h:1/2: SSL handshake failed: error:0A000410:SSL routines::sslv3 alert handshake failure: SSL "
	      "alert "
	      "number 40 (after 6ms in state SSL_HANDSHAKE)",
		"h:1: SSL handshake failed: sslv3 alert handshake failure: SSL alert number 40");
	plain("ssl://h:1/2: Receive failed: error:0A00045C:SSL routines::tlsv13 alert certificate required: SSL alert "
	      "number "
	      "116 (after 0ms in state APIVERSION_QUERY)",
		"the broker at h:1 requires a client certificate (ssl.certificate.location, ssl.key.location)");
}

static void test_alerts(void)
{
	CHECK(reason_is_tls_refusal("x: tlsv13 alert certificate required: SSL alert number 116"));
	CHECK(reason_is_tls_refusal("x: sslv3 alert certificate expired: SSL alert number 45"));
	CHECK(!reason_is_tls_refusal("x: tlsv1 alert internal error: SSL alert number 80"));
	CHECK(!reason_is_tls_refusal("x: Connect to ipv4#127.0.0.1:1 failed: Connection refused"));
}

/* A text of another form is not cut. */
static void test_others(void)
{
	plain("Local: Broker transport failure", "Local: Broker transport failure");
	plain("2/2 brokers are down", "2/2 brokers are down");
	plain("", "");
	plain(": ", ": ");
	plain("error:", "error:");
	plain("FindCoordinator response error: Group authorization failed.",
		"FindCoordinator response error: Group authorization failed.");
	plain("h:1/1: Connect to ", "h:1: Connect to ");
}

static void test_duration(void)
{
	struct strbuf text = STRBUF_INIT;
	reason_add_duration(&text, 30000);
	strbuf_addch(&text, ' ');
	reason_add_duration(&text, 1500);
	CHECK_STR(text.s, "30s 1500ms");
	strbuf_release(&text);
}

int main(void)
{
	TEST(test_reach);
	TEST(test_security);
	TEST(test_alerts);
	TEST(test_others);
	TEST(test_duration);
	return check_done();
}
