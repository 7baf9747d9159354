/* common/io/http: certificates, and proxies with and without TLS behind them. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include "tests/unit/http_client.h"
#include "tests/unit/scratch.h"

/* --- a server with TLS ------------------------------------------------------------------------------------------ */

static char dir[SCRATCH_SIZE], file[sizeof dir + 32];

static const char make_certificates[] =
	"exec >/dev/null 2>&1; set -e; cd \"$DIR\"\n"
	"key='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'\n"
	"for ca in ca other; do openssl req -x509 $key -days 9 -subj \"/CN=$ca\" -keyout $ca.key -out $ca.pem; done\n"
	"make() { openssl req $key -subj \"/CN=$1\" -keyout $1.key -out $1.csr; echo \"subjectAltName=$2\" >$1.ext\n"
	"  openssl x509 -req -in $1.csr -CA ca.pem -CAkey ca.key -set_serial $3 -days 9 -extfile $1.ext -out $1.crt; "
	"}\n"
	"make here IP:127.0.0.1 1; make there DNS:elsewhere.example 2\n";

static const char *in_dir(const char *name)
{
	snprintf(file, sizeof file, "%s/%s", dir, name);
	return file;
}

/* Start `openssl s_server` with the certificate NAME; its port, and its process. */
static int tls_start(const char *name, pid_t *ret_pid)
{
	int out[2], port = 0;
	char cert[SCRATCH_SIZE + 32], key[SCRATCH_SIZE + 32], line[256];
	snprintf(cert, sizeof cert, "%s/%s.crt", dir, name);
	snprintf(key, sizeof key, "%s/%s.key", dir, name);
	if (pipe(out))
		abort();
	*ret_pid = fork();
	if (*ret_pid == 0) {
		dup2(out[1], 1);
		dup2(open("/dev/null", O_RDWR), 2);
		close(out[0]);
		execlp("openssl", "openssl", "s_server", "-accept", "127.0.0.1:0", "-www", "-cert", cert, "-key", key,
			(char *)NULL);
		_exit(127);
	}
	close(out[1]);
	FILE *f = fdopen(out[0], "r");
	while (f && fgets(line, sizeof line, f))
		if (sscanf(line, "ACCEPT 127.0.0.1:%d", &port) == 1)
			break;
	CHECK(port > 0);
	if (f)
		fclose(f);
	return port;
}

static void tls_stop(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static struct http_call *get_tls(const struct http_config *config, int port, int expected)
{
	char url[100];
	struct http *http = new_client(config);
	snprintf(url, sizeof url, "https://127.0.0.1:%d/?sig=SECRET", port);
	struct http_call *call = get(http, url, expected);
	CHECK_INT(http_tries(call), 1);
	CHECK(!strstr(message, "SECRET"));
	free_client(http);
	return call;
}

static void test_certificates(void)
{
	pid_t pid;
	int port = tls_start("here", &pid);
	struct http_call *call = get_tls(&(struct http_config){.ca_file = in_dir("ca.pem")}, port, 0);
	CHECK_INT(http_answer(call)->status, 200);
	http_call_free(call);
	call = get_tls(&(struct http_config){.ca_file = in_dir("other.pem")}, port, -EACCES);
	CHECK(strstr(message, ": SSL certificate problem: "));
	CHECK(!http_doubtful(call));
	http_call_free(call);
	setenv("SSL_CERT_FILE", in_dir("ca.pem"), 1);
	http_call_free(get_tls(&(struct http_config){0}, port, 0));
	unsetenv("SSL_CERT_FILE");
	setenv("CURL_CA_BUNDLE", in_dir("other.pem"), 1);
	http_call_free(get_tls(&(struct http_config){0}, port, -EACCES));
	unsetenv("CURL_CA_BUNDLE");
	http_call_free(get_tls(&(struct http_config){.ca_file = in_dir("ca.key")}, port, -EACCES)); /* no certificate */
	tls_stop(pid);
	port = tls_start("there", &pid);
	http_call_free(get_tls(&(struct http_config){.ca_file = in_dir("ca.pem")}, port, -EACCES));
	CHECK(strstr(message, "127.0.0.1"));
	tls_stop(pid);
}

static void plain(struct exchange *x)
{
	answer(x, "400 Bad Request", "", "");
	hang_up(x);
}

static void test_not_tls(void)
{
	struct server s;
	struct http *http = NULL;
	struct strbuf err = STRBUF_INIT;
	server_start(&s, plain);
	s.eager = true;
	http_call_free(get_tls(&(struct http_config){0}, s.port, -EACCES));
	CHECK_INT(http_new(&(struct http_config){.ca_file = "/no/such/file"}, &http, &err), -ENOENT);
	CHECK_STR(err.s, "cannot read the certificates in '/no/such/file': No such file or directory");
	server_stop(&s);
	strbuf_release(&err);
}

/* --- proxies ---------------------------------------------------------------------------------------------------- */

static atomic_int relayed; /* how many bytes the next proxy passes to the server before it cuts all connections */

static bool relay_some(int from, int to, int *count)
{
	char buf[4096];
	ssize_t n = recv(from, buf, sizeof buf, 0);
	if (n <= 0 || send(to, buf, (size_t)n, MSG_NOSIGNAL) != n)
		return false;
	*count += (int)n;
	return true;
}

static void relay(struct exchange *x)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM, 0), up = 0, down = 0, limit = relayed;
	at.sin_port = htons((uint16_t)atoi(strchr(x->path, ':') + 1));
	CHECK_INT(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
	say(x, "HTTP/1.1 200 Tunnel\r\nX-Proxy: yes\r\n\r\n");
	struct pollfd fds[2] = {{.fd = x->fd, .events = POLLIN}, {.fd = fd, .events = POLLIN}};
	bool more = true;
	while (more && (!limit || up < limit) && poll(fds, 2, 10000) > 0)
		more = (!fds[0].revents || relay_some(x->fd, fd, &up)) &&
		       (!fds[1].revents || relay_some(fd, x->fd, &down));
	close(fd);
	reset(x);
}

static void proxy(struct exchange *x)
{
	CHECK_STR(header(x, "Proxy-Authorization"), "Basic dXNlcjpQQVNTV09SRA==");
	if (strcmp(x->method, "CONNECT") == 0)
		relay(x);
	else {
		CHECK(take_body(x, x->length));
		CHECK(strncmp(x->path, "http://storage.example/a?b ", 27) == 0);
		answer(x, "200 OK", "", "by proxy");
	}
}

static void test_plain_proxy(void)
{
	struct server s;
	char url[100];
	server_start(&s, proxy);
	snprintf(url, sizeof url, "http://user:PASSWORD@127.0.0.1:%d", s.port);
	struct http *http = new_client(&(struct http_config){.proxy = url});
	struct http_call *call = put(http, "http://storage.example/a?b", "x", 1, 0);
	CHECK_STR(http_answer(call)->body.s, "by proxy");
	http_call_free(call);
	free_client(http);
	setenv("no_proxy", "storage.example", 1); /* it is only about the proxies of the environment */
	http = new_client(&(struct http_config){.proxy = url});
	http_call_free(put(http, "http://storage.example/a?b", "x", 1, 0));
	free_client(http);
	unsetenv("no_proxy");
	setenv("http_proxy", url, 1);
	http = new_client(&(struct http_config){0});
	http_call_free(put(http, "http://storage.example/a?b", "x", 1, 0));
	free_client(http);
	CHECK_INT(s.requests, 3);
	unsetenv("http_proxy");
	server_stop(&s);
}

static void test_tunnel(void)
{
	static char data[4 << 20];
	struct server s;
	char url[100];
	pid_t pid;
	int port = tls_start("here", &pid);
	server_start(&s, proxy);
	snprintf(url, sizeof url, "http://user:PASSWORD@127.0.0.1:%d", s.port);
	struct http_config config = {.ca_file = in_dir("ca.pem"), .proxy = url};
	relayed = 0;
	struct http_call *call = get_tls(&config, port, 0);
	CHECK_INT(http_answer(call)->status, 200);
	CHECK(!http_field(http_answer(call), "X-Proxy"));
	http_call_free(call);
	/*
	 * The connection is cut while TLS writes to it: there is no signal, and it is unknown whether the request has
	 * arrived.
	 */
	relayed = 100000;
	struct http *http = new_client(&config);
	char target[100];
	snprintf(target, sizeof target, "https://127.0.0.1:%d/x", port);
	struct http_request request = {.method = "PUT", .url = target, .data = data, .len = sizeof data, .once = true};
	call = http_start(http, &request);
	CHECK_INT(wait_call(call), -ECONNRESET);
	CHECK(http_doubtful(call));
	http_call_free(call);
	free_client(http);
	tls_stop(pid);
	server_stop(&s);
}

static void refuse(struct exchange *x)
{
	bool connects = strcmp(x->method, "CONNECT") == 0;
	answer(x, !connects ? "407 Who" : x->number == 1 ? "503 Busy" : "403 Forbidden", "", "not you");
}

static void test_refusing_proxy(void)
{
	struct server s;
	char url[100];
	server_start(&s, refuse);
	snprintf(url, sizeof url, "http://user:PASSWORD@127.0.0.1:%d", s.port);
	struct http *http = new_client(&(struct http_config){.proxy = url});
	struct http_call *call = get(http, "https://storage.example/", -EACCES);
	CHECK_STR(message, "GET https://storage.example/: the proxy refuses, with status 403 (2 tries)");
	CHECK(!http_doubtful(call));
	http_call_free(call);
	call = get(http, "http://storage.example/", 0);
	CHECK_INT(http_answer(call)->status, 407);
	http_call_free(call);
	free_client(http);
	server_stop(&s);
}

static void test_no_such_name(void)
{
	/* A label of 64 letters is not a valid name, so no name server is asked. */
	static const char name[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example";
	char url[200];
	struct http *http = new_client(&(struct http_config){.proxy = ""});
	snprintf(url, sizeof url, "http://%s/", name);
	struct http_request request = {.method = "GET", .url = url, .once = true};
	struct http_call *call = http_start(http, &request);
	CHECK_INT(wait_call(call), -EHOSTUNREACH);
	CHECK(strstr(message, "could not resolve host: aaa"));
	CHECK(!http_doubtful(call));
	http_call_free(call);
	request.once = false; /* the unknown name ends the call, long before its deadline of 20 s */
	call = http_start(http, &request);
	CHECK_INT(wait_call(call), -EHOSTUNREACH);
	CHECK_INT(http_tries(call), 5);
	CHECK(strstr(message, ": there is no host 'aaa"));
	CHECK(strstr(message, ".example': the name is not known (5 tries)"));
	http_call_free(call);
	free_client(http);
}

int main(void)
{
	static const char *const names[] = {"http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTPS_PROXY",
		"ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "CURL_CA_BUNDLE"};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		unsetenv(names[i]);
	signal(SIGPIPE, SIG_DFL);
	if (!mkdtemp(scratch(dir, "weir-http")) || setenv("DIR", dir, 1) || system(make_certificates))
		abort();
	TEST(test_certificates);
	TEST(test_not_tls);
	TEST(test_plain_proxy);
	TEST(test_tunnel);
	TEST(test_refusing_proxy);
	TEST(test_no_such_name);
	int failed = check_done();
	return system("rm -rf \"$DIR\"") || failed;
}
