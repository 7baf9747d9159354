# detect.bash: the rows of detect; read by tests/bench/run.
# shellcheck shell=bash disable=SC2034,SC2154 # in, part, peer_part and work are run's and records.bash's

rows+=(detect)

# The aim is 2 M rec/s. Miller also keeps the mean of each key, but neither a deviation nor a verdict.
row_detect() {
	local records
	need_events
	records=$(wc -l <"$in")
	compare "\`detect --by .user --value .amount zscore\`, 100,000 users, 1 GB of events of 147 B" \
		"\`mlr --ijsonl --ojsonl step -a ewma -g user\`, a tenth of it" 20 cpu "$records" rec \
		"weir detect --by .user --value .amount zscore '$in'" \
		"mlr --ijsonl --ojsonl step -a ewma -d 0.01 -f amount -g user then filter '\$amount > 3000' '$part'"
	# the events of the eighth day have the times of the first: some are too late, which sets the status
	compare "\`detect --by .user --time .ts 'velocity count 10s 5'\`" "the same" 20 cpu "$records" rec \
		"weir detect --by .user --time .ts 'velocity count 10s 5' '$in' || [ \$? = 1 ]" \
		"mlr --ijsonl --ojsonl step -a ewma -d 0.01 -f amount -g user then filter '\$amount > 3000' '$part'"
	peer_part=1
}
