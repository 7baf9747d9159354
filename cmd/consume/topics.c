/* Which partitions are read: see topics.h. */
#include "topics.h"

#include <errno.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/num.h"

enum { ANSWER_MS = 2000 };

static int parse_partition(const char *s, int32_t *ret)
{
	uint64_t n;
	int r = num_u64(s, &n);
	if (r)
		return r;
	if (n > INT32_MAX)
		return -ERANGE;
	*ret = (int32_t)n;
	return 0;
}

/* Parse N or N-M; S is modified. */
static int parse_range(char *s, struct range_of_partitions *ret)
{
	char *dash = strchr(s, '-');
	if (dash)
		*dash++ = '\0';
	int r = parse_partition(s, &ret->first);
	if (!r)
		r = parse_partition(dash ? dash : s, &ret->last);
	if (!r && ret->last < ret->first)
		r = -EINVAL;
	return r;
}

int topics_parse_partitions(const char *value, void *dest, struct strbuf *err)
{
	struct consume_options *o = dest;
	char *copy = xstrdup(value);
	int r = 0;
	for (char *s = copy, *next; s && !r; s = next) {
		next = strchr(s, ',');
		if (next)
			*next++ = '\0';
		o->partitions = xreallocarray(o->partitions, o->partition_count + 1, sizeof *o->partitions);
		r = parse_range(s, &o->partitions[o->partition_count++]);
	}
	free(copy);
	if (r)
		strbuf_addstr(err, "is not a list of partitions such as 0,2-5");
	return r;
}

static bool is_wanted(const struct consume_options *o, int32_t partition)
{
	for (size_t i = 0; i < o->partition_count; i++)
		if (o->partitions[i].first <= partition && partition <= o->partitions[i].last)
			return true;
	return !o->partition_count;
}

bool topics_named(const struct consume_options *opt, const char *topic)
{
	for (char **t = opt->topics; *t; t++)
		if (strcmp(*t, topic) == 0)
			return true;
	return false;
}

bool topics_has_regex(const struct consume_options *opt)
{
	for (char **t = opt->topics; *t; t++)
		if (**t == '^')
			return true;
	return false;
}

/* --- internal topics ------------------------------------------------------------------------------------------------
 */

static bool is_internal(const char *topic)
{
	return strncmp(topic, "__", 2) == 0;
}

/* Whether PATTERN is an expression for internal topics. */
static bool wants_internal(const char *pattern)
{
	return *pattern == '^' && is_internal(pattern + 1);
}

bool topics_internal(const struct consume_options *opt)
{
	for (char **t = opt->topics; *t; t++)
		if (is_internal(*t) || wants_internal(*t))
			return true;
	return false;
}

/* Compile the expression PATTERN into RE; an exit status with the reason in ERR. */
static int compile(const char *pattern, regex_t *re, struct strbuf *err)
{
	char text[256];
	int r = regcomp(re, pattern, REG_EXTENDED | REG_NOSUB); /* as librdkafka does */
	if (!r)
		return EXIT_OK;
	regerror(r, re, text, sizeof text);
	strbuf_addf(err, "topic '%s': %s", pattern, text);
	return EXIT_USAGE;
}

int topics_check(const char *pattern, struct strbuf *err)
{
	regex_t re;
	int status = compile(pattern, &re, err);
	if (!status)
		regfree(&re);
	return status;
}

static bool matches(const char *pattern, const char *topic)
{
	struct strbuf ignored = STRBUF_INIT; /* topics_check() was content with it */
	regex_t re;
	bool match = compile(pattern, &re, &ignored) == EXIT_OK;
	if (match) {
		match = regexec(&re, topic, 0, NULL, 0) == 0;
		regfree(&re);
	}
	strbuf_release(&ignored);
	return match;
}

bool topics_wanted(const struct consume_options *opt, const char *topic)
{
	bool wanted = !is_internal(topic) || topics_named(opt, topic);
	for (char **t = opt->topics; *t && !wanted; t++)
		wanted = wants_internal(*t) && matches(*t, topic);
	return wanted;
}

/*
 * --- what there is now ----------------------------------------------------------------------------------------------
 */

struct list {
	const struct consume_options *opt;
	struct cursors *cursors;
	struct session_part *parts;
	size_t count;
};

/* Check that every partition of -p exists: an exit status with the reason in ERR. */
static int check_partitions(const struct consume_options *opt, const char *topic, int count, struct strbuf *err)
{
	for (size_t i = 0; i < opt->partition_count; i++) {
		int32_t last = opt->partitions[i].last;
		if (last < count)
			continue;
		strbuf_addf(err, "topic '%s' has %d partition%s, there is no partition %d", topic, count,
			count == 1 ? "" : "s", (int)last);
		return EXIT_CONFIG;
	}
	return EXIT_OK;
}

static void add_part(struct list *l, const char *topic, int32_t partition)
{
	struct cursor *c = cursors_get(l->cursors, topic, partition);
	c->topic->known = partition + 1 > c->topic->known ? partition + 1 : c->topic->known;
	l->parts = xreallocarray(l->parts, l->count + 1, sizeof *l->parts);
	l->parts[l->count++] = (struct session_part){.cursor = c};
}

static int add_topic(struct list *l, const struct rd_kafka_metadata_topic *t, struct strbuf *err)
{
	int status = check_partitions(l->opt, t->topic, t->partition_cnt, err);
	for (size_t i = 0; i < l->count; i++)
		if (strcmp(l->parts[i].cursor->topic->name, t->topic) == 0)
			return status; /* it is already in the list */
	if (status)
		return status;
	struct topic *topic = cursors_topic(l->cursors, t->topic);
	topic->at_start = t->partition_cnt;
	topic->matched = !topics_named(l->opt, t->topic);
	for (int i = 0; i < t->partition_cnt; i++)
		if (is_wanted(l->opt, t->partitions[i].id))
			add_part(l, t->topic, t->partitions[i].id);
	return EXIT_OK;
}

/* The same for all topics that now match the regular expression. */
static int add_matching(struct list *l, const char *pattern, const struct rd_kafka_metadata *md, struct strbuf *err)
{
	regex_t re;
	int status = compile(pattern, &re, err);
	if (status)
		return status;
	for (int i = 0; i < md->topic_cnt && !status; i++) {
		const char *topic = md->topics[i].topic;
		if (regexec(&re, topic, 0, NULL, 0) == 0 && (!is_internal(topic) || wants_internal(pattern)))
			status = add_topic(l, &md->topics[i], err);
	}
	regfree(&re);
	return status;
}

static int add_operand(struct list *l, struct kafka_client *client, const char *operand, struct strbuf *err)
{
	const struct rd_kafka_metadata *md = NULL;
	bool regex = *operand == '^';
	rd_kafka_resp_err_t e = kafka_client_topic(client, regex ? NULL : operand, (int)l->opt->timeout_ms, &md, err);
	if (e)
		return e == RD_KAFKA_RESP_ERR__INTR ? -1 : (int)kafka_status(e);
	int status = regex ? add_matching(l, operand, md, err) : add_topic(l, md->topics, err);
	rd_kafka_metadata_destroy(md);
	return status;
}

int topics_list(const struct consume_options *opt, struct kafka_client *client, struct cursors *t,
	struct session_part **ret, size_t *ret_count, struct strbuf *err)
{
	struct list l = {.opt = opt, .cursors = t};
	int status = EXIT_OK;
	for (char **topic = opt->topics; *topic && !status; topic++)
		status = add_operand(&l, client, *topic, err);
	*ret = l.parts;
	*ret_count = l.count;
	return status;
}

/* --- what has been added --------------------------------------------------------------------------------------------
 */

struct session_part *topics_added(
	const struct consume_options *opt, rd_kafka_t *rk, struct cursors *t, size_t *ret_count)
{
	struct list l = {.opt = opt, .cursors = t};
	const struct rd_kafka_metadata *md;
	*ret_count = 0;
	if (rd_kafka_metadata(rk, 0, NULL, &md, ANSWER_MS))
		return NULL;
	for (int i = 0; i < md->topic_cnt; i++) {
		const struct rd_kafka_metadata_topic *topic = &md->topics[i];
		int known =
			topics_named(opt, topic->topic) ? cursors_topic(t, topic->topic)->known : topic->partition_cnt;
		for (int j = known; j < topic->partition_cnt; j++)
			add_part(&l, topic->topic, j);
	}
	rd_kafka_metadata_destroy(md);
	*ret_count = l.count;
	return l.parts;
}
