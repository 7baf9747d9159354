/* Metrics without an option: see metrics_file.h. */
#include "common/io/metrics_file.h"

#include <stdlib.h>
#include <unistd.h>

#include "common/base/diag.h"
#include "common/base/strbuf.h"

char *metrics_file(void)
{
	const char *dir = getenv(METRICS_VARIABLE);
	struct strbuf path = STRBUF_INIT;
	if (!dir || !*dir)
		return NULL;
	strbuf_addf(&path, "%s/%s-%ld" METRICS_SUFFIX, dir, diag_name(), (long)getpid());
	return strbuf_detach(&path);
}
