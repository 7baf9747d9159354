/*
 * Where a lake table lives: a small set of operations that a local directory, S3, Azure and HDFS can all provide, and
 * what each promises about visibility and durability (doc/design.md, 6).
 *
 * Layer: lake (uses base, uuid).  PATH is relative to the table, '/' between its parts, without ".", ".."
 * or a line feed.  Every function that can fail returns 0 or -errno, and then appends to ERR what
 * failed, complete enough to print.
 *
 * A staged file is invisible until it is published; publishing needs nothing but the path, the size and the `tag`,
 * which the log keeps, so that any process can finish it.  Sealing and publishing are certain only after a
 * store_sync(), which covers any number of files.
 */
#ifndef WEIR_LAKE_STORE_H
#define WEIR_LAKE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/strbuf.h"
#include "common/io/http.h"
#include "common/base/uuid.h"
#include "common/lake/names.h"

struct store {
	const struct store_ops *ops;
	char *url; /* as the user has written it, for messages */
	/*
	 * Until when, by clock_boot_ms(), a remote store may try store_put_if_absent(); after that it returns -EAGAIN.
	 * 0: no limit.  The store's users set it.
	 */
	int64_t put_by_ms;
};

/* How a table that is not a local directory is reached; a zeroed one has the defaults.  All strings are borrowed. */
struct store_options {
	struct http_config http;
	/* limit for the bytes in memory that wait to be uploaded; more of them go to a file in $TMPDIR; 0: 32 MiB */
	uint64_t memory;
	unsigned uploads;                                 /* requests in flight; 0: 4 */
	const char *endpoint, *region, *s3_style;         /* NULL: from the environment and the profile */
	const char *storage_class, *tags, *sse, *sse_key; /* of the objects; NULL: the bucket's default */
};

/* A file that is being written; made by store_stage(), freed by store_stage_free() before its store is closed. */
struct stage {
	struct store *store;
	int64_t began_ms; /* clock_boot_ms() */
	char *path;       /* where publishing puts it */
	bool in_place;    /* the file is made there, and TAG is PATH, so that publishing does nothing */
	char *tag;        /* what publishing needs in addition; it may change until store_sync() */
	uint64_t size;    /* bytes so far */
};

/* The outcome of put_if_absent is not known: the entry may exist, may appear later, or not. */
#define STORE_UNKNOWN (-EINPROGRESS)

struct store_ops {
	void (*close)(struct store *store);
	int (*get)(struct store *store, const char *path, uint64_t max, struct strbuf *ret, struct strbuf *err);
	int (*read)(struct store *store, const char *path, const char *tag, uint64_t pos, void *buf, size_t size,
		struct strbuf *err);
	int (*list)(struct store *store, const char *dir, struct names *ret, struct strbuf *err);
	int (*put)(struct store *store, const char *path, const struct strbuf *data, struct strbuf *err);
	int (*put_if_absent)(struct store *store, const char *path, const struct strbuf *data, struct strbuf *err);
	int (*stage)(struct store *store, const char *path, struct stage **ret, struct strbuf *err);
	/* store_stage_in_place(); NULL: as `stage` */
	int (*stage_in_place)(struct store *store, const char *path, struct stage **ret, struct strbuf *err);
	int (*append)(struct store *store, struct stage *stage, const void *data, size_t len, struct strbuf *err);
	int (*seal)(struct store *store, struct stage *stage, struct strbuf *err);
	int (*sync)(struct store *store, struct strbuf *err);
	int (*publish)(struct store *store, const char *path, uint64_t size, const char *tag, struct strbuf *err);
	int (*discard)(struct store *store, const char *tag, struct strbuf *err);
	int (*size)(struct store *store, const char *path, uint64_t *ret, struct strbuf *err);
	int (*remove)(struct store *store, const char *path, struct strbuf *err);
	/* store_set_aside() and store_size_aside(); NULL: files cannot be renamed */
	int (*set_aside)(struct store *store, const char *path, const char *aside, struct strbuf *err);
	int (*size_aside)(struct store *store, const char *path, uint64_t *ret, struct strbuf *err);
	int (*wait)(struct store *store, int fd, int timeout_ms); /* NULL: nothing is ever begun and not ended */
	void (*stage_free)(struct stage *stage); /* frees what a stage has in addition to struct stage; NULL: nothing */
	int64_t (*now_ms)(struct store *store);  /* NULL: the clock of this machine */
	const struct http_counters *(*counters)(struct store *store); /* NULL: no requests are made */
	/*
	 * Other writers cannot be seen, so that only age shows whether they are dead; and servers differ: see
	 * store_prove().
	 */
	bool remote;
	/* operations that only a local directory has (housekeeping.h); NULL: there is nothing to clean up */
	const struct housekeeping *housekeeping;
	/* append which server gets keys and tokens, where a URL may name any; NULL: it may not */
	void (*server)(struct store *store, struct strbuf *ret);
};

/*
 * store_open.c: open the table at URL: a path, file:PATH, s3://BUCKET/PATH, hdfs://HOST:PORT/PATH, or one of az.h (az:,
 * abfss:, https:); nothing is created until something is written.
 *
 * WRITER names this writer in what it stages (a UUID; copied); NULL for a reader.  OPTIONS are copied, without their
 * strings; NULL: the defaults.  *ret_store is freed by store_close().  -ENOTDIR and other errors of open(2); -EINVAL
 * for other schemes, and for URLs and options that make no sense.
 */
int store_open(const char *url, const char *writer, const struct store_options *options, struct store **ret_store,
	struct strbuf *err) MUST_CHECK;

/*
 * The same for a writer with a new name, which is copied to RET_UUID when that is not NULL.  Errors of store_open() and
 * of uuid_new(), with ERR.
 */
int store_open_writer(const char *url, char ret_uuid[UUID_LEN + 1], const struct store_options *options,
	struct store **ret_store, struct strbuf *err) MUST_CHECK;

void store_close(struct store *store);

/*
 * Read a whole file.  -ENOENT, for which ERR is set, too; -EBADMSG when it is not a regular file, leads out of the
 * table or has more than MAX bytes.
 */
int store_get(struct store *store, const char *path, uint64_t max, struct strbuf *ret, struct strbuf *err) MUST_CHECK;

/*
 * Read up to SIZE bytes (at most INT_MAX) of a file from byte POS on.  TAG is the tag of its stage, which is read as
 * long as the file is not published; or NULL.  A file that was set aside is read, too.  Returns their number, 0 at the
 * end of the file; -ENOENT, -EBADMSG as above.
 */
int store_read(struct store *store, const char *path, const char *tag, uint64_t pos, void *buf, size_t size,
	struct strbuf *err) MUST_CHECK;

/* Read exactly LEN bytes of PATH from POS on.  Errors of store_read(); -EBADMSG when the file ends before. */
int store_read_all(
	struct store *store, const char *path, uint64_t pos, void *buf, size_t len, struct strbuf *err) MUST_CHECK;

/*
 * The same of a file that is to have SIZE bytes: when LEN bytes (at most INT_MAX - 1) end there, also -EBADMSG when it
 * has more, which takes no other request.
 */
int store_read_sized(struct store *store, const char *path, uint64_t size, uint64_t pos, void *buf, size_t len,
	struct strbuf *err) MUST_CHECK;

/* The size of the file PATH, published or staged; -ENOENT (ERR is untouched then); -EBADMSG as above. */
int store_size(struct store *store, const char *path, uint64_t *ret, struct strbuf *err) MUST_CHECK;

/* Add the names in DIR, unsorted, to RET; none when DIR does not exist. */
int store_list(struct store *store, const char *dir, struct names *ret, struct strbuf *err) MUST_CHECK;

/* Create or replace a file, as a whole, but not durably; for hints. */
int store_put(struct store *store, const char *path, const struct strbuf *data, struct strbuf *err) MUST_CHECK;

/*
 * Create a file durably, completely or not at all.  -EEXIST when it exists already; STORE_UNKNOWN when it may or may
 * not exist; after any other error we have not created it.  -EAGAIN: another process considered this writer dead, and
 * may have removed what it has staged; -EINVAL: the file system cannot do this.
 */
int store_put_if_absent(
	struct store *store, const char *path, const struct strbuf *data, struct strbuf *err) MUST_CHECK;

/* Begin a file that will be published as PATH; *ret_stage belongs to the caller. */
int store_stage(struct store *store, const char *path, struct stage **ret_stage, struct strbuf *err) MUST_CHECK;
/*
 * The same for a file that readers ignore until a commit names it: in stores where publishing would be a copy, it may
 * be made under its final name at once (stage->in_place).  PATH must be unique, with this writer's UUID after "part-"
 * in its last part.  The file must be published before the commit.
 */
int store_stage_in_place(
	struct store *store, const char *path, struct stage **ret_stage, struct strbuf *err) MUST_CHECK;
/* Append; thousands of stages may be written in turn, and do not hold a descriptor each. */
int store_append(struct store *store, struct stage *stage, const void *data, size_t len, struct strbuf *err) MUST_CHECK;
/* The file is complete: make its contents durable. */
int store_seal(struct store *store, struct stage *stage, struct strbuf *err) MUST_CHECK;
/*
 * Make everything that was sealed or published since the last call durable, including names.  Sealing and publishing
 * may only have begun their work; so their errors are returned here, too, and after an error none of that work is
 * certain.
 */
int store_sync(struct store *store, struct strbuf *err) MUST_CHECK;
void store_stage_free(struct stage *stage);

/*
 * Wait until FD can be read, at most TIMEOUT_MS; what was begun, uploads and copies, moves on meanwhile.  1 it can be
 * read, or its other end is closed; 0 not yet.  An error of what was begun is returned by the next operation.
 */
int store_wait(struct store *store, int fd, int timeout_ms) MUST_CHECK;

/*
 * Make a sealed stage visible as PATH; repeating this is not an error.  -EBADMSG when neither the stage nor a file of
 * SIZE bytes at PATH exists.
 */
int store_publish(struct store *store, const char *path, uint64_t size, const char *tag, struct strbuf *err) MUST_CHECK;
/*
 * Remove a stage that no commit names or will name; it is not an error if it is gone.  -EBADMSG when TAG is not a
 * stage.
 */
int store_discard(struct store *store, const char *tag, struct strbuf *err) MUST_CHECK;

/*
 * Hide a published file: give PATH the name ASIDE, which readers of directories ignore, and which must be that of
 * store_aside_name().  store_read() still finds it by PATH, and store_publish() with the tag ASIDE makes it visible
 * again.  Certain only after a store_sync().  It is not an error if PATH is gone; -EBADMSG when ASIDE is another name;
 * -ENOTSUP when the store cannot rename files.
 */
int store_set_aside(struct store *store, const char *path, const char *aside, struct strbuf *err) MUST_CHECK;

/* The size of PATH after store_set_aside(); -ENOENT (ERR is untouched then) when it is not there. */
int store_size_aside(struct store *store, const char *path, uint64_t *ret, struct strbuf *err) MUST_CHECK;

/*
 * The name that store_set_aside() gives to PATH; freed by the caller.  NULL when PATH is not the name of a data file of
 * ours, part-UUID-NUMBER and a suffix, or when STORE cannot rename files.
 */
char *store_aside_name(const struct store *store, const char *path);

/* Remove a file that is no longer needed, as the caller must know; it is not an error if it is gone. */
int store_remove(struct store *store, const char *path, struct strbuf *err) MUST_CHECK;

/* How much was sent and received; NULL for a local directory. */
const struct http_counters *store_counters(struct store *store);

/*
 * If it is not certain that the store refuses to create a file that exists, verify it.  Otherwise two writers might
 * overwrite each other's entries.  -EINVAL when it does not refuse; errors of store_put_if_absent() and store_remove().
 */
int store_prove(struct store *store, struct strbuf *err) MUST_CHECK;

/*
 * The stores of a local directory (store_fs.c), a bucket (s3.c), a container (az.c) and a directory in HDFS (hdfs.c);
 * for the URLs of all but the first OPTIONS are complete.
 */
int store_fs_open(const char *path, const char *writer, struct store **ret, struct strbuf *err) MUST_CHECK;
int store_s3_open(const char *url, const char *writer, const struct store_options *options, struct store **ret,
	struct strbuf *err) MUST_CHECK;
int store_az_open(const char *url, const char *writer, const struct store_options *options, struct store **ret,
	struct strbuf *err) MUST_CHECK;

int store_hdfs_open(const char *url, const char *writer, const struct store_options *options, struct store **ret,
	struct strbuf *err) MUST_CHECK;

#endif
