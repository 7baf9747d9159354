/* An audit and what it reports: see audit.h. */
#include "common/lake/audit.h"

#include <errno.h>
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/lake/json_in.h"

void audit_init(struct audit *a, void (*find)(void *arg, const char *text),
	void (*fail)(void *arg, int code, const char *text), void *arg)
{
	json_set_alloc_funcs(xmalloc, free); /* so that NULL never means that there is no memory */
	*a = (struct audit){.find = find,
		.fail = fail,
		.arg = arg,
		.dir = LOG_RAW,
		.version = -1,
		.whole = true,
		.index = json_object(),
		.files = json_object(),
		.stages = json_object(),
		.removed = json_object(),
		.asides = json_object(),
		.txn_ids = json_object(),
		.undone = json_object(),
		.beside = json_object(),
		.delta = {.spared = json_object()}};
}

void audit_release(struct audit *a)
{
	for (size_t i = 0; i < a->nparts; i++) {
		free(a->parts[i].group);
		free(a->parts[i].topic);
		free(a->parts[i].spans);
	}
	free(a->parts);
	json_decref(a->index);
	json_decref(a->state);
	json_decref(a->files);
	json_decref(a->stages);
	json_decref(a->removed);
	json_decref(a->asides);
	json_decref(a->txn_ids);
	json_decref(a->own);
	json_decref(a->undone);
	json_decref(a->beside);
	survey_release(&a->last_look);
	json_decref(a->delta.meta);
	json_decref(a->delta.spared);
	free(a->delta.misfit);
	*a = (struct audit){0};
}

void audit_find(struct audit *a, const char *fmt, ...)
{
	struct strbuf text = STRBUF_INIT;
	va_list args;
	va_start(args, fmt);
	strbuf_vaddf(&text, fmt, args);
	va_end(args);
	a->findings++;
	a->find(a->arg, text.s);
	strbuf_release(&text);
}

void audit_judge(struct audit *a, int code, const struct strbuf *text)
{
	if (code == -EBADMSG)
		audit_find(a, "%s", text->s);
	else
		a->fail(a->arg, code, text->s);
}

bool audit_names(const struct audit *a, const char *path)
{
	return json_object_get(a->files, path) || json_object_get(a->stages, path) || json_object_get(a->removed, path);
}
