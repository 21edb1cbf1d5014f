package probe

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/textproto"
	"net/url"
	"sync"
	"testing"
	"time"
)

// The SDK asks for 100 Continue from 2 MiB up, and builds requests for which
// net/http does not wait for it: the body is on its way when the 100 arrives.
func TestAnInterimAnswerIsNotTheAnswer(t *testing.T) {
	var read time.Time // when the server had the whole body
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, request *http.Request) {
		_, _ = io.Copy(io.Discard, request.Body)
		read = time.Now()
	}))
	defer server.Close()
	address, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	continued := make(chan struct{})
	content := []byte("content")
	request := (&http.Request{
		Method: http.MethodPut, URL: address, ContentLength: int64(2 * len(content)),
		Header: http.Header{"Expect": {"100-continue"}},
		Body:   io.NopCloser(io.MultiReader(bytes.NewReader(content), &held{until: continued, then: content})),
	}).WithContext(httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
		Got1xxResponse: func(int, textproto.MIMEHeader) error {
			close(continued)
			return nil
		},
	}))
	var moment instants
	response, err := timedClient{next: server.Client(), instants: &moment}.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil {
		t.Fatal(err)
	}
	if answered := moment.get().answered; answered.Before(read) {
		t.Errorf("the answer is said to have come %v before the server had the content", read.Sub(answered))
	}
}

// held gives its bytes once the channel is closed.
type held struct {
	until <-chan struct{}
	then  []byte
	once  sync.Once
}

func (h *held) Read(into []byte) (n int, err error) {
	err = io.EOF
	h.once.Do(func() {
		<-h.until
		n, err = copy(into, h.then), nil
	})
	return n, err
}
