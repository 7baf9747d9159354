/* The programs and pages: see guide.h; tests/cli/manuals.bats compares them with the manuals. */
#include "cmd/weir/guide.h"

#include <string.h>

struct guide_entry {
	const char *name, *does; /* does NULL: the title of a group */
};

static const struct guide_entry programs[] = {
	{"Sources", NULL},
	{"consume", "write the records of Kafka topics to standard output"},
	{"lake-cat", "print the records of a table of a data lake"},
	{"Filters", NULL},
	{"split", "write each token of the input on a line of its own"},
	{"wordcount", "count how often each word occurs in the input"},
	{"filter", "print the records of JSON, TSV or CSV that match an expression"},
	{"map", "compute, rename, explode and look up fields by a program of statements"},
	{"clean", "check, change and mask records by rules"},
	{"aggregate", "count and sum up records by key"},
	{"detect", "print the records that are unusual for their key, with a score"},
	{"each", "run a command once per batch of a stream"},
	{"meter", "pass a stream through and show its rate and its delay"},
	{"Sinks", NULL},
	{"lake-put", "write records into a table of a data lake, all or nothing"},
	{"db-put", "write records into a table of a database, all or nothing"},
	{"produce", "write records to a Kafka topic"},
	{"ack", "end a marked stream and acknowledge its batches"},
	{"Tools", NULL},
	{"run", "run a pipeline as a service, in a container or from cron"},
	{"config", "print the settings in effect, and where each comes from"},
	{"topics", "list the topics of a Kafka cluster"},
	{"lag", "show how far consumer groups are behind"},
	{"lake-check", "verify a table of a data lake: its log, its files, and against the topic"},
	{"lake-compact", "put the small files of a table together, beside running writers"},
	{"mock-broker", "run an in-memory Kafka cluster"},
};

static const struct guide_entry pages[] = {
	{"weir", "Kafka topics, shell pipelines and a data lake"},
	{"cookbook", "recipes for common tasks, as commands to paste"},
	{"examples", "worked examples: counting words, users, payments, sensors"},
	{"expr", "expressions over the fields of a record"},
	{"guarantees", "what is promised, for which pipelines, and what can still go wrong"},
	{"lake", "the tables of weir: files, log, recovery"},
	{"schema", "the columns of a table, and how values of records become theirs"},
	{"stream", "records, batches and marks between the programs of weir"},
	{"versions", "versions of weir, and what may be mixed"},
};

enum { PROGRAMS = sizeof programs / sizeof *programs, PAGES = sizeof pages / sizeof *pages };

static void add_entries(struct strbuf *b, const struct guide_entry *e, size_t n)
{
	for (; n; e++, n--)
		if (e->does)
			strbuf_addf(b, "  %-13s%s\n", e->name, e->does);
		else
			strbuf_addf(b, "%s:\n", e->name);
}

void guide_add(struct strbuf *b)
{
	add_entries(b, programs, PROGRAMS);
	strbuf_addstr(b, "Pages for `weir help`:\n");
	add_entries(b, pages, PAGES);
	strbuf_addstr(b, "`weir examples [WORD ...]` prints the recipes of the cookbook that have these words.\n");
}

const char *guide_page(size_t i)
{
	return i < PAGES ? pages[i].name : NULL;
}

bool guide_has_page(const char *name)
{
	for (size_t i = 0; i < PAGES; i++)
		if (strcmp(pages[i].name, name) == 0)
			return true;
	return false;
}
