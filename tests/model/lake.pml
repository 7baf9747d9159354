/* The lake: its log, a put whose answer is lost, stages. */

inline drop_late() {
	for (k : 0 .. NP - 1) {
		late_to[k] = 0;
	}
	late = 0;
	late_orphan = 0;
	late_gone = 0;
	late_who = 0;
	late_recs = 0;
#ifdef LATER
	late_parts = 0;
#endif
#ifdef ROWS
	late_run = 0;
#endif
}

inline publish_head() {
	unpublished = 0;
}

/* The first entry of the group says how many partitions there are; those that come later are in the lake from FIRST on. */
inline note_parts() {
#ifdef LATER
	log_parts = (log_parts -> log_parts : k);
	begun[1] = (log_parts == 1 -> FIRST : begun[1]);
#else
	skip;
#endif
}

#ifdef ROWS
#define NOTE_RUN log_run = by_run
#else
#define NOTE_RUN skip
#endif

#define COVERED(v) ((v) == FREE -> TAKEN : ((v) == OURS -> OURS_COVERED : (v)))

/* Records are committed, and with them the positions to[]. */
inline move(records) {
	committed = committed | records;
	note_parts();
	for (p : 0 .. NP - 1) {
		if
		:: to[p] ->
			position_back = to[p] < log[p];
			assert(!position_back);
			log[p] = to[p];
			NOTE_RUN;
			lost = (DUE(p, log[p]) & ~committed) != 0;
			assert(!lost);
		:: else
		fi
	}
}

/*
 * put_if_absent has succeeded: the entry is the head, with the positions to[].  Versions have no numbers here: whoever
 * wanted to write the one after the old head finds it taken from now on, a late put too.
 */
inline land(records, came_twice, missing) {
	doubled = (records & committed) || came_twice;
	assert(!doubled);
	files_missing = missing;
	assert(!files_missing);
	entry_incomplete = (unpublished != 0); /* only the head may be so: nobody looks further back */
	assert(!entry_incomplete);
	move(records);
#ifndef DELTA
	unpublished = records;
#endif
	version[0] = COVERED(version[0]);
	version[1] = COVERED(version[1]);
	drop_late();
}

inline late_arrives() {
	for (p : 0 .. NP - 1) {
		to[p] = late_to[p];
	}
	n = (late_orphan -> 2 : late_who);
#ifdef LATER
	k = late_parts;
#endif
#ifdef ROWS
	by_run = late_run;
#endif
	land(late_recs, 0, late_gone);
	if
	:: n < 2 -> version[n] = OURS;
	:: else
	fi
}

/*
 * lake-check --clean may delete a stage that builds on a position before the log's, because it can never be committed.
 * Then it is taken for deleted.  (A late put's stage is never such: when its position has moved, its version is taken.)
 */
#define BEHIND(p) (MOVED(p) && s.base[p] < log[p])
