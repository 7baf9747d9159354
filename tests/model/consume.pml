/* consume, and the coordinator of its group. */

#define ACKED (KIND(sock) == ACK || KIND(sock) == ACKFLUSH)
#define WRITABLE (waiting < PIPE && s.phase != OFF && !cut)
#define DONE (c.phase == WAIT && c.last)
#define CONSUME_ENDS (c.phase != OFF && s.phase == OFF && !sock && !DONE)
#define WRITES_F (c.phase == LAST && WRITABLE)
#define UNREAD(p) (c.phase == RUN && HAS(c.mask, p) && c.pos[p] < END)
#define IN_BATCH(p) (HAS(c.mask, p) && c.pos[p] != c.from[p])
#define REVOKED (member[i] == MEMBER && rebalance)
#ifndef EXIT_BEFORE_LAST_ACK
#define MAY_EXIT DONE
#else
#define MAY_EXIT (c.phase == WAIT)
#endif

/* The end of its membership: it leaves, dies or is thrown out. */
inline leave() {
	member[i] = OUT;
	assigned[i] = 0;
	rebalance = (member[1 - i] != OUT);
}

/*
 * consume ends, by its own will or not.  That the coordinator notices a dead member at once loses nothing: what comes
 * of it (everybody joins again) takes as long as it likes.
 */
inline consume_end() {
	for (k : 0 .. NP - 1) {
		c.from[k] = 0;
		c.pos[k] = 0;
	}
	sock = 0;
	c.phase = OFF;
	c.mask = 0;
	c.fresh = 0;
	c.last = 0;
	leave();
	start_again();
}

inline assign(first, second) {
	assigned[0] = first;
	assigned[1] = second;
	member[0] = (member[0] == JOINING -> MEMBER : member[0]);
	member[1] = (member[1] == JOINING -> MEMBER : member[1]);
	rebalance = 0;
}

/*
 * The assignment is gone, and its epoch with it: Bs, Qs and acknowledgements of it, wherever they are, belong to the
 * past.  (Numbers would do the same, but never come back to a state that was seen before.)
 */
inline void_epoch() {
	for (p : 0 .. PIPE - 1) {
		pipe[p] = pipe[p] & ~MESSAGE(0, 1, 0);
	}
	for (p : 0 .. NP - 1) {
		c.from[p] = 0;
	}
	sock = (KIND(sock) == AT -> 0 : sock & ~MESSAGE(0, 1, 0));
	s.current = 0;
	s.ask_current = 0;
	c.mask = 0;
	c.fresh = 0;
}

inline rejoin() {
	void_epoch();
	member[i] = JOINING;
	assigned[i] = 0;
	c.phase = JOIN;
}

/* The sink has answered Q: begin where it says, else where the group says, else at the start. */
inline begin() {
	off = 0;
	n = 0;
	for (p : 0 .. NP - 1) {
		if
		:: HAS(c.mask, p) ->
			k = TWO(OFF_OF(sock), p);
#ifdef START_FROM_GROUP
			c.from[p] = (group[p] -> group[p] : FIRST);
#else
			c.from[p] = (k -> k : (group[p] -> group[p] : FIRST));
#endif
			read_back = c.from[p] < c.pos[p];
#ifndef MUTANT /* rule 3 of DESIGN section 4: end with 75.  It never comes to that, unless there is a mutation. */
			assert(!read_back);
#endif
			n = n || read_back;
			c.pos[p] = c.from[p];
#ifdef WAS_FROM_GROUP
			k = group[p];
#endif
			off = off | PAIR(p, k, c.pos[p]);
			c.fresh = c.fresh || !k || c.pos[p] == END;
		:: else
		fi
	}
	sock = 0;
	SEND(R, 0, off);
	c.phase = RUN;
#ifndef NO_FORWARD_RULE
	if
	:: n -> consume_end();
	:: else
	fi
#endif
}

inline read_record(q) {
	if
	:: HAS(MARKERS, q * NR + c.pos[q] - 1)
	:: else -> SEND(REC, 0, BIT(q, c.pos[q]));
	fi;
	c.pos[q]++;
}

inline write_batch(what) {
	off = 0;
	for (p : 0 .. NP - 1) {
		if
		:: HAS(c.mask, p) ->
			off = off | PAIR(p, c.from[p], c.pos[p]);
			c.from[p] = c.pos[p];
		:: else
		fi
	}
	SEND(what, 1, off);
	c.fresh = 0;
}

inline swallow_batch() {
	for (p : 0 .. NP - 1) {
		c.from[p] = (HAS(c.mask, p) -> c.pos[p] : 0);
	}
	c.fresh = 1; /* the next B tells, even an empty one */
	s.open = 0;
}

inline close_lost_batch() {
#ifndef NO_B_WHEN_LOST
	write_batch(B);
#else
	skip;
#endif
}

/* The coordinator takes offsets from members of the present generation, whoever owns the partition. */
inline commit_group() {
	for (p : 0 .. NP - 1) {
		if
		:: TWO(off, p) ->
			group_back = TWO(off, p) < group[p];
			assert(!group_back);
			group[p] = TWO(off, p);
		:: else
		fi
	}
	check_told(off);
}

inline hear_ack() {
	message = sock;
	sock = 0;
	off = OFF_OF(message);
	if
#ifdef OLD_EPOCH_ACK
	:: member[i] == MEMBER -> commit_group();
#else
	:: member[i] == MEMBER && CURRENT(message) -> commit_group();
#endif
	:: else
	fi;
	if
	:: CURRENT(message) && KIND(message) == ACKFLUSH && c.phase == DRAIN && member[i] == MEMBER -> rejoin();
	:: CURRENT(message) && KIND(message) == ACKFLUSH && (c.phase == LAST || c.phase == WAIT) ->
		if
		:: c.mask && member[i] != MEMBER -> consume_end(); /* the group refuses the commit: 75 */
		:: else -> c.last = 1;
		fi
	:: else
	fi
}

inline stop() {
	if
	:: c.phase != RUN -> void_epoch();
	:: else
	fi;
	write_batch(BFLUSH);
	stopped[i] = 1;
	c.phase = LAST;
}

inline exit_0() {
	for (p : 0 .. NP - 1) {
		ended_early = HAS(c.mask, p) && !(VISIBLE(p, c.pos[p]) && group[p] >= c.pos[p]);
		assert(!ended_early);
	}
	consume_end();
}
