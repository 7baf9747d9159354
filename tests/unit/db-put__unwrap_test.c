/* Unit tests of records that say what happened to a row: unwrap, tombstone. */
#include <errno.h>
#include <string.h>

#include "cmd/db-put/tombstone.h"
#include "cmd/db-put/unwrap.h"
#include "tests/unit/check.h"

/* What the event TEXT says: `put BEFORE AFTER`, or `! ` and the reason why nothing. */
static void unwrap_as(const char *text, const char *want)
{
	static const char *const ops[] = {"put", "delete", "nothing"};
	struct strbuf out = STRBUF_INIT, why = STRBUF_INIT;
	struct unwrap_change c;
	struct members events;
	struct unwrap u;
	const char *rec;
	size_t len;
	CHECK_INT(members_init(&events, unwrap_members, UNWRAP_MEMBERS), 0);
	CHECK_INT(unwrap_init(&u), 0);
	members_span(&events, text, strlen(text), '\n');
	CHECK_INT(members_next(&events, &rec, &len), 1);
	int r = unwrap_event(&u, events.values, &c, &why);
	if (r < 0) {
		CHECK_INT(r, -EINVAL);
		strbuf_addf(&out, "! %s", why.s);
	} else {
		strbuf_addf(&out, "%s ", ops[c.op]);
		strbuf_add(&out, c.before.s ? c.before.s : "-", c.before.s ? c.before.len : 1);
		strbuf_addch(&out, ' ');
		strbuf_add(&out, c.after.s ? c.after.s : "-", c.after.s ? c.after.len : 1);
	}
	CHECK_STR(out.s, want);
	members_release(&events);
	unwrap_release(&u);
	strbuf_release(&out);
	strbuf_release(&why);
}

static void test_events(void)
{
	unwrap_as("{\"op\":\"c\",\"before\":null,\"after\":{\"a\":1}}", "put - {\"a\":1}");
	unwrap_as("{\"op\":\"r\",\"after\":{}}", "put - {}");
	unwrap_as("{\"before\":{\"a\":0},\"after\":{\"a\":1},\"op\":\"u\"}", "put {\"a\":0} {\"a\":1}");
	unwrap_as("{\"before\":{\"a\":0},\"after\":null,\"op\":\"d\"}", "delete {\"a\":0} -");
	unwrap_as("{\"schema\":{\"op\":1},\"payload\":{\"before\":{\"a\":0},\"op\":\"d\"}}", "delete {\"a\":0} -");
	unwrap_as("{\"op\":\"m\",\"message\":{}}", "nothing - -");
	/* a member payload of an event is not one of an envelope */
	unwrap_as("{\"op\":\"c\",\"after\":{},\"payload\":{\"op\":\"d\",\"before\":{}}}", "put - {}");
}

static void test_no_events(void)
{
	unwrap_as("{}", "! it is not a change event of Debezium: it has no op");
	unwrap_as("{\"op\":null,\"payload\":{\"op\":\"c\",\"after\":{}}}",
		"! it is not a change event of Debezium: it has no op");
	unwrap_as("{\"payload\":null}", "! it is not a change event of Debezium: it has no op");
	unwrap_as("{\"payload\":{\"payload\":{\"op\":\"c\",\"after\":{}}}}",
		"! it is not a change event of Debezium: it has no op");
	unwrap_as("{\"op\":\"\"}", "! op is \"\", which is none of c, r, u, d, m");
	unwrap_as("{\"op\":7}", "! op is 7, which is none of c, r, u, d, m");
	unwrap_as("{\"op\":\"\\u0000\"}", "! op is \"\\u0000\", which is none of c, r, u, d, m");
	unwrap_as("{\"op\":\"cc\"}", "! op is \"cc\", which is none of c, r, u, d, m");
	unwrap_as("{\"op\":\"t\"}", "! the source has emptied its table (op t), which is not repeated here");
	unwrap_as("{\"op\":\"c\"}", "! the event has no after");
	unwrap_as("{\"op\":\"u\",\"before\":{}}", "! the event has no after");
	unwrap_as("{\"op\":\"d\",\"after\":{}}", "! the event has no before");
	unwrap_as("{\"op\":\"c\",\"after\":[1]}", "! after is not an object");
	unwrap_as("{\"op\":\"c\",\"before\":1,\"after\":{}}", "! before is not an object");
}

/* The key KEY, of the columns a and b or only a: `A|B`, or `! ` and the reason. */
static void key_as(const char *key, size_t columns, const char *want)
{
	static const char *const names[] = {"a", "b"}, *const whole[] = {"k"};
	struct strbuf out = STRBUF_INIT, why = STRBUF_INIT, text = STRBUF_INIT;
	const struct value *values;
	struct tombstone t;
	struct members m;
	const char *rec;
	size_t len;
	CHECK_INT(members_init(&m, whole, 1), 0);
	CHECK_INT(tombstone_init(&t, names, columns), 0);
	strbuf_addf(&text, "{\"k\":%s}", key);
	members_span(&m, text.s, text.len, '\n');
	CHECK_INT(members_next(&m, &rec, &len), 1);
	int r = tombstone_key(&t, &m.values[0], &values, &why);
	if (r < 0)
		strbuf_addf(&out, "! %s", why.s);
	for (size_t i = 0; r == 0 && i < columns; i++) {
		strbuf_addstr(&out, i ? "|" : "");
		strbuf_add(&out, values[i].s, values[i].len);
	}
	CHECK_STR(out.s, want);
	tombstone_release(&t);
	members_release(&m);
	strbuf_release(&out);
	strbuf_release(&why);
	strbuf_release(&text);
}

static void test_keys(void)
{
	const char *lacks = "! a tombstone whose key does not have the columns of --key";
	key_as("5", 1, "5");
	key_as("\"x\"", 1, "x");
	key_as("{\"a\":1}", 1, "1");
	key_as("\"{\\\"a\\\":\\\"x\\\"}\"", 1, "x");
	key_as("{\"schema\":{},\"payload\":{\"a\":1}}", 1, "1");
	key_as("{\"b\":2,\"a\":1,\"c\":3}", 2, "1|2");
	key_as("\"{\\\"payload\\\":{\\\"a\\\":1,\\\"b\\\":2}}\"", 2, "1|2");
	/* text that only begins like an object is text */
	key_as("\"{\"", 1, "{");
	key_as("\"{\\\"payload\\\":{\\\"a\\\":1},\"", 1, "{\"payload\":{\"a\":1},");
	key_as("\"{\\\"payload\\\":{\\\"a\\\":1},\\u0000\"", 2, lacks);
	key_as("\"x\"", 2, lacks);
	key_as("{\"a\":1}", 2, lacks);
	key_as("{\"c\":1}", 1, lacks);
	key_as("{\"payload\":5}", 1, lacks);
	key_as("null", 1, "! a tombstone without a key");
}

/* Whether the record TEXT is a tombstone. */
static bool is_tombstone(const char *text)
{
	static const size_t at[ENVELOPE_MEMBERS] = {1, 2, 3, 4, 5, 6};
	const char *names[ENVELOPE_MEMBERS + 1] = {"a"}, *rec;
	struct members m;
	size_t len;
	memcpy(names + 1, envelope_members, sizeof envelope_members);
	CHECK_INT(members_init(&m, names, ENVELOPE_MEMBERS + 1), 0);
	members_span(&m, text, strlen(text), '\n');
	CHECK_INT(members_next(&m, &rec, &len), 1);
	bool is = envelope_is_all(&m, at);
	members_release(&m);
	return is;
}

static void test_tombstones(void)
{
	CHECK(is_tombstone("{\"_topic\":\"t\",\"_key\":\"k\"}"));
	CHECK(is_tombstone("{\"_key\":null}"));
	CHECK(!is_tombstone("{}"));
	CHECK(!is_tombstone("{\"_topic\":\"t\"}"));
	CHECK(!is_tombstone("{\"_key\":1,\"a\":null}"));
	CHECK(!is_tombstone("{\"_key\":1,\"other\":null}"));
	CHECK(envelope_has("_offset", 7));
	CHECK(!envelope_has("_offsets", 8));
	CHECK(!envelope_has("_off", 4));
}

int main(void)
{
	TEST(test_events);
	TEST(test_no_events);
	TEST(test_keys);
	TEST(test_tombstones);
	return check_done();
}
