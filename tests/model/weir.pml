/*
 * The protocol of weir's exactly-once pipelines, for spin: marks, acknowledgements, the consumer group, the lake's log.
 *
 * Two pipelines `consume | filter | lake-put` of one consumer group write into one table, while processes die, members
 * are thrown out and answers get lost.  README.md says what is modelled, what is abstracted, and with which bounds.
 * Switches, by -D: DELTA (stage, publish, commit; otherwise raw: stage, commit, publish), the bounds below, at most one
 * mutation, a fault in the design that the check must find, and what is not in each search:
 *
 * GROWS   the topic begins empty and grows meanwhile, and consume has --from end
 * LATER   also, partition 1 comes later (with NP=2)
 * IN_GROUP  the sink is produce, which commits in the group; FIXED: for consume -p, without members
 * ROWS    the filter has a state: a row that is due at some time, and goes out once; there is one pipeline then
 */
#ifdef LATER
#define GROWS
#endif
#ifdef FIXED
#define IN_GROUP
#endif
#ifdef IN_GROUP
#define DELTA
#define IS_IN_GROUP 1
#else
#define IS_IN_GROUP 0
#endif
#ifndef NP
#define NP 1 /* partitions, 1 or 2 */
#endif
#ifndef NR
#define NR 2 /* offsets in each, at most 6; NP * NR at most 8 */
#endif
#ifndef MARKERS
#define MARKERS 0 /* set of offsets that hold no record: a transaction's marker, or compacted away */
#endif
#ifndef FAULTS
#define FAULTS 1 /* in all: kills, evictions, lost answers, drain timeouts, swallowed batches, SIGTERMs */
#endif
#ifndef PIPE
#define PIPE 1 /* messages that wait between consume and a sink that is busy */
#endif

/*
 * A position is 0 for none, else the next offset + 1.  A mark's `off` packs two per partition: [from, to) in B, `was`
 * and `start` in R.  A partition whose second is 0 is not in the mark.
 */
#define FIRST 1
#define END (NR + 1)
#ifdef GROWS
#define TAIL(p) (top[p] + 1)
#else
#define TAIL(p) END
#endif
#define PAIR(p, one, two) (((one) << (6 * (p) + 3)) | ((two) << (6 * (p))))
#define ONE(off, p) (((off) >> (6 * (p) + 3)) & 7)
#define TWO(off, p) (((off) >> (6 * (p))) & 7)
/* Sets of records, and of partitions, are bit masks. */
#define HAS(set, n) (((set) >> (n)) & 1)
#define BIT(p, pos) (1 << ((p) * NR + (pos) - 1))
#define BELOW(p, pos) ((pos) -> (((1 << ((pos) - 1)) - 1) << ((p) * NR)) : 0)
#ifdef GROWS /* those that must not be missing when the position is POS */
#define DUE(p, pos) (begun[p] -> BELOW(p, pos) & ~BELOW(p, begun[p]) : 0)
#else
#define DUE(p, pos) BELOW(p, pos)
#endif
#define ROW (1 << (NP * NR)) /* beside the records: the row of the filter's state */
#if NP == 1
#define ANY(test) test(0)
#else
#define ANY(test) (test(0) || test(1))
#endif

/* What goes through the pipe, and back through the socket: kind, whether its assignment is the present one, off. */
#define REC 1 /* off is the record */
#define B 2
#define BFLUSH 3
#define Q 4
#define R 5
#define F 6
#define ACK 2
#define ACKFLUSH 3
#define AT 4
#define MESSAGE(kind, current, off) ((kind) | ((current) << 3) | ((off) << 4))
#define KIND(m) ((m) & 7)
#define CURRENT(m) (((m) >> 3) & 1)
#define OFF_OF(m) (((m) >> 4) & 4095)
/* A B may have the row before it; R, and the answer to Q, say how many partitions there were when the group began. */
#define WITH_ROW (1 << 20)
#define HAS_ROW(m) (((m) >> 20) & 1)
#define WITH_PARTS(parts) ((parts) << 21)
#define PARTS_OF(m) ((m) >> 21)
/* The answer to Q also says which run has moved the position there.  With the position that is its cut: a run never goes
 * back, so it moves a position to one place once. */
#define WITH_RUN(run) ((run) << 16)
#define RUN_OF(m) (((m) >> 16) & 15)

mtype = { OFF };
mtype = { JOIN, ASK, SETTLE, RUN, DRAIN, LAST, WAIT }; /* what consume does */
mtype = { READ, CHECKED, UNKNOWN, COMMITTED, SENT, PENDED }; /* what the sink does */
mtype = { OUT, JOINING, MEMBER };                 /* what the coordinator thinks of a consumer */
/* The version that a sink wants to write: free, another's, its own, its own and another is on top of it. */
mtype = { NONE, FREE, TAKEN, OURS, OURS_COVERED };

mtype member[2] = OUT;
bit rebalance;
byte assigned[2];         /* the partitions of each member */
byte group[NP];           /* the group's offsets */

byte log[NP];             /* the positions that the head of the log holds */
byte committed = MARKERS; /* records that some entry names */
byte unpublished;         /* records of the head, as long as its files are not visible (raw) */
mtype version[2] = NONE;
/* A conditional put on its way whose sender does not wait any more; its sender may even be dead. */
bit late, late_orphan, late_gone, late_who;
byte late_recs, late_to[NP];

bit stopped[2], ended[2]; /* by SIGTERM: nobody starts the pipeline again; and it has ended */
#ifdef RAW_PUBLISHES_FIRST
byte seen;
#endif
byte faults = FAULTS;
#ifdef IN_GROUP /* the transactions, by id */
byte owner[4];         /* the pipeline + 1 that has opened a producer last */
byte open[4];          /* 1 open, 2 and its sink has ended */
byte t_recs[4], t_to[4 * NP]; /* what is in it: records; offsets, once the group's coordinator has taken them */
bit t_twice[4];
byte late_id;          /* the one that a request on its way commits */
bit valid[2];          /* the coordinator takes offsets from the member */
#endif
#ifdef GROWS
byte top[NP];   /* how many offsets of each partition are there */
byte begun[NP]; /* from where on none may be missing: a record was read there first; or FIRST, if it came later */
#endif
#ifdef LATER
byte parts = 1;        /* how many partitions there are; */
byte log_parts;        /* when the group began, by the log; 0: it has not */
byte late_parts;       /* the same of a put on its way */
#endif
#ifdef ROWS
#define RUNS (2 * FAULTS + 2) /* a fault ends one, and a put that it has delayed another one; counted from 1 */
#define STATE(run, pos) snap[(run) * (END + 1) + (pos)]
bit due;               /* the row's time has come */
byte runs;             /* how many have read where to begin */
byte log_run;          /* the one that has moved the log's position; */
byte late_run;         /* the same of a put on its way */
byte snap[RUNS * (END + 1)]; /* the states that are kept, by cut: 0 none, 1 the row is still to go out, 2 it has */
#define NOW_DUE (due && !closed)
#ifdef ROWS_AT_IDLE_B
#define IDLE_ROW (c.phase == RUN && NOW_DUE)
#else
#define IDLE_ROW 0
#endif
#endif

/* Scratch, of no meaning between two steps; so it is not part of the state. */
hidden byte p, n, k, by_run, to[NP];
hidden int message, off;
/* The properties; a name each, so that spin's message says which one is broken. */
hidden byte doubled, lost, files_missing, entry_incomplete, position_back, group_back, told_unpublished, read_back,
    ended_early, stuck, row_lost, no_state;

#define VISIBLE(p, pos) ((DUE(p, pos) & ~(committed & ~unpublished)) == 0)

/* Whatever consume hears, by an acknowledgement or as a position, must be durable and published. */
inline check_told(off) {
	for (p : 0 .. NP - 1) {
		told_unpublished = !VISIBLE(p, TWO(off, p));
		assert(!told_unpublished);
	}
}

/* What a process of a pipeline knows; it is gone when the process dies. */
typedef consume_state {
	mtype phase;
	byte mask;     /* partitions assigned */
	byte from[NP]; /* where the open batch begins */
	byte pos[NP];  /* next to read; kept when the partition goes, for the rule that reading never goes back */
	bit fresh;     /* no B since R, and an empty one would tell something */
	bit last;      /* the last acknowledgement is here */
#ifdef LATER
	byte at_start; /* how many partitions there were when it was started */
	byte parts;    /* and when the group began, by the log, or as far as it knows */
#endif
};
typedef sink_state {
	mtype phase;
	byte base[NP];        /* what the chain in hand builds on */
	byte next[NP];        /* where it ends */
	byte open, hand;      /* records since the last B; records of whole batches that are not committed */
	bit twice;            /* one of them came twice */
	bit owe, flush;       /* a B is not acknowledged; and it asks for a commit now */
	byte names;           /* the partitions in that B */
	bit current;          /* and consume still has the assignment that it belongs to */
	bit ask, ask_current; /* a Q is not answered; and no newer one voids it */
#ifdef LATER
	byte parts;           /* what R has said */
#endif
#ifdef NEWER_HEAD_AT_Q
	bit mended;
#endif
#ifdef IN_GROUP
	byte id, want;        /* that of its producer; the partitions in Q */
	bit opened;           /* a producer, for Q */
	bit member;           /* R has named the membership that consume still has */
#endif
#ifdef READ_BEFORE_OPEN
	bit looked;
	int seen;
#endif
};

#define SEND(kind, current, o) SEND_MESSAGE(MESSAGE(kind, current, o))
#define SEND_MESSAGE(m) pipe[waiting] = m; waiting++

inline receive() {
	message = pipe[0];
	for (n : 1 .. PIPE - 1) {
		pipe[n - 1] = pipe[n];
	}
	pipe[PIPE - 1] = 0;
	waiting--;
	off = OFF_OF(message);
}

#ifdef LATER
#define NOTE_PARTS c.at_start = parts
#else
#define NOTE_PARTS skip
#endif

#ifdef ROWS
#define FORGET_RUN my_run = 0; at_run = 0; at_pos = 0
#else
#define FORGET_RUN skip
#endif

/* Whoever supervises a pipeline starts it again when all its processes have ended. */
inline start_again() {
	if
	:: c.phase == OFF && s.phase == OFF && !stopped[i] ->
		c.phase = JOIN;
		s.phase = READ;
		cut = 0;
		FORGET_RUN;
		NOTE_PARTS;
	:: c.phase == OFF && s.phase == OFF && stopped[i] -> ended[i] = 1;
	:: else
	fi
}

#include "lake.pml"
#include "sink.pml"
#ifdef IN_GROUP
#include "topic.pml"
#endif
#include "consume.pml"

/* A pipeline, and what happens to it: each line is one step, after which anything else may come. */
proctype pipeline(bit i) {
	consume_state c;
	sink_state s;
	bit cut;        /* the filter in the middle is dead */
	int pipe[PIPE];
	byte waiting;   /* messages in the pipe */
	int sock;       /* the message in the socket, or 0 */

#ifdef ROWS
	bit closed;     /* the filter knows that the row went out */
	byte at_run, at_pos; /* the cut of its state */
	byte my_run;    /* the number of its run, once it has read where to begin; the sink's, too */
#endif

	d_step {
#ifdef ROWS /* a state does not move between members */
		stopped[i] = i;
		ended[i] = i;
		if
		:: i == 0 ->
#endif
		c.phase = JOIN;
		s.phase = READ;
		NOTE_PARTS;
#ifdef ROWS
		:: else
		fi;
		skip
#endif
	}
end:
	do
	:: atomic {
		if
		/* consume: joining, and asking the sink. */
		:: d_step { c.phase == JOIN && member[i] == OUT -> join() }
		:: d_step { c.phase == JOIN && assigned[i] && WRITABLE -> c.mask = assigned[i]; SEND(Q, 1, IS_IN_GROUP * c.mask); c.phase = ASK }
		:: d_step { c.phase == ASK && KIND(sock) == AT && WRITABLE -> begin() }
		/* Reading. */
		:: d_step { UNREAD(0) && WRITABLE -> read_record(0) }
#if NP > 1
		:: d_step { UNREAD(1) && WRITABLE -> read_record(1) }
#endif
#ifdef GROWS /* where it begins is durable before a record is read */
		:: d_step { c.phase == SETTLE && c.fresh && WRITABLE -> write_batch(BFLUSH) }
#endif
#ifndef ROWS
		:: d_step { c.phase == RUN && (c.fresh || ANY(IN_BATCH)) && WRITABLE -> write_batch(B) }
#else
		:: d_step { c.phase == RUN && (c.fresh || ANY(IN_BATCH) || IDLE_ROW) && WRITABLE -> write_batch(B) }
#endif
		/* A command in between swallows a batch, mark and all; one without its mark would be found by `n`. */
		:: d_step { c.phase == RUN && ANY(IN_BATCH) && WRITABLE && !waiting && faults -> faults--; swallow_batch() }
		:: d_step { ACKED -> hear_ack() }
		/* Revoked: B with flush, its acknowledgement (or --drain-timeout), and then the assignment is given up. */
		:: d_step { REVOKED && (c.phase == JOIN || c.phase == ASK) -> rejoin() }
		:: d_step { REVOKED && READS && WRITABLE -> write_batch(BFLUSH); c.phase = DRAIN }
		:: d_step { REVOKED && c.phase == DRAIN && faults -> faults--; rejoin() }
		/* Lost: B all the same. */
		:: d_step { member[i] == OUT && (c.phase == ASK || c.phase == DRAIN) -> void_epoch(); c.phase = JOIN }
		:: d_step { member[i] == OUT && READS && WRITABLE -> close_lost_batch(); void_epoch(); c.phase = JOIN }
		/* SIGTERM: B, F, the last acknowledgement, exit 0. */
		:: d_step { (c.phase == JOIN || c.phase == ASK || READS) && WRITABLE && faults -> faults--; stop() }
		:: d_step { MAY_EXIT -> exit_0() }
		/* EPIPE: 75. */
		:: d_step { c.phase != OFF && cut && !ACKED && !DONE -> consume_end() }

		/* The sink: gather another batch, or commit, or say that there is nothing (any more) to commit. */
		:: d_step { MAY_COMMIT && !s.flush && !s.ask && (waiting || AT_EOF) -> sink_read() }
#ifndef IN_GROUP
		:: d_step { MAY_COMMIT && IN_HAND -> sink_check() }
		:: d_step { ANSWERS -> sink_answer() }
#ifdef NEWER_HEAD_AT_Q
		:: d_step { s.phase == READ && s.ask && !s.owe && !s.mended -> publish_head(); s.mended = 1 }
#endif
		/* Put; the answer may be lost, and the put has arrived, or arrives later, or never. */
		:: d_step { PUTS -> sink_land(); s.phase = COMMITTED }
		:: d_step { PUTS && faults -> faults--; sink_land(); s.phase = UNKNOWN }
		:: d_step { PUTS && faults && !late -> faults--; sink_delay(); s.phase = UNKNOWN }
		:: d_step { PUTS && faults -> faults--; s.phase = UNKNOWN }
		/* The version exists: read it.  Or it does not: put the same again, or end with 75 and delete nothing. */
		:: d_step { (s.phase == CHECKED || s.phase == UNKNOWN) && version[i] != FREE -> sink_settle() }
#ifndef ABSENT_IS_FAILED
		:: d_step { s.phase == UNKNOWN && version[i] == FREE -> s.phase = CHECKED }
		:: d_step { s.phase == UNKNOWN && version[i] == FREE -> sink_end() }
#else /* deletes the stage, and stages again */
		:: d_step { s.phase == UNKNOWN && version[i] == FREE -> late_gone = late; sink_check() }
#endif
#else
		:: d_step { MAY_COMMIT && IN_HAND -> txn_begin() }
		:: d_step { s.phase == SENT -> txn_offsets() }
		:: d_step { s.phase == PENDED -> txn_end() }
		/* The answer is lost, and the request has arrived, or arrives later, or never. */
		:: d_step { s.phase == PENDED && faults -> faults--; txn_commit_lost() }
		:: d_step { s.phase == PENDED && faults && !late -> faults--; txn_delay() }
		:: d_step { s.phase == PENDED && faults -> faults--; txn_unknown() }
		:: d_step { OPENS -> txn_open() }
#ifdef READ_BEFORE_OPEN
		:: d_step { LOOKS -> s.seen = 0; for (k : 0 .. NP - 1) { s.seen = s.seen | PAIR(k, 0, log[k]) } s.looked = 1 }
#endif
		:: d_step { TELLS -> sink_answer() }
#endif
		:: d_step { s.phase == COMMITTED -> sink_finish() }

		/* kill -9 of each process and of all; and a member that lives is thrown out, because it was too slow. */
		:: d_step { c.phase != OFF && faults -> faults--; consume_end() }
		:: d_step { c.phase != OFF && s.phase != OFF && !cut && faults -> faults--; cut = 1 }
		:: d_step { s.phase != OFF && faults -> faults--; sock = 0; sink_end() } /* perhaps before it acknowledged */
		:: d_step { c.phase != OFF && s.phase != OFF && faults -> faults--; consume_end(); sink_end() }
		#ifndef FIXED
		:: d_step { c.phase != OFF && member[i] != OUT && faults -> faults--; throw_out() }
#endif
#ifdef EVERY_ORDER /* without what saves interleavings (see below): to see that it hides nothing */
		:: d_step { SINK_READS -> sink_read() }
		:: d_step { SINK_ACKS -> sink_ack() }
		:: d_step { CONSUME_ENDS -> consume_end() }
		:: d_step { WRITES_F -> SEND(F, 0, 0); c.phase = WAIT }
		:: d_step { cut && waiting -> waiting--; pipe[waiting] = 0 } /* the filter died before it wrote that */
#endif
		fi;
#ifndef EVERY_ORDER
		/*
		 * Steps that commute with all others come at once, which saves most of the interleavings: the sink reads on when
		 * it has no choice (nothing that it could commit instead), and acknowledges what it has committed; consume ends
		 * when its sink has ended and has left no message, and writes F after its last B.
		 */
		d_step { do
			:: SINK_READS -> sink_read()
			:: SINK_ACKS -> sink_ack()
			:: CONSUME_ENDS -> consume_end()
			:: WRITES_F -> SEND(F, 0, 0); c.phase = WAIT
			:: else -> break
			od; skip }
#endif
	   }
	od
}

/* The rest of the world. */
#define JOINED (rebalance && member[0] != MEMBER && member[1] != MEMBER) /* all who are left */
#define BOTH (member[0] == JOINING && member[1] == JOINING)
#ifdef LATER
#define THERE(mask) ((mask) & ((1 << parts) - 1))
#else
#define THERE(mask) (mask)
#endif
proctype world() {
end:
	do
	/* The coordinator hands out the partitions. */
#if NP == 1
	:: d_step { JOINED && member[0] == JOINING -> assign(1, 0) }
	:: d_step { JOINED && member[1] == JOINING -> assign(0, 1) }
#else
	:: d_step { JOINED && member[0] == JOINING && !BOTH -> assign(THERE(3), 0) }
	:: d_step { JOINED && member[1] == JOINING && !BOTH -> assign(0, THERE(3)) }
	:: d_step { JOINED && BOTH -> assign(1, THERE(2)) }
	:: d_step { JOINED && BOTH -> assign(THERE(2), 1) }
#endif
#if defined(GROWS) && !defined(LATER) /* there partition 0 is full from the first: another one is looked at */
	:: d_step { top[0] < NR -> top[0]++ }
#endif
#ifdef LATER
	:: d_step { parts == 1 -> parts = 2; rebalance = (member[0] != OUT || member[1] != OUT) }
	:: d_step { parts == 2 && top[1] < NR -> top[1]++ }
#elif defined(GROWS) && NP > 1
	:: d_step { top[1] < NR -> top[1]++ }
#endif
#ifdef ROWS
	:: d_step { !due -> due = 1 }
#endif
#ifndef IN_GROUP
	:: d_step { late -> late_arrives() }
#else
	:: d_step { late -> txn_commit(late_id) }
	/* The time of a transaction is over: at once if nobody is in it. */
	:: d_step { open[1] == 2 || (open[1] && faults) -> faults = faults - (open[1] == 1); txn_over(1) }
	:: d_step { open[2] == 2 || (open[2] && faults) -> faults = faults - (open[2] == 1); txn_over(2) }
	:: d_step { open[3] == 2 || (open[3] && faults) -> faults = faults - (open[3] == 1); txn_over(3) }
#endif
#ifdef STAGE_CLEANED_EARLY /* no entry names it, and nobody holds its lock */
	:: d_step { late && late_orphan && !late_gone -> late_gone = 1 }
#endif
#ifdef CLEANED_THOUGH_NAMED /* its position lies before the log's */
	:: d_step { unpublished -> files_missing = 1; assert(!files_missing) }
#endif
	od
}

/* Nothing can happen any more: then everything must have happened. */
proctype judge() {
	timeout ->
	d_step {
		stuck = (stopped[0] && !ended[0]) || (stopped[1] && !ended[1]);
		assert(!stuck);
		for (p : 0 .. NP - 1) {
			stuck = !(stopped[0] && stopped[1]) && !(VISIBLE(p, END) && log[p] == END && group[p] == END);
			assert(!stuck);
		}
#ifdef ROWS /* whoever goes on from here has to know what became of the row */
		row_lost = STATE(log_run, log[0]) == 2 && !(committed & ROW);
		assert(!row_lost);
#endif
		skip
	}
}

init {
	atomic {
#ifdef LATER
		top[0] = NR;
#endif
		run pipeline(0);
		run pipeline(1);
		run world();
		run judge()
	}
}
