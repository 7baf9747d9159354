/* Which of the states in a directory a run starts from.  See statedir.h. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/io/statedir.h"

bool statedir_empty(const struct statedir *s)
{
	return !s->count;
}

bool statedir_is_marked(const struct statedir *s)
{
	for (size_t i = 0; i < s->count; i++)
		for (size_t k = 0; k < s->files[i].count; k++)
			if (!s->files[i].frames[k].plain)
				return true;
	return false;
}

bool state_is_at(const struct mark_parts *state, const struct mark_parts *start)
{
	for (size_t i = 0; i < state->count; i++) {
		const struct mark_part *is = &state->items[i];
		const struct mark_part *want = parts_find(start, is->topic, is->partition);
		if (!want || is->to != (want->was == PART_NONE ? want->start : want->was))
			return false;
	}
	for (size_t i = 0; i < start->count; i++) {
		const struct mark_part *want = &start->items[i];
		if (want->was != PART_NONE && !parts_find(state, want->topic, want->partition))
			return false;
	}
	return true;
}

int statedir_open_file(const struct statedir *s, uint64_t number, struct strbuf *err)
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

static int verify(int fd, const struct state_file *file, size_t last)
{
	int r = 0;
	for (size_t i = 0; i <= last && r == 0; i++)
		r = state_frame_verify(fd, &file->frames[i]);
	return r;
}

static int hand_over(int fd, const struct state_file *file, size_t last,
	int (*load)(void *arg, bool full, const char *data, size_t len, struct strbuf *err), void *arg,
	struct strbuf *err)
{
	int r = 0;
	for (size_t i = 0; i <= last && r == 0; i++) {
		char *data;
		r = state_frame_data(fd, &file->frames[i], &data);
		if (r < 0) {
			strbuf_addf(err, "cannot read the state: %s", diag_strerror(r));
			return r;
		}
		r = load(arg, i == 0, data, file->frames[i].len, err);
		free(data);
	}
	return r;
}

static bool wanted(const struct state_frame *frame, const struct mark_parts *start)
{
	return start ? !frame->plain && state_is_at(&frame->parts, start) : frame->plain;
}

/* The newest frame of FILE that is wanted, or -1. */
static ptrdiff_t find(const struct state_file *file, const struct mark_parts *start)
{
	ptrdiff_t i = (ptrdiff_t)file->count - 1;
	while (i >= 0 && !wanted(&file->frames[i], start))
		i--;
	return i;
}

int statedir_load(struct statedir *s, const struct mark_parts *start,
	int (*load)(void *arg, bool full, const char *data, size_t len, struct strbuf *err), void *arg,
	struct strbuf *notes, struct strbuf *err)
{
	for (size_t i = s->count; i-- > 0;) {
		const struct state_file *file = &s->files[i];
		ptrdiff_t at = find(file, start);
		char name[32];
		if (at < 0)
			continue;
		snprintf(name, sizeof name, "state-%08" PRIu64, file->number);
		int fd = statedir_open_file(s, file->number, err);
		if (fd < 0)
			return fd;
		int r = verify(fd, file, (size_t)at);
		if (r == 0)
			r = hand_over(fd, file, (size_t)at, load, arg, err) < 0 ? -EIO : 1;
		else if (r == -EBADMSG)
			strbuf_addf(notes, "'%s/%s' is damaged, which is left out\n", s->path, name);
		else
			strbuf_addf(err, "cannot read '%s/%s': %s", s->path, name, diag_strerror(r));
		close(fd);
		if (r != -EBADMSG)
			return r;
	}
	return 0;
}
