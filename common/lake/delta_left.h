/*
 * Data files of a Delta table that dead writers have left: they have their final names before they are committed, so a
 * writer that is killed in between leaves them there.
 *
 * Layer: lake (uses log, snapshot, delta_checkpoint, housekeeping).  A claim (housekeeping.h) lists what dead writers
 * have staged, and they commit nothing more.  If a stage has become a data file by then, that has the same writer and
 * number in its name; it is removed unless the log names it: in an entry that is left or, where entries were cleaned
 * away, in a checkpoint.
 */
#ifndef WEIR_LAKE_DELTA_LEFT_H
#define WEIR_LAKE_DELTA_LEFT_H

#include "common/lake/housekeeping.h"
#include "common/lake/log.h"

#define DELTA_LEFT_ENTRIES \
	20000 /* of a longer log nothing is read: lake-check --clean removes the files by their age */

/*
 * Remove what has become of the stages of CLAIM and is in no version of LOG, which was read up to its head after the
 * claim; the paths are added to RET.  Nothing is removed when not all that the log names can be read, which is not an
 * error.  Errors of store_list() and store_remove().
 */
int delta_left_remove(
	const struct log *log, const struct claim *claim, struct names *ret, struct strbuf *err) MUST_CHECK;

#endif
