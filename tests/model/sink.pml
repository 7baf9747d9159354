/* The sink, lake-put. */

#define AT_EOF (!waiting && (c.phase == OFF || cut))
#define MOVED(p) (s.next[p] != s.base[p]) /* these are in the entry; they and those that stay must agree with the log */
#define DIFFERS(p) (s.next[p] && s.base[p] != log[p])
#define IN_HAND (s.hand || ANY(MOVED))
/* Batches are committed where one ends: at B, and (--commit-every) at the empty ones that stand for an idle time. */
#define MAY_COMMIT (s.phase == READ && s.owe && (!s.open || s.flush || s.ask))
#define SINK_READS (s.phase == READ && !s.flush && !s.ask && !MAY_COMMIT && (waiting || AT_EOF))
#define SINK_ACKS (MAY_COMMIT && !IN_HAND && !sock)
#ifdef NO_COMMIT_AT_Q
#define ANSWERS (s.phase == READ && s.ask && !sock)
#elif defined(NEWER_HEAD_AT_Q)
#define ANSWERS (s.phase == READ && s.mended && !sock)
#else
#define ANSWERS (s.phase == READ && s.ask && !s.owe && !sock)
#endif
#define PUTS (s.phase == CHECKED && version[i] == FREE)

inline sink_end() {
#ifdef IN_GROUP
	txn_leave();
#endif
	for (k : 0 .. NP - 1) {
		s.base[k] = 0;
		s.next[k] = 0;
	}
	for (k : 0 .. PIPE - 1) {
		pipe[k] = 0;
	}
	waiting = 0;
	sock = (KIND(sock) == AT -> 0 : sock); /* of no use any more; an acknowledgement is */
	s.phase = OFF;
	s.open = 0;
	s.hand = 0;
	s.twice = 0;
	s.owe = 0;
	s.flush = 0;
	s.names = 0;
	s.current = 0;
	s.ask = 0;
	s.ask_current = 0;
	version[i] = NONE;
	if
	:: late && late_who == i && !late_orphan && !IS_IN_GROUP ->
		late_orphan = 1;
		late_who = 0;
	:: else
	fi;
	start_again();
}

inline sink_read_batch() {
	k = 0; /* does the chain break? */
	s.names = 0;
	for (p : 0 .. NP - 1) {
		if
		:: TWO(off, p) ->
			k = k || (ONE(off, p) != s.next[p]);
			s.next[p] = TWO(off, p);
			s.names = s.names | (1 << p);
		:: else
		fi
	}
	s.hand = s.hand | s.open;
#ifdef ROWS
	s.twice = s.twice || (HAS_ROW(message) && (s.hand & ROW));
	s.hand = s.hand | (HAS_ROW(message) -> ROW : 0);
#endif
	s.open = 0;
	s.owe = 1;
	s.flush = (KIND(message) == BFLUSH);
	s.current = CURRENT(message);
#ifndef NO_CHAIN_CHECK
	if
	:: k -> sink_end(); /* 75 */
	:: else
	fi
#endif
}

/* End of file without F: what is not committed is dropped, and that is a 75. */
inline sink_eof() {
#ifdef COMMIT_ON_EOF_WITHOUT_F
	if
	:: s.open || IN_HAND ->
		s.hand = s.hand | s.open;
		s.open = 0;
		s.owe = 1;
		s.flush = 1;
	:: else -> sink_end();
	fi
#else
	sink_end();
#endif
}

inline sink_read() {
	if
	:: waiting -> receive();
	:: else -> message = 0;
	fi;
	if
	:: KIND(message) == REC ->
		s.twice = s.twice || ((s.open | s.hand) & off);
		s.open = s.open | off;
	:: KIND(message) == B || KIND(message) == BFLUSH -> sink_read_batch();
	:: KIND(message) == Q ->
		s.ask = 1;
		s.ask_current = CURRENT(message);
#ifdef IN_GROUP
		s.want = off;
#endif
	:: KIND(message) == R ->
#ifdef LATER
		s.parts = PARTS_OF(message);
#endif
#ifdef IN_GROUP
		s.member = CURRENT(message);
#endif
		for (p : 0 .. NP - 1) {
			s.base[p] = (TWO(off, p) -> ONE(off, p) : 0);
#ifdef BASE_READ_AT_R
			s.base[p] = (TWO(off, p) -> log[p] : 0);
#endif
			s.next[p] = TWO(off, p);
		}
	:: KIND(message) == F -> sink_end();
	:: message == 0 -> sink_eof();
	fi;
	skip /* spin allows no loop at the end of a d_step */
}

/* Stage; read the head, compare, publish what it left; then put the version after it. */
inline sink_check() {
	if
#ifndef NO_POSITION_CHECK
	:: ANY(DIFFERS) -> sink_end(); /* somebody else has the partition now: 75 */
#endif
#if defined(LATER) && !defined(NO_PARTS_CHECK) && !defined(PARTS_NOT_RECORDED) /* somebody else has begun, when there were fewer partitions, or more */
	:: log_parts && log_parts != s.parts -> sink_end();
#endif
	:: else ->
#ifndef NO_PUBLISH_BEFORE_NEXT
		publish_head();
#endif
#ifdef RAW_PUBLISHES_FIRST /* readers of the directory see these records now */
		doubled = (s.hand & seen) != 0;
		assert(!doubled);
		seen = seen | s.hand;
#endif
		version[i] = FREE;
		s.phase = CHECKED;
	fi
}

inline sink_land() {
	for (p : 0 .. NP - 1) {
		to[p] = (MOVED(p) -> s.next[p] : 0);
	}
#ifdef LATER
	k = s.parts;
#endif
#ifdef ROWS
	by_run = my_run;
#endif
	land(s.hand, s.twice, ANY(BEHIND));
	version[i] = OURS;
}

/* The version that we wanted exists. */
inline sink_settle() {
	if
	:: version[i] == TAKEN ->
#ifdef NO_CHECK_AGAIN
		publish_head();
		version[i] = FREE;
		s.phase = CHECKED;
#elif defined(EXISTS_IS_SUCCESS)
		s.phase = COMMITTED;
#elif defined(NAMES_ARE_FREED) /* old entries are removed, names and all: the put works, below the head */
		s.phase = COMMITTED;
#else
		sink_check();
#endif
	:: else -> s.phase = COMMITTED; /* it has our txnId */
	fi
}

inline sink_delay() {
	for (k : 0 .. NP - 1) {
		late_to[k] = (MOVED(k) -> s.next[k] : 0);
	}
	late = 1;
#ifdef LATER
	late_parts = s.parts;
#endif
#ifdef ROWS
	late_run = my_run;
#endif
	late_who = i;
	late_recs = s.hand;
}

/* Publish (raw), unless whoever has written the version after ours has done it. */
inline sink_finish() {
#ifndef ACK_BEFORE_PUBLISH
	if
	:: version[i] == OURS -> publish_head();
	:: else
	fi;
#endif
	for (p : 0 .. NP - 1) {
		s.base[p] = s.next[p];
	}
	s.hand = 0;
	s.twice = 0;
	version[i] = NONE;
	s.phase = READ;
}

inline sink_ack() {
	off = 0;
	for (p : 0 .. NP - 1) {
		off = off | (HAS(s.names, p) -> PAIR(p, 0, s.next[p]) : 0);
	}
	check_told(off);
	if
	:: c.phase != OFF -> sock = MESSAGE((s.flush -> ACKFLUSH : ACK), s.current, off);
	:: else
	fi;
	s.owe = 0;
	s.flush = 0;
	s.names = 0;
	s.current = 0;
}

/* Q: everything in hand is committed by now.  Publish the head, and say which positions it holds. */
inline sink_answer() {
#if !defined(READ_BEFORE_PUBLISH_AT_Q) && !defined(NEWER_HEAD_AT_Q)
	publish_head();
#endif
	off = 0;
	for (p : 0 .. NP - 1) {
#ifdef READ_BEFORE_OPEN
		off = off | PAIR(p, 0, TWO(s.seen, p));
#else
		off = off | PAIR(p, 0, log[p]);
#endif
#ifndef NO_COMMIT_AT_Q
		s.base[p] = 0; /* the next R says it again */
		s.next[p] = 0;
#endif
	}
	if
	:: c.phase != OFF && s.ask_current ->
		check_told(off);
#ifdef LATER
		sock = MESSAGE(AT, 1, off) | WITH_PARTS(log_parts);
#elif defined(ROWS)
		sock = MESSAGE(AT, 1, off) | WITH_RUN(log_run);
#else
		sock = MESSAGE(AT, 1, off);
#endif
	:: else /* void: consume ignores the answer */
	fi;
	s.ask = 0;
	s.ask_current = 0;
#ifdef IN_GROUP
	s.opened = 0;
	s.want = 0;
	s.member = 0;
#ifdef READ_BEFORE_OPEN
	s.looked = 0;
	s.seen = 0;
#endif
#endif
#ifdef NEWER_HEAD_AT_Q
	s.mended = 0;
#endif
}
