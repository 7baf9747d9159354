/* The table of a database as a sink: the callbacks of common/stream/sink.h. */
#ifndef WEIR_DB_PUT_PUT_H
#define WEIR_DB_PUT_PUT_H

#include "common/db/db_state.h"
#include "common/base/numset.h"
#include "take.h"

struct db_sink {
	struct db *db;
	struct db_table table;
	struct columns_choice choice;
	struct db_state state;
	struct take take;
	struct rejects *rejects;
	struct numset refused;      /* of the commit that is being tried */
	uint64_t rows;              /* of the last commit */
	uint64_t all_rows, retries; /* since the start; of transactions */
};

/*
 * Open the database URL and find the table and its columns, as the options say.  EXIT_OK; EXIT_NO: the id of --id is
 * committed already; else an exit status after a message.  Close P in any case; its address must not change.
 */
int put_open(struct db_sink *p, const char *url, struct rejects *rejects);
/* Whether only a check is asked for, and --create would make the file of the SQLite database URL. */
bool put_makes_file(const char *url);

void put_close(struct db_sink *p);

/* Check whether rows could be written: an exit status, after a message. */
int put_try(struct db_sink *p);

/* SELF is a struct db_sink. */
extern const struct sink_ops put_sink_ops;

#endif
