/*
 * The settings in effect, as rows.
 */
#ifndef WEIR_CMD_CONFIG_ROWS_H
#define WEIR_CMD_CONFIG_ROWS_H

#include <stddef.h>

#include "common/base/strbuf.h"

struct setting {
	char *section, *key, *value, *from; /* owned; a secret is shown as *** */
};

struct settings {
	struct setting *rows; /* owned */
	size_t count;
};

void settings_release(struct settings *s);

/* Add a copy of all four; VALUE is hidden when KEY or VALUE is a secret. */
void settings_add(struct settings *s, const char *section, const char *key, const char *value, const char *from);

/* Add what the files of config_own() and the environment say to Kafka's programs and to stores. */
void settings_add_kafka(struct settings *s);
void settings_add_stores(struct settings *s);

/*
 * Add the lines of TEXT, what a program prints with --show-config, that are in SECTION.  TEXT is taken apart.
 */
void settings_add_shown(struct settings *s, const char *section, struct strbuf *text);

#endif
