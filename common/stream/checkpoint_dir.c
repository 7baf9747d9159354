/* A directory of states: opening, writing, pruning.  See checkpoint_dir.h. */
#include "common/stream/checkpoint_dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/base/killpoint.h"

/*
 * Deltas are appended to a file until they are as long as its full state, so that writing costs at most twice the
 * deltas and reading at most twice the state.  For small states the limit is DELTAS_SMALL, as they need not be compact;
 * FRAMES_MAX bounds how many frames must be listed.
 */
#define DELTAS_SMALL (1u << 20)
#define FRAMES_MAX   1024

struct name {
	char s[32];
};

static struct name file_name(uint64_t number, const char *suffix)
{
	struct name name;
	snprintf(name.s, sizeof name.s, "state-%08" PRIu64 "%s", number, suffix);
	return name;
}

/* The number in NAME, if it is the name of a state file of ours with SUFFIX. */
static bool is_ours(const char *name, const char *suffix, uint64_t *ret)
{
	char *end;
	if (strncmp(name, "state-", 6) != 0 || name[6] < '0' || name[6] > '9')
		return false;
	uint64_t number = strtoull(name + 6, &end, 10);
	if (number == UINT64_MAX || strcmp(end, suffix) != 0 || strcmp(file_name(number, suffix).s, name) != 0)
		return false; /* so that there is always a next number */
	*ret = number;
	return true;
}

static int fail(struct strbuf *err, int code, const char *what, const char *path)
{
	strbuf_addf(err, "cannot %s '%s': %s", what, path, diag_strerror(code));
	return -code;
}

static int sync_parent(struct checkpoint_dir *s, struct strbuf *err)
{
	int fd = openat(s->fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int code = fd < 0 || fsync(fd) < 0 ? errno : 0;
	if (fd >= 0)
		close(fd);
	return code ? fail(err, code, "sync the directory of", s->path) : 0;
}

static int open_locked(struct checkpoint_dir *s, struct strbuf *err)
{
	bool made = mkdir(s->path, 0700) == 0;
	if (!made && errno != EEXIST)
		return fail(err, errno, "make the state directory", s->path);
	s->fd = open(s->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->fd < 0)
		return fail(err, errno, "open the state directory", s->path);
	if (flock(s->fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK)
			return fail(err, errno, "lock the state directory", s->path);
		strbuf_addf(err, "another process uses the state directory '%s'", s->path);
		return -EBUSY;
	}
	if (faccessat(s->fd, ".", W_OK, AT_EACCESS) < 0)
		return fail(err, errno, "write in the state directory", s->path);
	return made ? sync_parent(s, err) : 0;
}

/* Describe how states with the identity IS differ from those of this program. */
static int other(const struct checkpoint_dir *s, const char *is, struct strbuf *err)
{
	strbuf_addf(
		err, "'%s' holds state of another program or of other options: %s, not %s", s->path, is, s->identity);
	return -ESTALE;
}

/* Read the frames of FILE up to the first that is incomplete. */
static int read_frames(struct checkpoint_dir *s, struct checkpoint_file *file, struct strbuf *notes, struct strbuf *err)
{
	struct name name = file_name(file->number, "");
	struct checkpoint_frame frame;
	uint64_t at = 0;
	int r = 0, fd = checkpoint_dir_open_file(s, file->number, err);
	if (fd < 0)
		return fd;
	while ((r = checkpoint_frame_read(fd, at, &frame)) == 1) {
		if (strcmp(frame.identity, s->identity) != 0)
			r = other(s, frame.identity, err);
		else if ((frame.form == CHECKPOINT_FULL) != (at == 0))
			r = -EBADMSG;
		if (r < 0) {
			checkpoint_frame_release(&frame);
			break;
		}
		at = checkpoint_frame_end(&frame);
		file->frames = xreallocarray(file->frames, file->count + 1, sizeof *file->frames);
		file->frames[file->count++] = frame;
	}
	close(fd);
	if (r == -EBADMSG)
		strbuf_addf(notes, "'%s/%s' is damaged or half written from byte %" PRIu64 "; the rest is skipped\n",
			s->path, name.s, at);
	if (r == -ESTALE || r == -EBADMSG || r == 0)
		return r == -ESTALE ? r : 0;
	return fail(err, -r, "read", name.s);
}

static int by_number(const void *a, const void *b)
{
	const struct checkpoint_file *x = a, *y = b;
	return (x->number > y->number) - (x->number < y->number);
}

static struct checkpoint_file *add_file(struct checkpoint_dir *s, uint64_t number)
{
	s->files = xreallocarray(s->files, s->count + 1, sizeof *s->files);
	s->files[s->count] = (struct checkpoint_file){.number = number, .batch = UINT64_MAX};
	if (number >= s->next)
		s->next = number + 1;
	return &s->files[s->count++];
}

/* List the files, and remove those that a crash has left incomplete. */
static int list(struct checkpoint_dir *s, struct strbuf *err)
{
	int fd = openat(s->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir) {
		int code = errno;
		if (fd >= 0)
			close(fd);
		return fail(err, code, "read the state directory", s->path);
	}
	uint64_t number;
	errno = 0;
	for (const struct dirent *e; (e = readdir(dir)); errno = 0) {
		if (is_ours(e->d_name, "", &number))
			add_file(s, number);
		else if (is_ours(e->d_name, ".new", &number) && unlinkat(s->fd, e->d_name, 0) < 0)
			break;
	}
	int code = errno;
	closedir(dir);
	if (s->count)
		qsort(s->files, s->count, sizeof *s->files, by_number);
	return code ? fail(err, code, "read the state directory", s->path) : 0;
}

int checkpoint_dir_open(
	struct checkpoint_dir *s, const char *path, const char *identity, struct strbuf *notes, struct strbuf *err)
{
	*s = (struct checkpoint_dir){.path = xstrdup(path), .identity = xstrdup(identity), .fd = -1, .out_fd = -1};
	int r = open_locked(s, err);
	if (r == 0)
		r = list(s, err);
	for (size_t i = 0; i < s->count && r == 0; i++)
		r = read_frames(s, &s->files[i], notes, err);
	return r;
}

static void forget_frames(struct checkpoint_file *file)
{
	for (size_t i = 0; i < file->count; i++)
		checkpoint_frame_release(&file->frames[i]);
	free(file->frames);
	file->frames = NULL;
	file->count = 0;
}

void checkpoint_dir_drop_index(struct checkpoint_dir *s)
{
	for (size_t i = 0; i < s->count; i++)
		forget_frames(&s->files[i]);
}

static void close_out(struct checkpoint_dir *s)
{
	if (s->out_fd >= 0)
		close(s->out_fd); /* everything that matters was synced */
	s->out_fd = -1;
}

void checkpoint_dir_release(struct checkpoint_dir *s)
{
	if (!s->path)
		return;
	close_out(s);
	checkpoint_dir_drop_index(s);
	if (s->fd >= 0)
		close(s->fd);
	free(s->files);
	free(s->path);
	free(s->identity);
	*s = (struct checkpoint_dir){.fd = -1, .out_fd = -1};
}

bool checkpoint_dir_takes_delta(const struct checkpoint_dir *s)
{
	uint64_t room = s->out_full > DELTAS_SMALL ? s->out_full : DELTAS_SMALL;
	return s->out_fd >= 0 && s->out_deltas < room && s->out_frames < FRAMES_MAX;
}

int checkpoint_dir_save_begin(
	struct checkpoint_dir *s, enum checkpoint_form form, const struct mark *mark, struct checkpoint_out *out)
{
	if (form == CHECKPOINT_FULL) {
		close_out(s);
		s->out_fd = openat(s->fd, file_name(s->next, ".new").s, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (s->out_fd < 0)
			return -errno;
		s->out_end = s->out_full = s->out_deltas = s->out_frames = 0;
		/* The positions that R moves are committed with the batch after it. */
		add_file(s, s->next)->batch = mark ? mark->batch + (mark->kind == MARK_RESUME) : 0;
	}
	checkpoint_out_begin(
		out, s->out_fd, s->out_end, form, s->identity, mark ? mark->text : "", mark ? mark->len : 0);
	return 0;
}

/* The file is complete: rename it to its final name. */
static int appear(struct checkpoint_dir *s)
{
	uint64_t number = s->files[s->count - 1].number;
	KILL_POINT("state-before-rename");
	if (renameat(s->fd, file_name(number, ".new").s, s->fd, file_name(number, "").s) < 0)
		return -errno;
	KILL_POINT("state-after-rename");
	if (fsync(s->fd) < 0)
		return -errno;
	KILL_POINT("state-after-sync");
	return 0;
}

/* Remove what a failed save has written.  If that fails, too, readers skip it. */
static void undo(struct checkpoint_dir *s, bool full)
{
	if (full)
		unlinkat(s->fd, file_name(s->files[--s->count].number, ".new").s, 0);
	else
		(void)!ftruncate(s->out_fd, (off_t)s->out_end); /* else readers skip the damaged end */
	close_out(s);
}

int checkpoint_dir_save_end(struct checkpoint_dir *s, struct checkpoint_out *out)
{
	bool full = out->form == CHECKPOINT_FULL;
	uint64_t end, len = out->len;
	int r = checkpoint_out_end(out, &end);
	if (r == 0 && full)
		r = appear(s);
	if (r < 0) {
		undo(s, full);
		return r;
	}
	*(full ? &s->out_full : &s->out_deltas) += len;
	s->out_end = end;
	s->out_frames++;
	return 0;
}

/* Remove the files before number I of the list. */
static int remove_before(struct checkpoint_dir *s, size_t i)
{
	for (size_t k = 0; k < i; k++) {
		if (unlinkat(s->fd, file_name(s->files[k].number, "").s, 0) < 0 && errno != ENOENT)
			return -errno;
		forget_frames(&s->files[k]);
	}
	memmove(s->files, s->files + i, (s->count - i) * sizeof *s->files);
	s->count -= i;
	return 0;
}

int checkpoint_dir_prune(struct checkpoint_dir *s, uint64_t done)
{
	size_t i = s->count;
	while (i && s->files[i - 1].batch > done)
		i--;
	return i > 1 ? remove_before(s, i - 1) : 0;
}

int checkpoint_dir_keep_newest(struct checkpoint_dir *s)
{
	return s->count > 1 ? remove_before(s, s->count - 1) : 0;
}
