/* Variables of the environment that set options, and those that were meant to: see opt_impl.h. */
#include <ctype.h>
#include <string.h>

#include "common/base/near.h"
#include "common/base/opt_impl.h"

#define PREFIX       "WEIR_"
#define KAFKA_PREFIX "WEIR_KAFKA_"

void opt_variable(struct strbuf *to, const char *section, const char *name)
{
	strbuf_addstr(to, PREFIX);
	if (strcmp(section, OPT_ALL_SECTION) != 0)
		strbuf_addf(to, "%s_", section);
	strbuf_addstr(to, name);
	for (char *c = to->s; *c; c++)
		*c = *c == '-' ? '_' : (char)toupper((unsigned char)*c);
}

/* The variable that is nearest to NAME, of those that are offered. */
struct variable_search {
	const char *name;
	struct strbuf best; /* empty: none is near */
	size_t limit;       /* it is at most this far */
	bool found;         /* one of them is NAME */
};

static void offer(struct variable_search *s, const char *name)
{
	size_t distance = near_distance(s->name, name);
	s->found = s->found || distance == 0;
	if (distance > s->limit)
		return;
	strbuf_clear(&s->best);
	strbuf_addstr(&s->best, name);
	s->limit = distance ? distance - 1 : 0;
}

/* Offer what the program reads beside Kafka's properties: its options, those of all programs, and the rest. */
static void offer_all(struct variable_search *s, const struct opt_spec *spec, const struct opt_table *t)
{
	static const char *const others[] = {"WEIR_BROKERS", "WEIR_CONFIG", CONFIG_FILES_VARIABLE, "WEIR_EXEC_PATH",
		"WEIR_MANDIR", "WEIR_PROFILE", "WEIR_SELF"};
	struct strbuf name = STRBUF_INIT;
	for (size_t i = 0; i < t->count; i++) {
		const struct opt_row *row = &t->rows[i];
		strbuf_clear(&name);
		opt_variable(&name, row->own ? OPT_ALL_SECTION : spec->program, row->opt->name);
		if (opt_is_settable(row))
			offer(s, name.s);
	}
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		offer(s, others[i]);
	for (size_t i = 0; config_store_name(i); i++)
		if (strncmp(config_store_name(i), PREFIX, strlen(PREFIX)) == 0)
			offer(s, config_store_name(i));
	strbuf_release(&name);
}

/* Whether the variable NAME is one of the program PROGRAM: WEIR_PROGRAM_…. */
static bool belongs_to(const char *name, const char *program)
{
	struct strbuf prefix = STRBUF_INIT;
	opt_variable(&prefix, program, "");
	bool is = strncmp(name, prefix.s, prefix.len) == 0;
	strbuf_release(&prefix);
	return is;
}

/* A variable, until a program is found that it belongs to. */
struct owner {
	const char *name;
	bool found;
};

static void look_at_program(void *self, const char *program)
{
	struct owner *o = self;
	o->found = o->found || belongs_to(o->name, program);
}

/* Whether the first word of NAME after WEIR_ is nearly KAFKA. */
static bool is_nearly_kafka(const char *name)
{
	char word[16] = "";
	size_t len = strcspn(name + strlen(PREFIX), "_");
	if (len >= sizeof word || !name[strlen(PREFIX) + len])
		return false;
	memcpy(word, name + strlen(PREFIX), len);
	return near_distance(word, "KAFKA") <= 2;
}

/* Judge the variable NAME, which is not empty. */
static int judge(const char *name, const struct opt_spec *spec, const struct opt_table *t)
{
	enum { SHORT = 5 }; /* letters after WEIR_ below which one edit makes another word */
	size_t len = strlen(name) - strlen(PREFIX);
	struct variable_search s = {.name = name, .best = STRBUF_INIT, .limit = len < SHORT ? 1 : 2};
	struct owner owner = {.name = name};
	int status = 0;
	offer_all(&s, spec, t);
	if (!s.found && belongs_to(name, spec->program)) {
		warn("%s names no option of %s that can be set%s%s%s", name, spec->program,
			s.best.len ? "; did you mean " : "", s.best.s, s.best.len ? "?" : "");
		status = EXIT_CONFIG;
	} else if (!s.found && (s.best.len || is_nearly_kafka(name))) {
		if (!opt_programs(spec->program, look_at_program, &owner) || !owner.found)
			warn("%s is not read; did you mean %s?", name, s.best.len ? s.best.s : KAFKA_PREFIX "…");
	}
	strbuf_release(&s.best);
	return status;
}

int opt_config_check_variables(char *const *variables, const struct opt_spec *spec, const struct opt_table *t)
{
	struct strbuf name = STRBUF_INIT;
	int status = 0;
	for (; *variables && !status; variables++) {
		const char *equals = strchr(*variables, '=');
		if (strncmp(*variables, PREFIX, strlen(PREFIX)) != 0 || !equals || !equals[1] ||
			strncmp(*variables, KAFKA_PREFIX, strlen(KAFKA_PREFIX)) == 0)
			continue;
		strbuf_clear(&name);
		strbuf_add(&name, *variables, (size_t)(equals - *variables));
		if (!config_is_service_variable(name.s + strlen(PREFIX)))
			status = judge(name.s, spec, t);
	}
	strbuf_release(&name);
	return status;
}
