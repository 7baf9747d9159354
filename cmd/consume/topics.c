/* Which partitions: the operands and -p. */
#include "consume.h"

#include <errno.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/num.h"

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

/* N or N-M, which is modified. */
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
	struct options *o = dest;
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

static bool is_wanted(const struct options *o, int32_t partition)
{
	for (size_t i = 0; i < o->partition_count; i++)
		if (o->partitions[i].first <= partition && partition <= o->partitions[i].last)
			return true;
	return !o->partition_count;
}

/* Every partition of -p is there. */
static bool all_exist(struct consume *c, const char *topic, int count)
{
	for (size_t i = 0; i < c->opt->partition_count; i++) {
		int32_t last = c->opt->partitions[i].last;
		if (last < count)
			continue;
		consume_fail(c, EXIT_CONFIG, "topic '%s' has %d partition%s, there is no partition %d", topic, count,
			count == 1 ? "" : "s", (int)last);
		return false;
	}
	return true;
}

/* The metadata of TOPIC, of all topics when it is NULL; NULL after consume_fail() or a signal. */
static const struct rd_kafka_metadata *ask(struct consume *c, const char *topic)
{
	const struct rd_kafka_metadata *md = NULL;
	struct strbuf err = STRBUF_INIT;
	rd_kafka_resp_err_t e = kafka_client_topic(&c->client, topic, (int)c->opt->timeout_ms, &md, &err);
	if (e && e != RD_KAFKA_RESP_ERR__INTR)
		consume_fail(c, kafka_status(e), "%s", err.s);
	strbuf_release(&err);
	return e ? NULL : md;
}

static void add_partitions(
	struct consume *c, const struct rd_kafka_metadata_topic *t, rd_kafka_topic_partition_list_t *list)
{
	if (!all_exist(c, t->topic, t->partition_cnt))
		return;
	for (int i = 0; i < list->cnt; i++)
		if (strcmp(list->elems[i].topic, t->topic) == 0)
			return;
	positions_topic(&c->positions, t->topic)->at_start = t->partition_cnt;
	for (int i = 0; i < t->partition_cnt; i++)
		if (is_wanted(c->opt, t->partitions[i].id))
			rd_kafka_topic_partition_list_add(list, t->topic, t->partitions[i].id);
}

static bool is_internal(const char *topic)
{
	return strncmp(topic, "__", 2) == 0;
}

/* PATTERN is an expression for internal topics. */
static bool wants_internal(const char *pattern)
{
	return *pattern == '^' && is_internal(pattern + 1);
}

bool topics_internal(const struct consume *c)
{
	for (char **t = c->opt->topics; *t; t++)
		if (is_internal(*t) || wants_internal(*t))
			return true;
	return false;
}

/* The expression PATTERN into RE; false after consume_fail(). */
static bool compile(struct consume *c, const char *pattern, regex_t *re)
{
	char text[256];
	int r = regcomp(re, pattern, REG_EXTENDED | REG_NOSUB); /* as librdkafka does */
	if (!r)
		return true;
	regerror(r, re, text, sizeof text);
	consume_fail(c, EXIT_USAGE, "topic '%s': %s", pattern, text);
	return false;
}

/* The same for all topics that match the regular expression now. */
static void add_matching(struct consume *c, const char *pattern, const struct rd_kafka_metadata *md,
	rd_kafka_topic_partition_list_t *list)
{
	regex_t re;
	if (!compile(c, pattern, &re))
		return;
	for (int i = 0; i < md->topic_cnt; i++) {
		const char *topic = md->topics[i].topic;
		if (regexec(&re, topic, 0, NULL, 0) == 0 && (!is_internal(topic) || wants_internal(pattern)))
			add_partitions(c, &md->topics[i], list);
	}
	regfree(&re);
}

/* Whether TOPIC, an internal one, is to be read. */
static bool asked_for(struct consume *c, const char *topic)
{
	bool asked = topics_named(c, topic);
	for (char **t = c->opt->topics; *t && !asked; t++) {
		regex_t re;
		if (!wants_internal(*t) || !compile(c, *t, &re))
			continue;
		asked = regexec(&re, topic, 0, NULL, 0) == 0;
		regfree(&re);
	}
	return asked;
}

rd_kafka_topic_partition_list_t *topics_wanted(struct consume *c, const rd_kafka_topic_partition_list_t *list)
{
	rd_kafka_topic_partition_list_t *wanted = rd_kafka_topic_partition_list_new(list->cnt);
	for (int i = 0; i < list->cnt; i++) {
		const rd_kafka_topic_partition_t *e = &list->elems[i];
		if (!is_internal(e->topic) || asked_for(c, e->topic))
			rd_kafka_topic_partition_list_add(wanted, e->topic, e->partition)->offset = e->offset;
	}
	return wanted;
}

bool topics_named(const struct consume *c, const char *topic)
{
	for (char **t = c->opt->topics; *t; t++)
		if (strcmp(*t, topic) == 0)
			return true;
	return false;
}

rd_kafka_topic_partition_list_t *topics_list(struct consume *c)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
	bool ok = true;
	for (char **t = c->opt->topics; *t && ok; t++) {
		bool regex = **t == '^';
		const struct rd_kafka_metadata *md = ask(c, regex ? NULL : *t);
		if (md && regex)
			add_matching(c, *t, md, list);
		else if (md)
			add_partitions(c, md->topics, list);
		if (md)
			rd_kafka_metadata_destroy(md);
		ok = md && !c->status;
	}
	c->group.something = list->cnt > 0;
	if (ok)
		return list;
	rd_kafka_topic_partition_list_destroy(list);
	return NULL;
}
