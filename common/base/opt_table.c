/* The options of a program, with those that every program has: see opt_impl.h. */
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/color.h"
#include "common/base/diag_log.h"
#include "common/base/near.h"
#include "common/base/opt_impl.h"

static struct opt_own_values values;
static struct {
	char **items; /* ends with NULL */
	size_t count;
} words;

#define FLAG(KEY, NAME, DEST, HELP)                                          \
	{                                                                    \
		.key = (KEY), .name = (NAME), .dest = (DEST), .help = (HELP) \
	}
#define VALUE(NAME, TYPE, DEST, ARG, HELP)                                                   \
	{                                                                                    \
		.name = (NAME), .type = (TYPE), .dest = (DEST), .arg = (ARG), .help = (HELP) \
	}

const struct opt opt_own[OWN_COUNT + 1] = {
	[OWN_HELP] = FLAG('h', "help", &values.help, "print this help and exit"),
	[OWN_VERSION] = FLAG('V', "version", &values.version, "print the version and exit"),
	[OWN_CONFIG] = {.key = 'F',
		.name = "config",
		.type = OPT_LIST,
		.dest = &values.files,
		.arg = "FILE",
		.help = "read settings and Kafka's properties from FILE"},
	[OWN_PROFILE] =
		VALUE("profile", OPT_STRING, &values.profile, "PROFILE", "use this profile of the configuration"),
	[OWN_SHOW] = FLAG('\0', "show-config", &values.show, "print what the configuration sets, and where, and exit"),
	[OWN_VERBOSE] = FLAG('v', "verbose", &values.verbose, "report what is done; default on a terminal"),
	[OWN_QUIET] = FLAG('q', "quiet", &values.quiet, "print no messages unless something is wrong"),
	[OWN_LOG] = VALUE(
		"log", OPT_CHOICE, &values.log, "warn|info|debug", "what is reported: as by -q, as by -v, or more"),
	[OWN_FORMAT] =
		VALUE("log-format", OPT_CHOICE, &values.format, "text|json", "messages with time, program and level"),
	[OWN_COLOR] = VALUE("color", OPT_CHOICE, &values.color, "auto|always|never",
		"colours; auto: on a terminal, unless NO_COLOR is set"),
};

struct opt_own_values *opt_own_values(void)
{
	return &values;
}

void opt_own_reset(void)
{
	for (size_t i = 0; i < words.count; i++)
		free(words.items[i]);
	free(words.items);
	opt_list_release(&values.files);
	words.items = NULL;
	words.count = 0;
	values = (struct opt_own_values){.log = -1, .format = DIAG_PLAIN};
}

void opt_own_apply(void)
{
	enum { WARN, INFO, DEBUG };
	bool debugs = values.log == DEBUG && !values.quiet,
	     quiet = values.quiet || (values.log == WARN && !values.verbose);
	diag_notes(quiet ? DIAG_QUIET : values.verbose || values.log >= INFO ? DIAG_VERBOSE : DIAG_NORMAL);
	diag_log((enum diag_format)values.format, debugs);
	color_set((enum color_when)values.color);
}

/* Keep one place for the NULL at the end. */
static void add_word(char *word)
{
	words.items = xreallocarray(words.items, words.count + 2, sizeof *words.items);
	words.items[words.count++] = word;
	words.items[words.count] = NULL;
}

void opt_own_note(const struct opt *o, const char *value)
{
	struct strbuf word = STRBUF_INIT;
	strbuf_addf(&word, "--%s", o->name);
	if (value)
		strbuf_addf(&word, "=%s", value);
	add_word(strbuf_detach(&word));
}

char *const *opt_common_words(void)
{
	static char *const none[] = {NULL};
	return words.items ? words.items : none;
}

static bool has_name(const struct opt_spec *spec, const char *name)
{
	for (const struct opt *o = spec->options; o->name; o++)
		if (strcmp(o->name, name) == 0)
			return true;
	return false;
}

/* Whether the program itself means something by -KEY, be it only a hint. */
static bool has_key(const struct opt_spec *spec, char key)
{
	for (const struct opt *o = spec->options; o->name; o++)
		if (o->key == key)
			return true;
	for (const struct hint *h = spec->hints; h && h->word; h++)
		if (h->word[0] == '-' && h->word[1] == key && !h->word[2])
			return true;
	return false;
}

void opt_table_init(struct opt_table *t, const struct opt_spec *spec)
{
	t->count = 0;
	for (const struct opt *o = spec->options; o->name && t->count < OPT_MAX - OWN_COUNT; o++)
		t->rows[t->count++] = (struct opt_row){.opt = o, .key = o->key};
	for (const struct opt *o = opt_own; o->name; o++)
		if (!has_name(spec, o->name))
			t->rows[t->count++] =
				(struct opt_row){.opt = o, .key = has_key(spec, o->key) ? '\0' : o->key, .own = true};
}

const char *opt_table_nearest(const struct opt_table *t, const char *word)
{
	const char *name = NULL;
	size_t best = NEAR_NOT;
	for (size_t i = 0; i < t->count; i++) {
		size_t rank = near_rank(word, t->rows[i].opt->name);
		if (rank < best) {
			best = rank;
			name = t->rows[i].opt->name;
		}
	}
	return name;
}
