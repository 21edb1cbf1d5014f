package listing

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// straight asks for pages without the SDK's stack, which takes as long as it takes
// to read one: with the address and the headers of a call that went through it,
// signed by the SDK's signer and sent by its client. Whatever is no good answer is
// asked for again through the stack, which knows what to make of it.
type straight struct {
	known   atomic.Pointer[template]
	strikes atomic.Int32 // how often in a row that did not do
}

// template is a request as the SDK had it, without what is signed anew.
type template struct {
	request       *http.Request
	name, region  string // that it was signed for
	contentSHA256 string
	signer        *v4.Signer // it keeps the day's key
}

const (
	// mostStrikes end the straight way for good.
	mostStrikes = 3
	// within bounds a page, and longest its bytes: of what AWS gives here the
	// longest is below 4 MiB.
	within  = 90 * time.Second
	longest = 16 << 20
)

// learner keeps what the SDK has signed.
type learner struct{ into *straight }

const signing = "Signing" // the SDK's name of that middleware

func (l learner) add(stack *middleware.Stack) error {
	return stack.Finalize.Insert(l, signing, middleware.After) //nolint:misspell // the SDK spells it so
}

// ID implements middleware.FinalizeMiddleware.
func (learner) ID() string { return "bothways:learnRequest" }

// HandleFinalize implements middleware.FinalizeMiddleware.
func (l learner) HandleFinalize(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
	var seen *template
	if r, ok := in.Request.(*smithyhttp.Request); ok {
		seen = learn(r.Build(context.WithoutCancel(ctx)))
	}
	out, metadata, err := next.HandleFinalize(ctx, in)
	if err == nil && seen != nil && l.into.strikes.Load() < mostStrikes {
		l.into.known.Store(seen)
	}
	return out, metadata, err
}

// learn makes a template of a request that was signed, or returns nil where that
// was done otherwise than by Signature Version 4.
func learn(request *http.Request) *template {
	scope, signed := strings.CutPrefix(request.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential=")
	scope, _, _ = strings.Cut(scope, ",")
	parts := strings.Split(scope, "/") // key/date/region/service/aws4_request
	seen := &template{request: request, contentSHA256: request.Header.Get("X-Amz-Content-Sha256"), signer: v4.NewSigner()}
	if n := len(parts); signed && n >= 5 {
		seen.region, seen.name = parts[n-3], parts[n-2]
	}
	if seen.region == "" || seen.name == "" || seen.contentSHA256 == "" {
		return nil
	}
	for _, name := range []string{"Authorization", "X-Amz-Date", "X-Amz-Security-Token", "Amz-Sdk-Invocation-Id", "Amz-Sdk-Request"} {
		request.Header.Del(name)
	}
	return seen
}

// read asks for a page the straight way. done is false where the stack has to be
// asked; else the page is read, or the error says why there is none.
func (s *Side) straight(ctx context.Context, q Query, into *Page) (done bool, err error) {
	known := s.way.known.Load()
	if known == nil {
		return false, nil
	}
	options := s.Client.Options()
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	credentials, err := options.Credentials.Retrieve(ctx)
	if err != nil {
		return s.way.strike(), nil
	}
	request := known.request.Clone(ctx)
	request.URL.RawQuery = q.encoded()
	if err := known.signer.SignHTTP(ctx, credentials, request, known.contentSHA256, known.name, known.region, time.Now().UTC(), unescaped); err != nil {
		return s.way.strike(), nil
	}
	response, err := options.HTTPClient.Do(request)
	if err != nil {
		return s.way.strike(), nil
	}
	defer response.Body.Close()
	if err := faulty(response); err != nil {
		return true, fmt.Errorf("list the versions of %s: %w", s.Bucket, err)
	}
	if response.StatusCode != http.StatusOK {
		return s.way.strike(), nil
	}
	if err := into.Read(io.LimitReader(response.Body, longest)); err != nil {
		return true, fmt.Errorf("list the versions of %s: %w", s.Bucket, readable(err))
	}
	_, _ = io.CopyN(io.Discard, response.Body, 512) // the line's end at most; the connection is used again
	// What is no page to go on from is the stack's to tell of.
	next := into.Next
	if into.Encoding == "url" {
		next, err = url.QueryUnescape(next)
	}
	if err != nil || into.Name != s.Bucket || into.Truncated && (next == "" || next < q.After || next == q.After && into.NextVersion == q.Version) {
		return s.way.strike(), nil
	}
	into.Next = next
	into.Dated(response.Header.Get("Date"))
	s.way.strikes.Store(0)
	return true, nil
}

// strike says that the stack has to be asked.
func (w *straight) strike() (done bool) {
	if w.strikes.Add(1) >= mostStrikes {
		w.known.Store(nil)
	}
	return false
}

// unescaped is how S3 signs paths, which it takes as they are (S3 API reference, "Signature Calculations for the Authorization Header").
func unescaped(o *v4.SignerOptions) { o.DisableURIPathEscaping = true }

// encoded is the query as part of a URL.
func (q Query) encoded() string {
	values := url.Values{"versions": {""}, "encoding-type": {"url"}}
	for name, value := range map[string]string{"prefix": q.Prefix, "key-marker": q.After, "version-id-marker": q.Version} {
		if value != "" {
			values.Set(name, value)
		}
	}
	if q.Most > 0 {
		values.Set("max-keys", strconv.Itoa(int(q.Most)))
	}
	return values.Encode()
}

// faulty is what a service says that can't answer now: it would say the same if it
// were asked again at once.
func faulty(response *http.Response) error {
	if response.StatusCode != http.StatusTooManyRequests && (response.StatusCode < http.StatusInternalServerError || response.StatusCode == http.StatusNotImplemented) {
		return nil
	}
	var page Page
	err := page.Read(io.LimitReader(response.Body, 64<<10))
	if err = readable(err); err == nil {
		err = &smithy.GenericAPIError{Code: strconv.Itoa(response.StatusCode)}
	}
	return &smithyhttp.ResponseError{Response: &smithyhttp.Response{Response: response}, Err: err}
}
