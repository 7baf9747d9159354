# http.bash: the HTTP client of the stores beside curl, with a server that throws everything away; read by
# tests/bench/run.
# shellcheck shell=bash disable=SC2034,SC2154 # in and work are run's

rows+=(http_put)

# Start tests/bench/httpsink.c; sets $port.
sink_start() {
	mkfifo "$work/sink.in"
	"$BUILD/bench/httpsink" <"$work/sink.in" >"$work/sink.port" &
	exec {sink}>"$work/sink.in" # closing it ends the server
	until [ -s "$work/sink.port" ]; do sleep 0.05; done
	port=$(<"$work/sink.port")
}

sink_stop() {
	exec {sink}>&-
	wait $!
	rm "$work"/sink.*
}

row_http_put() {
	local port sink url
	input events events 1G
	sink_start
	url=http://127.0.0.1:$port/x
	compare 'HTTP: PUT of 1 GB' "\`curl -T\`" 0.9 wall 1073741824 B "'$BUILD/bench/httpput' $url '$in'" \
		"curl -sS --noproxy '*' -H Expect: -T '$in' $url"
	compare 'the same in 64 parts, 4 at once' "\`curl -T\`, whole" 0.9 cpu 1073741824 B \
		"'$BUILD/bench/httpput' $url '$in' 64 4" "curl -sS --noproxy '*' -H Expect: -T '$in' $url"
	sink_stop
}
