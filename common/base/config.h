/*
 * Configuration files: settings in sections, and which of them count.
 *
 * Layer: base (libc only).  config_parse() and what looks settings up are pure.  A file has lines of these forms, with
 * blanks anywhere around their parts; a file of Kafka's properties is one, too:
 *
 *     # comment             at the start of a line only: a value may contain '#'
 *     KEY = VALUE           before any section: as in [kafka]
 *     [SECTION]             kafka, store, weir or a program
 *     [PROFILE:SECTION]     counts only with that profile
 *
 * Of settings with the same section and key the last one counts, in this order: files without a profile, files with
 * the profile, files that were given without and with the profile.  Lines end in LF or CR LF.
 */
#ifndef WEIR_BASE_CONFIG_H
#define WEIR_BASE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/strbuf.h"

/* Names files, by absolute paths with LF between. */
#define CONFIG_FILES_VARIABLE "WEIR_CONFIG_FILES"

enum { CONFIG_MAX = 1 << 20 }; /* bytes of a file */

struct config_entry {
	char *profile; /* NULL: it counts whatever the profile */
	char *section, *key, *value;
	char *path;  /* the file that it is from */
	size_t line; /* counted from 1 */
	bool given;  /* by a file that the command line names: it outranks the environment */
};

struct config {
	struct config_entry *entries; /* owned; after config_settle() those that count more are later */
	size_t count, cap;
};

/* Wipe and free all entries; C is empty afterwards. */
void config_release(struct config *c);

/*
 * Add the settings in the LEN bytes at S, the contents of PATH.  0, or -EINVAL with "PATH:LINE: " and the reason, but
 * no value, in ERR; then some settings have been added.
 */
int config_parse(
	struct config *c, const char *path, bool given, const char *s, size_t len, struct strbuf *err) MUST_CHECK;

/*
 * Add the settings in the file PATH.  0; -EINVAL as above; -EFBIG when it is longer than CONFIG_MAX; or -errno.  ERR
 * names the file.
 */
int config_read(struct config *c, const char *path, bool given, struct strbuf *err) MUST_CHECK;

/*
 * Add those of the files that no command line names: that of WEIR_CONFIG, or else the system's and the user's, which
 * need not be there.  0, or the first failure of config_read().
 */
int config_read_usual(struct config *c, struct strbuf *err) MUST_CHECK;

/*
 * Drop the settings of other profiles than PROFILE (NULL: of all), and sort the others.  0, or -ENOENT with the reason
 * in ERR when no file has PROFILE.
 */
int config_settle(struct config *c, const char *profile, struct strbuf *err) MUST_CHECK;

/* The entry that counts for KEY in SECTION, NULL: none.  C must be settled.  It belongs to C. */
const struct config_entry *config_find(const struct config *c, const char *section, const char *key);

/* The same for entries without a profile; C need not be settled. */
const struct config_entry *config_find_plain(const struct config *c, const char *section, const char *key);

/*
 * Whether the value of this property of Kafka, or setting of a store (ignoring case), is not to be shown: passwords,
 * tokens, keys, but not where they are.
 */
bool config_is_secret(const char *name);

/*
 * Whether VALUE, of KEY in SECTION, is not to be shown.  In [kafka] and [store] its key says that; an option of a
 * program is not a secret, whatever it is called, but its VALUE may itself be NAME=VALUE, as that of -X is.
 */
bool config_holds_secret(const char *section, const char *key, const char *value);

/*
 * The value of NAME in the environment, or of that key in the section [store] of config_own(); given files come before
 * the environment, others after it.  NULL when it is nowhere, or empty.
 */
const char *config_variable(const char *name);

/* The I-th key of the section [store]; NULL after the last.  I counts from 0 up to there. */
const char *config_store_name(size_t i);

/*
 * Whether NAME, the part of a variable after WEIR_ or WEIR_KAFKA_, is what Kubernetes sets for a service with such a
 * name: (…_)SERVICE_HOST, (…_)SERVICE_PORT(_…), (…_)PORT, (…_)PORT_….  No property of Kafka has such a name.
 */
bool config_is_service_variable(const char *name);

/*
 * Add the settings of the N files at FILES, which a command line names, after those of CONFIG_FILES_VARIABLE: the files
 * of the `weir run` or `weir each` that has started this program.  A file in both is read once, at its later place.
 * The variable is set to all of them, for what this program starts; a file that cannot be read twice, such as a pipe,
 * is left out of it.  0, or the first failure: of config_read(), or -ENOMEM.
 */
int config_read_given(struct config *c, const char *const *files, size_t n, struct strbuf *err) MUST_CHECK;

/* The settings of this process, which opt_parse() has read; empty before.  Not to be released. */
struct config *config_own(void);

#endif
