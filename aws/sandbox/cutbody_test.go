package sandbox_test

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"bothways/aws/sandbox"
)

// What is cut off is kept by nobody and acknowledged to nobody: the client has
// said all that it says, and still listens.
func TestNoRequestThatWasCutOffIsAnsweredWithASuccess(t *testing.T) {
	for name, options := range map[string]sandbox.Options{"near": {NoDistance: true}, "far": {TimeScale: 100}} {
		for what, q := range map[string]struct {
			method, path, payload, body string
			sent                        int // bytes of the body
			header                      map[string]string
			want                        string // code
		}{
			"a body without a hash":        {"PUT", "/box/k", "UNSIGNED-PAYLOAD", "0123456789", 3, nil, "IncompleteBody"},
			"nothing of a body":            {"PUT", "/box/k", "UNSIGNED-PAYLOAD", "0123456789", 0, nil, "IncompleteBody"},
			"a body with a hash":           {"PUT", "/box/k", "84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882", "0123456789", 3, nil, "IncompleteBody"},
			"a body in chunks":             {"PUT", "/box/k", "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "a\r\n0123456789\r\n0\r\nx-amz-checksum-crc32:pongxg==\r\n\r\n", 6, map[string]string{"X-Amz-Decoded-Content-Length": "10", "X-Amz-Trailer": "x-amz-checksum-crc32", "Content-Encoding": "aws-chunked"}, "IncompleteBody"},
			"a body in chunks, at a chunk": {"PUT", "/box/k", "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "a\r\n0123456789\r\n0\r\nx-amz-checksum-crc32:pongxg==\r\n\r\n", 15, map[string]string{"X-Amz-Decoded-Content-Length": "10", "X-Amz-Trailer": "x-amz-checksum-crc32", "Content-Encoding": "aws-chunked"}, "IncompleteBody"},
			"settings":                     {"PUT", "/box?versioning", "UNSIGNED-PAYLOAD", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>", 20, nil, ""},
			"a list of what to delete":     {"POST", "/box?delete", "UNSIGNED-PAYLOAD", "<Delete><Object><Key>old</Key></Object></Delete>", 20, map[string]string{"X-Amz-Checksum-Crc32": "AAAAAA=="}, ""},
		} {
			t.Run(name+", "+what, func(t *testing.T) {
				w := newWorld(t, options)
				w.plainBucket("box", ireland)
				endpoint, err := w.sandbox.Listen(t.Context(), "")
				must(t, endpoint, err)
				host := strings.TrimPrefix(endpoint, "http://")
				request, err := http.NewRequestWithContext(t.Context(), q.method, endpoint+q.path, strings.NewReader(q.body))
				must(t, request, err)
				for key, value := range q.header {
					request.Header.Set(key, value)
				}
				w.sign(request, q.payload, ireland)
				var wire bytes.Buffer
				must(t, 0, request.Write(&wire))
				conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", host)
				must(t, conn, err)
				defer conn.Close()
				_, err = conn.Write(wire.Bytes()[:wire.Len()-len(q.body)+q.sent])
				must(t, 0, err)
				must(t, 0, conn.(*net.TCPConn).CloseWrite())
				answer, err := http.ReadResponse(bufio.NewReader(conn), request)
				if err != nil && name == "far" {
					return // it was closed without an answer
				}
				if err != nil {
					t.Fatal(err)
				}
				defer answer.Body.Close()
				said, err := io.ReadAll(answer.Body)
				must(t, said, err)
				if answer.StatusCode != http.StatusBadRequest || !strings.Contains(string(said), "<Code>"+q.want) {
					t.Errorf("%s, %s", answer.Status, said)
				}
			})
		}
	}
}

// A client that seems to be gone before its request has arrived is told nothing.
func TestWhatIsNotServedIsNotAnsweredWithASuccess(t *testing.T) {
	w := newWorld(t, sandbox.Options{TimeScale: 0.1})
	w.plainBucket("box", "us-east-1")
	endpoint, err := w.sandbox.Listen(t.Context(), "")
	must(t, endpoint, err)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, endpoint+"/box/none", nil)
	must(t, request, err)
	w.sign(request, "UNSIGNED-PAYLOAD", "ap-southeast-2")
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(endpoint, "http://"))
	must(t, conn, err)
	defer conn.Close()
	must(t, 0, request.Write(conn))
	must(t, 0, conn.(*net.TCPConn).CloseWrite())
	answer, err := http.ReadResponse(bufio.NewReader(conn), request)
	if err == nil {
		_ = answer.Body.Close()
		t.Errorf("it is answered with %s", answer.Status)
	}
}
