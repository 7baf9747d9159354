/* Schemas from records: names that no column can have.  See schema_infer_impl.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/visible.h"
#include "common/data/schema_infer_impl.h"
#include "common/data/schema_name.h"

void infer_names_release(struct infer_names *names)
{
	for (size_t i = 0; i < names->count; i++) {
		free(names->items[i].path);
		free(names->items[i].folded);
	}
	free(names->items);
}

struct infer_node *infer_child(struct infer_node *node, const char *name, size_t len)
{
	for (size_t i = 0; i < node->count; i++) {
		size_t at = node->next + i < node->count ? node->next + i : node->next + i - node->count;
		struct infer_node *child = node->child[at];
		if (child->len == len && memcmp(child->name, name, len) == 0) {
			node->next = at + 1 < node->count ? at + 1 : 0;
			return child;
		}
	}
	return NULL;
}

/* The byte of NAME that is one of REFUSED; NULL: there is none. */
static const char *refused_byte(const char *name, size_t len, const char *refused)
{
	const char *found = NULL;

	for (size_t i = 0; !found && i < len; i++)
		if (strchr(refused, name[i]))
			found = &name[i];
	return found;
}

/* PATH is like OTHER, which is BEFORE and the name of a column that there is. */
static int alike(const char *path, const char *before, const char *other, struct strbuf *why)
{
	strbuf_addstr(why, "column ");
	visible_add(why, path, strlen(path));
	strbuf_addstr(why, ": an earlier one is called ");
	visible_add(why, before, strlen(before));
	visible_add(why, other, strlen(other));
	strbuf_addstr(why, ", and names that differ in case only are one");
	return -EEXIST;
}

/* Check the name NAME, whose small letters are FOLDED, against those of PARENT, whose path is BEFORE. */
static int check_earlier(
	const struct infer_node *parent, const char *path, const char *before, const char *folded, struct strbuf *why)
{
	for (size_t i = 0; parent && i < parent->count; i++) {
		const struct infer_node *child = parent->child[i];
		if (strcmp(child->folded, folded) != 0)
			continue;
		struct strbuf other = STRBUF_INIT;
		schema_name_print(child->name, child->len, &other);
		alike(path, before, other.s, why);
		strbuf_release(&other);
		return -EEXIST;
	}
	return 0;
}

/* Check PATH against the other new names of the record, and add it to them. */
static int check_fresh(struct infer_names *names, const struct strbuf *path, struct strbuf *why)
{
	struct strbuf folded = STRBUF_INIT;

	schema_name_fold(path->s, path->len, &folded);
	for (size_t i = 0; i < names->count; i++) {
		const struct infer_name *other = &names->items[i];
		if (strcmp(other->folded, folded.s) != 0)
			continue;
		strbuf_release(&folded);
		return strcmp(other->path, path->s) == 0 ? 0 : alike(path->s, "", other->path, why);
	}
	if (names->count == names->room) {
		names->room = names->room ? 2 * names->room : 16;
		names->items = xreallocarray(names->items, names->room, sizeof(*names->items));
	}
	names->items[names->count++] =
		(struct infer_name){.path = xstrndup(path->s, path->len), .folded = strbuf_detach(&folded)};
	return 0;
}

int infer_name_check(struct infer_names *names, const struct infer_node *parent, const struct strbuf *before,
	const char *name, size_t len, struct strbuf *why)
{
	const char *fault = schema_name_fault(name, len), *byte = refused_byte(name, len, names->refused);
	struct strbuf path = STRBUF_INIT, folded = STRBUF_INIT;
	int r = fault || byte ? -EINVAL : 0;

	strbuf_add(&path, before->s, before->len);
	schema_name_print(name, len, &path);
	if (fault) {
		strbuf_addf(why, "a field's name %s%s", fault, before->len ? ", in " : "");
		visible_add(why, before->s, before->len ? before->len - 1 : 0);
	} else if (byte) {
		strbuf_addstr(why, "column ");
		visible_add(why, path.s, path.len);
		strbuf_addstr(why, ": its name has a '");
		visible_add(why, byte, 1);
		strbuf_addstr(why, "', which Spark refuses");
	} else if (names->count < SCHEMA_MAX_FIELDS) { /* otherwise there are too many fields, which is found later */
		schema_name_fold(name, len, &folded);
		r = check_earlier(parent, path.s, before->len ? before->s : "", folded.s, why);
		r = r == 0 ? check_fresh(names, &path, why) : r;
	}
	strbuf_release(&path);
	strbuf_release(&folded);
	return r;
}
