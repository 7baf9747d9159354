/* One run of produce: makes what it needs, reads all inputs and waits for the acknowledgements. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/produce/topic_sink.h"
#include "common/base/alloc.h"

#define KEPT_MEMORY (UINT64_C(64) << 20) /* of a batch; what is beyond it waits in a file */

/* Make the headers of -H; returns OPT_GO or the exit status after a message. */
static int make_headers(struct produce *p, const struct opt_spec *spec)
{
	const struct opt_list *list = &p->opts->headers;
	p->header_count = list->count;
	p->room = list->count + p->opts->from.headers.count;
	p->headers = xcalloc(p->room + 1, sizeof *p->headers);
	for (size_t i = 0; i < list->count; i++) {
		const char *name = list->items[i], *equals = strchr(name, '=');
		if (!equals || equals == name)
			return opt_usage_error(spec, "option --header: '%s' is not NAME=VALUE", name);
		p->headers[i] = (struct record_header){.name = name,
			.name_len = (size_t)(equals - name),
			.value = equals + 1,
			.value_len = strlen(equals + 1)};
	}
	return OPT_GO;
}

/* Read all inputs, and wait for the records that were handed over. */
static int send_all(struct produce *p, char **files)
{
	int status = p->opts->format == PRODUCE_FILE
			     ? produce_files(p, files)
			     : sink_run(&topic_sink_ops, p, &p->opts->policy, NULL, &p->opts->filter, files);
	if (p->group) /* a marked stream: everything was said */
		return status;
	p->rejects.read = produce_read(p);
	if (status <= EXIT_NO)
		status = rejects_batch(&p->rejects, NULL);
	/* Whatever has ended the input, the result for the records handed over before is included. */
	int unacknowledged = sender_finish(&p->sender, produce_where, p);
	if (unacknowledged && status != EXIT_DATA)
		status = unacknowledged;
	if (!unacknowledged)
		inform("done: %" PRIu64 " %s acknowledged", p->sender.accepted - p->dead,
			diag_plural(p->sender.accepted - p->dead, "record", "records"));
	return status;
}

/* The id of the topic as the table of a sink; deleted and made again, it is the same one. */
static char *table_of(const char *topic)
{
	struct strbuf id = STRBUF_INIT;
	strbuf_addf(&id, "topic:%s", topic);
	return strbuf_detach(&id);
}

static void release(struct produce *p)
{
	txn_release(&p->txn);
	sender_release(&p->sender);
	kept_clear(&p->kept);
	free(p->headers);
	if (p->opts->format == PRODUCE_JSON)
		json_record_release(&p->reader);
	if (p->fields)
		from_release(&p->from);
	places_release(&p->places);
	free(p->table);
	free(p->group);
}

/* What reads the records. */
static int make_reader(struct produce *p, const struct opt_spec *spec)
{
	struct strbuf err = STRBUF_INIT;
	int status = OPT_GO;
	p->fields = from_is_wanted(&p->opts->from);
	int r = p->opts->format == PRODUCE_JSON ? json_record_init(&p->reader) : 0;
	if (p->fields)
		r = from_init(&p->from, &p->opts->from, &p->opts->filter, &err);
	if (r == -EINVAL)
		status = opt_usage_error(spec, "%s", err.s);
	else if (r < 0)
		die(EXIT_TEMP, "%s", diag_strerror(r));
	strbuf_release(&err);
	return status;
}

static struct sender_setup setup_of(const struct produce_opts *o, const char *topic)
{
	static const char *const codecs[] = {"none", "gzip", "snappy", "lz4", "zstd"};
	return (struct sender_setup){.kafka = &o->kafka,
		.topic = topic,
		.partition = o->partition == UINT64_MAX ? RD_KAFKA_PARTITION_UA : (int32_t)o->partition,
		.codec = o->codec < 0 ? NULL : codecs[o->codec],
		.partitioner = o->from.partitioner,
		.dead_letter = o->dead_letter,
		.timeout_ms = (int)o->timeout_ms};
}

int produce_run(const struct produce_opts *opts, const struct opt_spec *spec, const char *topic, char **files)
{
	struct produce p = {
		.opts = opts, .kept.memory = KEPT_MEMORY, .pace.rate = opts->rate, .setup = setup_of(opts, topic)};
	p.kept.topic = opts->dead_letter;
	p.kept.lines = opts->dead_letter || opts->rejects.path;
	int status = make_headers(&p, spec);
	if (status == OPT_GO)
		status = rejects_open(&p.rejects, &opts->rejects, spec, files);
	if (status == OPT_GO)
		status = make_reader(&p, spec);
	p.table = table_of(topic);
	if (status == OPT_GO)
		status = sender_init(&p.sender, &p.setup);
	if (!status)
		status = send_all(&p, files);
	if (p.rejects.opts)
		status = rejects_end(&p.rejects, status);
	release(&p);
	return status;
}
