/* Files as records, each of them one: --format file. */
#include "cmd/produce/produce.h"

#include <errno.h>
#include <string.h>

#include "common/base/checking.h"
#include "common/base/sig.h"
#include "common/base/whole.h"

#define ETB '\x17' /* a marked stream begins with it */

enum { LONGEST = 64 << 20 };

/* The file NAME has these contents. */
static int send_file(struct produce *p, const char *name, const struct strbuf *text)
{
	struct record r = {.key = p->opts->key,
		.key_len = p->opts->key ? strlen(p->opts->key) : 0,
		.value = text->s,
		.value_len = text->len,
		.partition = RD_KAFKA_PARTITION_UA,
		.headers = p->headers,
		.header_count = p->header_count};
	if (text->len && text->s[0] == ETB && !p->opts->filter.plain) {
		warn("%s begins as a marked stream does, which is not one record; with --plain it is sent as it is",
			name);
		return EXIT_USAGE;
	}
	places_begin(&p->places, name, p->records);
	p->input = name;
	if (produce_is_tombstone(p, r.value, r.value_len))
		r.value = NULL, r.value_len = 0;
	return produce_put(p, &r, text->s, text->len, true);
}

/* Sends PATH; one that cannot be read makes *WORST the status at the end. */
static int read_file(struct produce *p, const char *path, struct strbuf *text, int *worst)
{
	const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
	uint64_t most = p->opts->filter.max_record ? p->opts->filter.max_record : LONGEST;
	strbuf_clear(text);
	int r = whole_read(path, most, text);
	if (r == 0 && !checking())
		return send_file(p, name, text);
	if (r == -EFBIG) {
		warn("%s is longer than %llu bytes (--max-record)", name, (unsigned long long)most);
		return EXIT_DATA;
	}
	if (r < 0) {
		warn("cannot read '%s': %s", name, whole_strerror(r));
		*worst = EXIT_CONFIG;
	}
	return 0;
}

int produce_files(struct produce *p, char **files)
{
	static char dash[] = "-", *none[] = {dash, NULL};
	struct strbuf text = STRBUF_INIT;
	int status = 0, worst = 0;
	for (char **f = *files ? files : none; *f && !status && !sig_stop(); f++) {
		status = sender_check(&p->sender);
		if (!status)
			status = read_file(p, *f, &text, &worst);
	}
	strbuf_release(&text);
	return status ? status : worst;
}
