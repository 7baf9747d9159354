/* The option --id: see once.h. */
#include "common/data/once.h"

#include <string.h>

#include "common/data/utf8.h"
#include "common/io/pipes.h"

int once_check(const struct once_opts *once, const struct opt_spec *spec, char **operands)
{
	const char *id = once->id;
	if (!id)
		return once->trust_eof ? opt_usage_error(spec, "--trust-eof needs --id") : EXIT_OK;
	if (!*id || strlen(id) > ONCE_ID_MAX || !utf8_valid(id, strlen(id)))
		return opt_usage_error(spec, "--id is not 1 to %d bytes of UTF-8", ONCE_ID_MAX);
	size_t i = 0;
	do {
		const char *path = operands[i] ? operands[i] : "-";
		if (!once->trust_eof && !pipes_no_pipe(path))
			return opt_usage_error(spec,
				"--id takes regular files, which '%s' is not: its end may be that of a failed program; "
				"write a file first (--trust-eof takes the pipe anyway)",
				path);
	} while (operands[i] && operands[++i]);
	return EXIT_OK;
}
