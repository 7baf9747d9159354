/* consume, and the coordinator of its group. */

#define ACKED (KIND(sock) == ACK || KIND(sock) == ACKFLUSH)
#define WRITABLE (waiting < PIPE && s.phase != OFF && !cut)
#define DONE (c.phase == WAIT && c.last)
#define CONSUME_ENDS (c.phase != OFF && s.phase == OFF && !sock && !DONE)
#define WRITES_F (c.phase == LAST && WRITABLE)
#define UNREAD(p) (c.phase == RUN && HAS(c.mask, p) && c.pos[p] < TAIL(p))
#define READS (c.phase == RUN || c.phase == SETTLE)
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
#ifndef FIXED
	rebalance = (member[1 - i] != OUT);
#endif
}

inline join() {
#ifdef FIXED /* -p: everybody has all, and the coordinator knows of nobody */
	member[i] = MEMBER;
	assigned[i] = (1 << NP) - 1;
#else
	member[i] = JOINING;
	rebalance = 1;
#endif
}

/* The group has lost patience with a member that lives. */
inline throw_out() {
	leave();
#ifdef IN_GROUP
	valid[i] = 0;
#endif
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
#ifdef IN_GROUP
	valid[0] = (first != 0);
	valid[1] = (second != 0);
#endif
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
#ifdef IN_GROUP
	s.member = 0;
#endif
	c.mask = 0;
	c.fresh = 0;
}

inline rejoin() {
	void_epoch();
	member[i] = JOINING;
	assigned[i] = 0;
	c.phase = JOIN;
}

/* Where a partition begins of which the sink has nothing: by --from. */
#ifdef LATER
#define CAME_LATER(p) ((p) >= c.parts)
#elif defined(GROWS)
#define CAME_LATER(p) 0
#endif
#ifdef GROWS
#define BY_FROM(p) (CAME_LATER(p) -> FIRST : TAIL(p))
#else
#define BY_FROM(p) FIRST
#endif
/* And whether that is made durable first. */
#if !defined(GROWS) || defined(NO_SETTLE)
#define SETTLES(p) 0
#elif defined(SETTLE_IF_NOT_FIRST) /* the end of an empty partition is its beginning, too */
#define SETTLES(p) (c.pos[p] != FIRST)
#elif defined(SETTLE_IF_NOT_LATER)
#define SETTLES(p) (!CAME_LATER(p))
#else
#define SETTLES(p) 1
#endif

#ifdef ROWS
/*
 * The filter, at R: takes the state of the cut at which the sink is, by the run BY at POS (0: it has nothing).  Where a
 * partition begins R moves the position itself, so that has a state, too.
 */
inline take_state(pos, by) {
	if
	:: my_run -> /* a later R: another run's put has arrived meanwhile if it is not where the state is */
#ifndef STATE_STAYS
		cut = (pos != at_pos || by != at_run);
#endif
	:: else ->
		runs++;
		my_run = runs;
		by_run = by;
#ifdef STATE_BY_POSITION /* the newest */
		for (p : 1 .. my_run - 1) {
			by_run = (pos && STATE(p, pos) -> p : by_run);
		}
#endif
		no_state = pos && !STATE(by_run, pos);
		assert(!no_state);
		closed = pos && STATE(by_run, pos) == 2;
		row_lost = closed && !(committed & ROW);
		assert(!row_lost);
		at_pos = pos;
		at_run = by_run;
	fi;
	if
	:: !pos ->
		at_pos = FIRST;
		at_run = my_run;
#ifndef NO_STATE_AT_R
		STATE(my_run, FIRST) = 1;
#endif
	:: else
	fi
}
#endif

/* The sink has answered Q: begin where it says, else by --from. */
inline begin() {
	off = 0;
	n = 0;
	c.phase = RUN;
#ifdef LATER
#ifndef PARTS_NOT_RECORDED
	c.parts = (PARTS_OF(sock) -> PARTS_OF(sock) : c.at_start);
#else
	c.parts = c.at_start;
#endif
#endif
	for (p : 0 .. NP - 1) {
		if
		:: HAS(c.mask, p) ->
			k = TWO(OFF_OF(sock), p);
#ifdef START_FROM_GROUP
			c.from[p] = (group[p] -> group[p] : FIRST);
#else
			c.from[p] = (k -> k : BY_FROM(p));
#endif
			read_back = c.from[p] < c.pos[p];
#ifndef MUTANT /* rule 3 of DESIGN section 4: end with 75.  It never comes to that, unless there is a mutation. */
			assert(!read_back);
#endif
			n = n || read_back;
			c.pos[p] = c.from[p];
			c.phase = (!k && SETTLES(p) -> SETTLE : c.phase);
#ifdef WAS_FROM_GROUP
			k = group[p];
#endif
			off = off | PAIR(p, k, c.pos[p]);
			c.fresh = c.fresh || !k || c.pos[p] == END;
		:: else
		fi
	}
	k = RUN_OF(sock);
	sock = 0;
#ifdef ROWS
	take_state(ONE(off, 0), k);
#endif
	if
	:: cut -> skip; /* the filter has ended with 75 */
#ifdef LATER
	:: else -> SEND_MESSAGE(MESSAGE(R, 0, off) | WITH_PARTS(c.parts));
#else
	:: else -> SEND(R, IS_IN_GROUP, off); /* it names the membership, which is the present one */
#endif
	fi;
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
#ifdef GROWS
	begun[q] = (begun[q] -> begun[q] : c.pos[q]);
#endif
	c.pos[q]++;
}

#ifdef ROWS
/*
 * The filter, before it passes a B on: writes the row if it is due (N), and keeps what it knows, both only when the
 * batch moves the position, which the state has, with the run, for a name.
 */
inline keep_state() {
	n = NOW_DUE && (IN_BATCH(0) || IDLE_ROW);
	closed = closed || n;
	if
	:: IN_BATCH(0) || n ->
		at_pos = c.pos[0];
		at_run = my_run;
		STATE(at_run, at_pos) = (closed -> 2 : 1);
	:: else
	fi
}
#endif

inline write_batch(what) {
	off = 0;
#ifdef ROWS
	keep_state();
#endif
	for (p : 0 .. NP - 1) {
		if
		:: HAS(c.mask, p) ->
			off = off | PAIR(p, c.from[p], c.pos[p]);
			c.from[p] = c.pos[p];
		:: else
		fi
	}
#ifdef ROWS
	SEND_MESSAGE(MESSAGE(what, 1, off) | (n -> WITH_ROW : 0));
#else
	SEND(what, 1, off);
#endif
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
#ifdef IN_GROUP /* the sink has done that */
	:: 0
#elif defined(OLD_EPOCH_ACK)
	:: member[i] == MEMBER -> commit_group();
#else
	:: member[i] == MEMBER && CURRENT(message) -> commit_group();
#endif
	:: else
	fi;
	if
	:: CURRENT(message) && KIND(message) == ACKFLUSH && c.phase == SETTLE && !c.fresh -> c.phase = RUN;
	:: CURRENT(message) && KIND(message) == ACKFLUSH && c.phase == DRAIN && member[i] == MEMBER -> rejoin();
	:: CURRENT(message) && KIND(message) == ACKFLUSH && (c.phase == LAST || c.phase == WAIT) ->
		if
		:: c.mask && member[i] != MEMBER && !IS_IN_GROUP -> consume_end(); /* the group refuses the commit: 75 */
		:: else -> c.last = 1;
		fi
	:: else
	fi
}

inline stop() {
	if
	:: !READS -> void_epoch();
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
