#!/usr/bin/env bats
# A sample of the fault matrix with lakes in S3, topics and databases, which `make fault` runs in full.
# bats file_tags=server,s3,postgres,long
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/matrix

@test "a lake in S3: programs die, and the server: every record is in the lake once" {
	matrix '^(minio|versitygw): (kill -9 lake-put at|zombie|the server|several files, kill -9 lake-put at)'
}

@test "a lake in S3: requests and answers die or come late, stages go: every record is in the lake once, or an error" {
	matrix "^(minio|versitygw): (a stage (removed by|that)|a server|$through)"
}

@test "a Delta table, local and in S3, programs die beside another writer, answers are lost: every record is there once, no reader sees half a commit" {
	matrix "^delta in minio: (kill -9 lake-put at|$through)" '^delta beside another writer: kill -9 lake-put at' \
		'^delta: several files, kill -9 lake-put at'
}

@test "a second table follows the first, programs of both die, or the second is followed twice: each record is in both once" {
	matrix '^follow: ' '^follow in (delta|minio): '
}

@test "a topic: programs and brokers die, members come and go, connections are cut: committed readers get every record once" {
	matrix '^into a topic: (?!the coordinator)' # three brokers beside the other tests are too slow
}

@test "a table of PostgreSQL or SQLite: programs and servers die, connections are cut, disks are full: every record is there once" {
	matrix '^(postgres|sqlite): '
}
