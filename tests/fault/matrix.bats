#!/usr/bin/env bats
# A sample of the fault matrix, which `make fault` runs in full: nothing lost, nothing doubled.
# bats file_tags=server,long
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/matrix

@test "kill -9 at kill points: every record is in the lake once" {
	matrix '^kill -9 .* at '
}

@test "kill -9, SIGTERM and SIGSTOP, zombies, pipelines that join and leave: every record is in the lake once" {
	matrix '^[^:]*random times' '^SIGSTOP' '^zombie' '^[^:]*join and leave'
}

@test "brokers and connections that break, requests that are refused: every record is in the lake once" {
	matrix '^[^:]*(broker|connections|answer)'
}

@test "full disks, a lake that becomes read-only: every record is in the lake once" {
	needs_mounts
	matrix '^no .* left' read-only
}

@test "transactions, compaction, retention, topics recreated: every record is in the lake once, or an error" {
	matrix transactions compaction retention "^topic recreated"
}

@test "a filter with state dies, or those around it: the lake holds what a run without faults gives, row for row" {
	matrix ' --state at ' 'beside state at' 'after state at' 'with state' 'state directory'
}

@test "bad records go aside while programs die: the lake has each good one once, a file each bad one at least once" {
	matrix '^rejects: '
}

@test "windows are open while programs die: the lake has each of them once, with all that is in it" {
	matrix '^windows: '
}

@test "members of other clients, and two with one instance id: every record is in the lake once, nobody stands still" {
	matrix 'foreign member' fencing
}

@test "partitions that are added during a run and between runs are read from their beginning" {
	matrix 'partitions added'
}

@test "a plain consume: a topic recreated is read or told of; SIGHUP, there and to a whole pipeline" {
	matrix '^plain: (topic|SIGHUP)' '^SIGHUP'
}

@test "a command that knows no marks in front of a sink: nothing is committed, and the right pipeline has all" {
	matrix 'in front of'
}
