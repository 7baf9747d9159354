/* Parsing the answers of WebHDFS and HttpFS: see hdfs_answer.h. */
#include "common/lake/hdfs_answer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/lake/json_in.h"

static json_t *load(const char *s, size_t len)
{
	return json_loadb(s ? s : "", len, 0, NULL);
}

bool hdfs_is_json(const char *s, size_t len)
{
	json_t *root = load(s, len);
	json_decref(root);
	return root != NULL;
}

int hdfs_read_exception(const char *s, size_t len, char *name, size_t size, struct strbuf *text)
{
	json_t *root = load(s, len);
	const json_t *e = json_object_get(root, "RemoteException");
	const char *exception = text_in(e, "exception"), *message = text_in(e, "message");
	int r = exception ? 0 : -EBADMSG;
	if (r == 0) {
		const char *dot = strrchr(exception, '.'); /* HttpFS gives some names with their package */
		snprintf(name, size, "%s", dot ? dot + 1 : exception);
		if (message)
			strbuf_add(text, message, strcspn(message, "\r\n"));
	}
	json_decref(root);
	return r;
}

int hdfs_read_boolean(const char *s, size_t len)
{
	json_t *root = load(s, len);
	const json_t *value = json_object_get(root, "boolean");
	int r = json_is_boolean(value) ? json_is_true(value) : -EBADMSG;
	json_decref(root);
	return r;
}

int hdfs_read_location(const char *s, size_t len, struct strbuf *ret)
{
	json_t *root = load(s, len);
	const char *location = text_in(root, "Location");
	if (location)
		strbuf_addstr(ret, location);
	json_decref(root);
	return location ? 0 : -EBADMSG;
}

/* Read the object STATUS. */
static int read_status(const json_t *status, struct hdfs_status *ret)
{
	const char *type = text_in(status, "type");
	int64_t size = number_in(status, "length");
	if (!type || size < 0)
		return -EBADMSG;
	*ret = (struct hdfs_status){.is_dir = strcmp(type, "DIRECTORY") == 0,
		.size = (uint64_t)size,
		.file_id = number_in(status, "fileId"),
		.modified_ms = number_in(status, "modificationTime")};
	return 0;
}

int hdfs_read_status(const char *s, size_t len, struct hdfs_status *ret)
{
	json_t *root = load(s, len);
	int r = read_status(json_object_get(root, "FileStatus"), ret);
	json_decref(root);
	return r;
}

/* Whether this name may be a part of a path; the name in a directory's own status is "". */
static bool is_name(const char *s)
{
	return s && *s && !strchr(s, '/') && strcmp(s, ".") != 0 && strcmp(s, "..") != 0;
}

static int read_items(const json_t *items, hdfs_item *each, void *arg, const char **ret_last)
{
	const json_t *item;
	size_t i;
	json_array_foreach(items, i, item)
	{
		struct hdfs_status status;
		const char *name = text_in(item, "pathSuffix");
		if (!is_name(name) || read_status(item, &status) < 0)
			return -EBADMSG;
		int r = each(arg, name, &status);
		if (r)
			return r;
		*ret_last = name;
	}
	return 0;
}

int hdfs_read_listing(const char *s, size_t len, hdfs_item *each, void *arg, struct strbuf *last)
{
	json_t *root = load(s, len);
	const json_t *listing = json_object_get(root, "DirectoryListing");
	const json_t *statuses = json_object_get(json_object_get(listing, "partialListing"), "FileStatuses");
	const json_t *items = json_object_get(statuses, "FileStatus");
	int64_t more = number_in(listing, "remainingEntries");
	const char *name = NULL;
	int r = json_is_array(items) && more >= 0 ? read_items(items, each, arg, &name) : -EBADMSG;
	if (r == 0 && more && !name)
		r = -EBADMSG; /* asking again would give the same answer */
	if (r == 0 && more) {
		strbuf_addstr(last, name);
		r = 1;
	}
	json_decref(root);
	return r;
}
