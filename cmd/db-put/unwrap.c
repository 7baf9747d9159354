/* Change events of Debezium: see unwrap.h. */
#include "unwrap.h"

#include <errno.h>
#include <string.h>

#include "common/base/visible.h"

#define SHOWN_MAX 64 /* bytes of a value in a message */

const char *const unwrap_members[UNWRAP_MEMBERS] = {"op", "before", "after", "payload"};

int unwrap_init(struct unwrap *u)
{
	return members_init(&u->payload, unwrap_members, UNWRAP_PAYLOAD);
}

void unwrap_release(struct unwrap *u)
{
	members_release(&u->payload);
}

static bool is_text(const struct value *v, const char *text)
{
	return v->type == VALUE_STRING && v->len == strlen(text) && memcmp(v->s, text, v->len) == 0;
}

bool unwrap_is_absent(const struct value *v)
{
	/* as text, and as bytes in base64 */
	return is_text(v, "__debezium_unavailable_value") || is_text(v, "X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ==");
}

/* Set the values of *RET, which are those of the event, to those of its payload. */
static int open_payload(struct unwrap *u, const struct value **ret, struct strbuf *why)
{
	const struct value *payload = &(*ret)[UNWRAP_PAYLOAD];
	const char *rec;
	size_t len;
	members_span(&u->payload, payload->raw, payload->raw_len, '\0'); /* JSON holds no NUL */
	if (members_next(&u->payload, &rec, &len) <= 0) {
		strbuf_addf(why, "payload: %s", members_error(&u->payload)->what);
		return -EINVAL;
	}
	*ret = u->payload.values;
	return 0;
}

/* Take the image V, called NAME. */
static int take_image(const struct value *v, const char *name, struct unwrap_image *ret, struct strbuf *why)
{
	*ret = (struct unwrap_image){0};
	if (value_is_null(v))
		return 0;
	if (v->type != VALUE_OBJECT) {
		strbuf_addf(why, "%s is not an object", name);
		return -EINVAL;
	}
	*ret = (struct unwrap_image){v->raw, v->raw_len};
	return 0;
}

/* The operation V.  -EINVAL with WHY: it is unknown, or no row of a table follows from it. */
static int take_op(const struct value *v, enum unwrap_op *ret, struct strbuf *why)
{
	char c = v->type == VALUE_STRING && v->len == 1 ? *v->s : '\0';
	if (value_is_null(v)) {
		strbuf_addstr(why, "it is not a change event of Debezium: it has no op");
		return -EINVAL;
	}
	if (c == 't') {
		strbuf_addstr(why, "the source has emptied its table (op t), which is not repeated here");
		return -EINVAL;
	}
	if (!c || !strchr("crudm", c)) {
		strbuf_addstr(why, "op is ");
		visible_add_start(why, v->raw, v->raw_len, SHOWN_MAX);
		strbuf_addstr(why, ", which is none of c, r, u, d, m");
		return -EINVAL;
	}
	*ret = c == 'm' ? UNWRAP_NOTHING : c == 'd' ? UNWRAP_DELETE : UNWRAP_PUT;
	return 0;
}

int unwrap_event(struct unwrap *u, const struct value *values, struct unwrap_change *ret, struct strbuf *why)
{
	struct unwrap_change c;
	int r = 0;
	if (values[UNWRAP_OP].type == VALUE_MISSING && values[UNWRAP_PAYLOAD].type == VALUE_OBJECT)
		r = open_payload(u, &values, why);
	if (r == 0)
		r = take_op(&values[UNWRAP_OP], &c.op, why);
	if (r == 0)
		r = take_image(&values[UNWRAP_BEFORE], "before", &c.before, why);
	if (r == 0)
		r = take_image(&values[UNWRAP_AFTER], "after", &c.after, why);
	if (r < 0)
		return r;
	if (c.op == UNWRAP_PUT ? !c.after.s : c.op == UNWRAP_DELETE && !c.before.s) {
		strbuf_addf(why, "the event has no %s", c.op == UNWRAP_PUT ? "after" : "before");
		return -EINVAL;
	}
	*ret = c;
	return 0;
}
