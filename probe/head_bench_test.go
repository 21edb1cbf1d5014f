package probe

import (
	"context"
	"net/http"
	"testing"

	"bothways/aws/pair"
)

// answers404 is a server without a way to it.
type answers404 struct{}

// RoundTrip implements http.RoundTripper.
func (answers404) RoundTrip(request *http.Request) (*http.Response, error) {
	response := reply(404, map[string]string{"Date": "Sun, 06 Nov 1994 08:49:37 GMT"}, "")
	response.Request = request
	return response, nil
}

// BenchmarkPoll is what one poll costs this computer, without the network: the
// first of a probe, which the SDK builds and signs, and those after it.
func BenchmarkPoll(b *testing.B) {
	for _, name := range []string{"first", "again"} {
		b.Run(name, func(b *testing.B) { benchmarkPoll(b, name == "first") })
	}
}

func benchmarkPoll(b *testing.B, anew bool) {
	w := newWorld(0)
	ctx, cancel := context.WithCancelCause(b.Context())
	defer cancel(nil)
	r := newRun(ctx, Config{Pair: testPair(), MaxRate: 1}, w.clientsOver(answers404{}), func(pair.Event) {}, cancel)
	r.limit.gap = 0
	b.ReportAllocs()
	var kept repeat
	for b.Loop() {
		if anew {
			kept = repeat{}
		}
		if v, _ := judge(r.headAgain(ctx, r.sides[pair.A], "bothways/probe/run/0000/000001", "version", &kept), object{}); v != miss {
			b.Fatal("no miss")
		}
	}
}
