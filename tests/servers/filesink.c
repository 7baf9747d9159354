/*
 * filesink: the smallest sink that holds positions.  Appends records to FILE, exactly once.
 *
 *     consume --batch … | filesink FILE [INPUT …]
 *
 * FILE.at has the length of FILE at the last commit, and the next offset of each partition at that time, a line each:
 * `SIZE -`, `NEXT TOPIC PARTITION PARTS RUN BATCH` (the cut of NEXT).  Replacing it as a whole is the commit.  Bytes of
 * FILE beyond SIZE are cut off before anything is appended.  There may be one writer at a time, and one group; topics
 * must not contain blanks.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/base/count.h"
#include "common/base/sig.h"
#include "common/io/file.h"
#include "common/stream/sink.h"

#define MAX 64 /* partitions */

static const char *path;
static char *at_path;
static int fd;
static off_t size;                  /* length of FILE, including bytes that are not committed */
static struct mark_range held[MAX]; /* `was`, `cut` and `topic_parts`, as committed */
static size_t nheld;

static int fail(int r, const char *name, struct strbuf *err)
{
	if (r < 0)
		strbuf_addf(err, "cannot write '%s': %s", name, diag_strerror(r));
	return r;
}

static struct mark_range *find(const char *topic, int32_t partition)
{
	for (size_t i = 0; i < nheld; i++)
		if (held[i].partition == partition && strcmp(held[i].topic, topic) == 0)
			return &held[i];
	return NULL;
}

/* Read what is committed: the positions, and FILE without the rest. */
static void load(void)
{
	char topic[256];
	int64_t next;
	int32_t partition, parts;
	struct cut cut = {.known = true};
	FILE *at = fopen(at_path, "r");
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (at && fscanf(at, "%" SCNd64 " -", &next) == 1)
		size = (off_t)next;
	while (at && nheld < MAX &&
		fscanf(at, "%" SCNd64 " %255s %" SCNd32 " %" SCNd32 " %" SCNx64 " %" SCNu64, &next, topic, &partition,
			&parts, &cut.run, &cut.batch) == 6)
		held[nheld++] = (struct mark_range){
			.topic = xstrdup(topic), .partition = partition, .was = next, .cut = cut, .topic_parts = parts};
	if (at)
		fclose(at);
	if (fd < 0 || ftruncate(fd, size) < 0)
		die(EXIT_TEMP, "cannot open '%s': %s", path, diag_strerror(errno));
}

static int on_span(
	void *self, struct sink_place *place, const char *s, size_t len, struct flow *flow, struct strbuf *err)
{
	(void)self;
	place->record += count_bytes(s, len, flow->delim);
	size += (off_t)len;
	return fail(file_write(fd, s, len), path, err);
}

static int on_start(void *self, const char *group, bool *ret_began, struct strbuf *err)
{
	(void)self, (void)group, (void)err;
	*ret_began = nheld;
	return 0;
}

static int on_locate(void *self, const char *group, struct mark_ranges *ranges, struct strbuf *err)
{
	(void)self, (void)group, (void)err;
	for (size_t i = 0; i < ranges->count; i++) {
		const struct mark_range *known = find(ranges->items[i].topic, ranges->items[i].partition);
		ranges->items[i].was = known ? known->was : RANGE_NONE;
		ranges->items[i].cut = known ? known->cut : (struct cut){0};
		ranges->items[i].topic_parts = known ? known->topic_parts : RANGE_NONE;
	}
	return 0;
}

static int on_commit(void *self, struct sink_commit *commit, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	(void)self;
	for (size_t i = 0; i < commit->count + commit->stay; i++) {
		const struct position *p = &commit->positions[i];
		struct mark_range *known = find(p->topic, p->partition);
		if (!known && nheld == MAX)
			return fail(-ENOBUFS, at_path, err);
		if (!known)
			*(known = &held[nheld++]) = (struct mark_range){
				.topic = xstrdup(p->topic), .partition = p->partition, .topic_parts = p->parts};
		known->was = p->next;
		known->cut = p->cut;
	}
	strbuf_addf(&text, "%lld -\n", (long long)size);
	for (size_t i = 0; i < nheld; i++)
		strbuf_addf(&text, "%" PRId64 " %s %" PRId32 " %" PRId32 " %016" PRIx64 " %" PRIu64 "\n", held[i].was,
			held[i].topic, held[i].partition, held[i].topic_parts, held[i].cut.run, held[i].cut.batch);
	int r = fail(fdatasync(fd) < 0 ? -errno : 0, path, err);
	if (r == 0)
		r = fail(file_replace(at_path, text.s, text.len), at_path, err);
	strbuf_release(&text);
	return r;
}

int main(int argc, char **argv)
{
	static const struct sink_ops ops = {
		.span = on_span, .start = on_start, .locate = on_locate, .commit = on_commit};
	const struct sink_policy policy = {.every_ms = 500, .bytes = UINT64_MAX, .records = UINT64_MAX};
	diag_init("filesink");
	sig_effects();
	if (argc < 2)
		die(EXIT_USAGE, "usage: filesink FILE [INPUT ...]");
	path = argv[1];
	at_path = xmalloc(strlen(path) + 4);
	sprintf(at_path, "%s.at", path);
	load();
	return sink_run(&ops, NULL, &policy, NULL, &(struct filter_opts){0}, argv + 2);
}
