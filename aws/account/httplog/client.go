// Package httplog tells a log of each request that goes out to AWS and of its
// answer. It is made for reports that others read: of headers it tells the IDs
// alone, of queries what lists of names allow, of bodies those of errors, cut, from
// services that are sent no secrets.
package httplog

import (
	"context"
	"log/slog"
	"net/http"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Log numbers the requests of a process and tells of them.
type Log struct {
	out  *slog.Logger
	last atomic.Int64 // request's number
}

// New returns a log that writes to out.
func New(out *slog.Logger) *Log { return &Log{out: out} }

type key struct{}

// With returns a context whose clients tell the log of what they send.
func With(ctx context.Context, log *Log) context.Context { return context.WithValue(ctx, key{}, log) }

// Of is the context's log, or nil.
func Of(ctx context.Context) *Log {
	log, _ := ctx.Value(key{}).(*Log)
	return log
}

// Client is an HTTP client whose requests are logged.
type Client struct {
	next aws.HTTPClient
	log  *Log
}

// Client returns a client that sends by another one; without a log that one itself.
func (l *Log) Client(next aws.HTTPClient) aws.HTTPClient {
	if l == nil || next == nil {
		return next
	}
	return &Client{next, l}
}

// WithTransport returns a client whose connections are as change wants them, or the
// same one where its transport is not the SDK's.
func (c *Client) WithTransport(change func(*http.Transport)) *Client {
	own, is := c.next.(*awshttp.BuildableClient)
	if !is {
		return c
	}
	return &Client{own.WithTransportOptions(change), c.log}
}

// Do implements aws.HTTPClient.
func (c *Client) Do(request *http.Request) (*http.Response, error) {
	sent := c.log.send(request.Context(), request)
	response, err := c.next.Do(request)
	sent.answered(response, err)
	return response, err
}

// Option has the clients that the SDK makes by itself to get credentials log what
// they send: these take no HTTP client of ours where authorities are the user's own.
func (l *Log) Option(stack *middleware.Stack) error {
	return stack.Deserialize.Add(wire{l}, middleware.After)
}

// wire is the middleware of Option, the last one before the wire.
type wire struct{ log *Log }

// ID implements middleware.DeserializeMiddleware.
func (wire) ID() string { return "bothways:logHTTP" }

// HandleDeserialize implements middleware.DeserializeMiddleware.
func (m wire) HandleDeserialize(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
	request, is := in.Request.(*smithyhttp.Request)
	if !is {
		return next.HandleDeserialize(ctx, in)
	}
	sent := m.log.send(ctx, request.Request)
	out, metadata, err := next.HandleDeserialize(ctx, in)
	var response *http.Response
	if raw, is := out.RawResponse.(*smithyhttp.Response); is && raw != nil {
		response = raw.Response
	}
	sent.answered(response, err)
	return out, metadata, err
}

// operation is what a request asks, in AWS's words. A request that is sent again or
// made past the SDK's stack carries none: those are S3's.
func operation(ctx context.Context, request *http.Request) (service, name string) {
	service, name = awsmiddleware.GetServiceID(ctx), awsmiddleware.GetOperationName(ctx)
	if name != "" {
		return service, name
	}
	switch {
	case request.Method == http.MethodHead:
		return "S3", "HeadObject"
	case request.Method == http.MethodGet && request.URL.Query().Has("versions"):
		return "S3", "ListObjectVersions"
	}
	return service, "unnamed"
}
