/*
 * The sink that commits in the group, produce: a topic is the table, and the group's offsets are its positions.
 *
 * A commit is a transaction of Kafka: its records, the offsets (which the group's coordinator takes from members of the
 * present generation), its end.  A transactional id belongs to whoever has opened a producer with it last, which settles
 * the transaction that is open under it.  An id is the set of its partitions.
 */

#define IDS 4
#define PENDING(id, p) t_to[(id) * NP + (p)]
#define IN_TXN (s.phase == SENT || s.phase == PENDED)
#define MINE (owner[s.id] == i + 1)
#define HELD_UP(p) (HAS(s.want, p) && ((open[1] && PENDING(1, p)) || (open[2] && PENDING(2, p)) || (open[3] && PENDING(3, p))))

/* The id of a producer for the partitions of a question. */
#ifdef OWN_ID
#define ID_OF(partitions) (i + 1)
#else
#define ID_OF(partitions) (partitions)
#endif

/* Whether the group's coordinator takes offsets from the member that R has named; -p has neither member nor generation. */
#ifdef FIXED
#define IS_MEMBER 1
#else
#define IS_MEMBER (s.member && valid[i])
#endif
#if defined(NO_GENERATION)
#define TAKES_OFFSETS 1
#define MAY_BEGIN MINE
#elif defined(GENERATION_CHECKED_FIRST)
#define TAKES_OFFSETS 1
#define MAY_BEGIN (MINE && IS_MEMBER)
#else
#define TAKES_OFFSETS IS_MEMBER
#define MAY_BEGIN MINE
#endif

/* Offsets are read stably: not while a transaction that has offsets for them is open. */
#ifdef UNSTABLE_READS
#define STABLE 1
#else
#define STABLE !ANY(HELD_UP)
#endif
#define ASKED (s.phase == READ && s.ask && !s.owe)
#ifdef READ_BEFORE_OPEN
#define OPENS (ASKED && s.looked && !s.opened)
#define LOOKS (ASKED && !s.looked && STABLE)
#define TELLS (ASKED && s.looked && s.opened && !sock)
#else
#define OPENS (ASKED && !s.opened)
#define TELLS (ASKED && s.opened && STABLE && !sock)
#endif

/* The transaction of this id is over. */
inline txn_over(which) {
	open[which] = 0;
	t_recs[which] = 0;
	t_twice[which] = 0;
	for (k : 0 .. NP - 1) {
		PENDING(which, k) = 0;
	}
	late = (late_id == which -> 0 : late);
	late_id = (late_id == which -> 0 : late_id);
}

/* A producer with this id: whoever had one before is fenced, and what is open is aborted. */
inline txn_open() {
	s.id = ID_OF(s.want);
	txn_over(s.id);
	owner[s.id] = i + 1;
	s.opened = 1;
}

/* The sink has ended: its transaction stays open, until a producer of its id or the coordinator's limit ends it. */
inline txn_leave() {
	if
	:: IN_TXN && MINE && open[s.id] -> open[s.id] = 2;
	:: else
	fi;
	s.id = 0;
	s.want = 0;
	s.opened = 0;
	s.member = 0;
#ifdef READ_BEFORE_OPEN
	s.looked = 0;
	s.seen = 0;
#endif
}

inline txn_begin() {
	if
	:: MAY_BEGIN ->
		open[s.id] = 1;
		t_recs[s.id] = s.hand;
		t_twice[s.id] = s.twice;
		s.phase = SENT;
	:: else -> sink_end(); /* 75 */
	fi
}

inline txn_offsets() {
	if
	:: MINE && open[s.id] == 1 && TAKES_OFFSETS ->
		for (k : 0 .. NP - 1) {
			PENDING(s.id, k) = (MOVED(k) -> s.next[k] : 0);
		}
		s.phase = PENDED;
	:: else -> sink_end();
	fi
}

/* The coordinator of transactions gets the request to commit that of this id. */
inline txn_commit(which) {
	for (k : 0 .. NP - 1) {
		to[k] = PENDING(which, k);
	}
	doubled = (t_recs[which] & committed) || t_twice[which];
	assert(!doubled);
	move(t_recs[which]);
	for (k : 0 .. NP - 1) {
		group[k] = log[k];
	}
	txn_over(which);
}

inline txn_end() {
	if
	:: MINE && open[s.id] == 1 -> txn_commit(s.id); s.phase = COMMITTED;
	:: else -> sink_end();
	fi
}

/* Whether the request to commit arrived is not known, or it comes later: the sink ends with 75. */
inline txn_unknown() {
#ifndef SLOW_IS_FAILED
	sink_end();
#else /* it begins another transaction, with the same records */
	if
	:: open[s.id] == 1 && MINE -> txn_over(s.id);
	:: else
	fi;
	s.phase = READ;
#endif
}

inline txn_commit_lost() {
	if
	:: MINE && open[s.id] == 1 -> txn_commit(s.id);
	:: else
	fi;
	txn_unknown();
}

inline txn_delay() {
	if
	:: MINE && open[s.id] == 1 ->
		late = 1;
		late_id = s.id;
	:: else
	fi;
	txn_unknown();
}
