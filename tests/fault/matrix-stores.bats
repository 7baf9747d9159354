#!/usr/bin/env bats
# A sample of the fault matrix with the lake in Azure and in HDFS, which `make fault` runs in full.
# bats file_tags=server,azure,hdfs,long
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/matrix
export jobs=4 # these servers take more of the machine

@test "a lake in Azure: programs die, the server ends, requests and answers go wrong: every record is in the lake once" {
	matrix "^azurite: (kill -9 lake-put at|the server|a stage that is too old$|$through)"
}

@test "a lake in HDFS: programs die, requests and answers go wrong: every record is in the lake once" {
	matrix "^(hdfs|httpfs): (kill -9 lake-put at|zombie|a stage that is too old$|$through)"
}
