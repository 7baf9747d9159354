/* Which of the states in a directory a run starts from.  See checkpoint_dir.h. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/stream/checkpoint_dir.h"

bool checkpoint_dir_empty(const struct checkpoint_dir *s)
{
	return !s->count;
}

/* The position of the sinks or, where they have none, that at which the source begins. */
static int64_t position_of(const struct mark_range *want)
{
	return want->was == RANGE_NONE ? want->start : want->was;
}

/* Whether a state that has seen IS of a partition fits a sink that has WANT of it; either may be NULL. */
static bool fits(const struct mark_range *is, const struct mark_range *want)
{
	if (!is || !want)
		return !is && want->was == RANGE_NONE;
	if (is->to != position_of(want))
		return false;
	if (want->was != RANGE_NONE)
		return cut_same(&is->cut, &want->cut);
	/* the state of an R that no batch has followed */
	return !want->held || (is->start == is->to && is->was == RANGE_NONE);
}

/* The first partition of START that does not fit STATE; NULL when all do. */
static const struct mark_range *misfit(const struct mark_ranges *state, const struct mark_ranges *start)
{
	for (size_t i = 0; i < start->count; i++) {
		const struct mark_range *want = &start->items[i];
		if (!fits(ranges_find(state, want->topic, want->partition), want))
			return want;
	}
	return NULL;
}

bool checkpoint_is_at(const struct mark_ranges *state, const struct mark_ranges *start)
{
	for (size_t i = 0; i < state->count; i++)
		if (!ranges_find(start, state->items[i].topic, state->items[i].partition))
			return false;
	return !misfit(state, start);
}

static const struct checkpoint_frame *newest_marked(const struct checkpoint_dir *s)
{
	for (size_t i = s->count; i-- > 0;)
		for (size_t k = s->files[i].count; k-- > 0;)
			if (!s->files[i].frames[k].plain)
				return &s->files[i].frames[k];
	return NULL;
}

bool checkpoint_dir_is_marked(const struct checkpoint_dir *s)
{
	return newest_marked(s);
}

static void add_cut(struct strbuf *out, const struct cut *cut)
{
	if (cut->known)
		strbuf_addf(out, " of batch %" PRIu64 " of run %016" PRIx64, cut->batch, cut->run);
}

void checkpoint_dir_compare(const struct checkpoint_dir *s, const struct mark_ranges *start, struct strbuf *out)
{
	const struct checkpoint_frame *newest = newest_marked(s);
	const struct mark_range *want = newest ? misfit(&newest->parts, start) : NULL;
	for (size_t i = 0; i < start->count && !want; i++)
		want = start->items[i].was != RANGE_NONE || i + 1 == start->count ? &start->items[i] : NULL;
	strbuf_addf(
		out, "topic '%s', partition %d: offset %" PRId64, want->topic, (int)want->partition, position_of(want));
	add_cut(out, &want->cut);
	if (want->was != RANGE_NONE && !want->cut.known)
		strbuf_addstr(out, ", which belongs to no run");
	const struct mark_range *is = newest ? ranges_find(&newest->parts, want->topic, want->partition) : NULL;
	if (is) {
		strbuf_addf(out, "; its newest state: offset %" PRId64, is->to);
		add_cut(out, &is->cut);
	} else {
		strbuf_addstr(out, newest ? "; its newest state: none of it" : "; it holds none of a marked stream");
	}
}

int checkpoint_dir_open_file(const struct checkpoint_dir *s, uint64_t number, struct strbuf *err)
{
	struct stat st;
	char name[32];
	snprintf(name, sizeof name, "state-%08" PRIu64, number);
	int fd = openat(s->fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	int code = fd < 0 || fstat(fd, &st) < 0 ? errno : S_ISREG(st.st_mode) ? 0 : EINVAL;
	if (!code)
		return fd;
	strbuf_addf(err, "cannot open '%s/%s': %s", s->path, name,
		code == EINVAL ? "not a regular file" : diag_strerror(code));
	if (fd >= 0)
		close(fd);
	return -code;
}

static int verify(int fd, const struct checkpoint_file *file, size_t last)
{
	int r = 0;
	for (size_t i = 0; i <= last && r == 0; i++)
		r = checkpoint_frame_verify(fd, &file->frames[i]);
	return r;
}

static int hand_over(int fd, const struct checkpoint_file *file, size_t last,
	int (*load)(void *arg, bool full, const char *data, size_t len, struct strbuf *err), void *arg,
	struct strbuf *err)
{
	int r = 0;
	for (size_t i = 0; i <= last && r == 0; i++) {
		char *data;
		r = checkpoint_frame_data(fd, &file->frames[i], &data);
		if (r < 0) {
			strbuf_addf(err, "cannot read the state: %s", diag_strerror(r));
			return r;
		}
		r = load(arg, i == 0, data, file->frames[i].len, err);
		free(data);
	}
	return r;
}

static bool wanted(const struct checkpoint_frame *frame, const struct mark_ranges *start)
{
	return start ? !frame->plain && checkpoint_is_at(&frame->parts, start) : frame->plain;
}

/* The newest frame of FILE that fits, or -1. */
static ptrdiff_t find(const struct checkpoint_file *file, const struct mark_ranges *start)
{
	ptrdiff_t i = (ptrdiff_t)file->count - 1;
	while (i >= 0 && !wanted(&file->frames[i], start))
		i--;
	return i;
}

int checkpoint_dir_load(struct checkpoint_dir *s, const struct mark_ranges *start,
	int (*load)(void *arg, bool full, const char *data, size_t len, struct strbuf *err), void *arg,
	struct strbuf *notes, struct strbuf *err)
{
	for (size_t i = s->count; i-- > 0;) {
		const struct checkpoint_file *file = &s->files[i];
		ptrdiff_t at = find(file, start);
		char name[32];
		if (at < 0)
			continue;
		snprintf(name, sizeof name, "state-%08" PRIu64, file->number);
		int fd = checkpoint_dir_open_file(s, file->number, err);
		if (fd < 0)
			return fd;
		int r = verify(fd, file, (size_t)at);
		if (r == 0)
			r = hand_over(fd, file, (size_t)at, load, arg, err) < 0 ? -EIO : 1;
		else if (r == -EBADMSG)
			strbuf_addf(notes, "'%s/%s' is damaged and is skipped\n", s->path, name);
		else
			strbuf_addf(err, "cannot read '%s/%s': %s", s->path, name, diag_strerror(r));
		close(fd);
		if (r != -EBADMSG)
			return r;
	}
	return 0;
}
