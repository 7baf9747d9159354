/* Settings as rows: see rows.h. */
#include "cmd/config/rows.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/config.h"

#define KAFKA_PREFIX "WEIR_KAFKA_"

extern char **environ;

void settings_release(struct settings *s)
{
	for (size_t i = 0; i < s->count; i++) {
		free(s->rows[i].section);
		free(s->rows[i].key);
		free(s->rows[i].value);
		free(s->rows[i].from);
	}
	free(s->rows);
	*s = (struct settings){0};
}

void settings_add(struct settings *s, const char *section, const char *key, const char *value, const char *from)
{
	s->rows = xreallocarray(s->rows, s->count + 1, sizeof *s->rows);
	s->rows[s->count++] = (struct setting){
		.section = xstrdup(section),
		.key = xstrdup(key),
		.value = xstrdup(config_holds_secret(section, key, value) ? "***" : value),
		.from = xstrdup(from),
	};
}

/* Add KEY, which E sets, and the variable NAME with the value SET, unless that is NULL or empty: only the one that
 * overrides the other. */
static void add_stronger(struct settings *s, const char *section, const char *key, const struct config_entry *e,
	const char *name, const char *set)
{
	if (set && *set && !(e && e->given)) {
		settings_add(s, section, key, set, name);
	} else if (e) {
		struct strbuf from = STRBUF_INIT;
		strbuf_addf(&from, "%s:%zu", e->path, e->line);
		settings_add(s, section, key, e->value, from.s);
		strbuf_release(&from);
	}
}

/* The variable of Kafka's property KEY. */
static void name_variable(const char *key, struct strbuf *name)
{
	strbuf_addstr(name, KAFKA_PREFIX);
	for (const char *c = key; *c; c++)
		strbuf_addch(name, *c == '.' ? '_' : (char)toupper((unsigned char)*c));
}

/* What the environment says of KEY, and the variable that says it. */
static const char *find_variable(const char *key, struct strbuf *name)
{
	const char *brokers = getenv("WEIR_BROKERS");
	if (strcmp(key, "bootstrap.servers") == 0 && brokers && *brokers) {
		strbuf_addstr(name, "WEIR_BROKERS");
		return brokers;
	}
	name_variable(key, name);
	return getenv(name->s);
}

static void add_kafka(struct settings *s, const char *key)
{
	struct strbuf name = STRBUF_INIT;
	const char *set = find_variable(key, &name);
	add_stronger(s, "kafka", key, config_find(config_own(), "kafka", key), name.s, set);
	strbuf_release(&name);
}

/* Add the property of VARIABLE, NAME=VALUE, unless a file has it, too. */
static void add_variable(struct settings *s, const char *variable)
{
	const char *end = strchr(variable, '=');
	char *key = xstrndup(variable + strlen(KAFKA_PREFIX), (size_t)(end - variable) - strlen(KAFKA_PREFIX));
	for (char *c = key; *c; c++)
		*c = *c == '_' ? '.' : (char)tolower((unsigned char)*c);
	if (!config_find(config_own(), "kafka", key) &&
		!(strcmp(key, "bootstrap.servers") == 0 && getenv("WEIR_BROKERS")))
		add_kafka(s, key);
	free(key);
}

void settings_add_kafka(struct settings *s)
{
	const struct config *c = config_own();
	for (size_t i = 0; i < c->count; i++) {
		const struct config_entry *e = &c->entries[i];
		if (strcmp(e->section, "kafka") == 0 && e == config_find(c, "kafka", e->key))
			add_kafka(s, e->key);
	}
	if (getenv("WEIR_BROKERS") && !config_find(c, "kafka", "bootstrap.servers"))
		add_kafka(s, "bootstrap.servers");
	for (char **e = environ; *e; e++)
		if (strncmp(*e, KAFKA_PREFIX, strlen(KAFKA_PREFIX)) == 0 && strchr(*e, '='))
			add_variable(s, *e);
}

void settings_add_stores(struct settings *s)
{
	for (size_t i = 0; config_store_name(i); i++) {
		const char *name = config_store_name(i);
		add_stronger(s, "store", name, config_find(config_own(), "store", name), name, getenv(name));
	}
}

void settings_add_shown(struct settings *s, const char *section, struct strbuf *text)
{
	char *save = NULL;
	for (char *line = strtok_r(text->s, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *parts[4] = {line};
		size_t n = 1;
		for (char *tab = strchr(line, '\t'); tab && n < 4; tab = strchr(tab + 1, '\t')) {
			*tab = '\0';
			parts[n++] = tab + 1;
		}
		if (n == 4 && strcmp(parts[0], section) == 0)
			settings_add(s, section, parts[1], parts[2], parts[3]);
	}
}
