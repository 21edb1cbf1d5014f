package account

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/dustin/go-humanize"

	"bothways/aws/account/wellformed"
)

// What an answer may take. The longest that AWS gives here is a page of 1,000
// versions with keys of 1,024 bytes, every byte of them escaped: below 4 MiB.
const (
	answerMost   = 16 << 20 // bytes
	errorMost    = 256 << 10
	headersMost  = 64 << 10
	answerWithin = time.Minute // from its first byte to its last
)

// AnswerError says that what answered is no service of AWS, nor one like it.
type AnswerError struct {
	// Why completes "the answer of HOST to OPERATION …".
	Why             string
	Host, Operation string
	// sdk is what the SDK made of it, where it came with a status: for programs
	// that go by that, and not for people.
	sdk error
}

// As implements the interface of errors.As: the answer's status and headers are
// known, though what it says is not.
func (e *AnswerError) As(target any) bool {
	if _, worded := target.(*smithy.APIError); worded || e.sdk == nil {
		return false
	}
	return errors.As(e.sdk, target)
}

func (e *AnswerError) Error() string {
	return fmt.Sprintf("the answer of %s to %s %s: is that the right endpoint, and no proxy or portal?", e.Host, e.Operation, e.Why)
}

// answers holds what comes back to bounds of size and time, and to what the
// service's answer must have. A server that is broken, or isn't one of AWS at
// all, could else fill the memory, hold a command up for ever, or be taken by
// its word for something that it never said.
type answers struct{ within time.Duration }

// bounded is what every client of an access takes along.
func bounded() []func(*middleware.Stack) error {
	return []func(*middleware.Stack) error{answers{answerWithin}.add, listings{}.add, pages{}.add}
}

func (m answers) add(stack *middleware.Stack) error {
	if err := stack.Deserialize.Add(checked{}, middleware.Before); err != nil {
		return err
	}
	return stack.Deserialize.Add(m, middleware.After)
}

// ID implements middleware.DeserializeMiddleware.
func (answers) ID() string { return "bothways:boundAnswer" }

// patient are the calls whose answer begins long before it ends: S3 sends white
// space while it puts the parts of an upload together, which "can take several
// minutes" (API reference, CompleteMultipartUpload), and an object's content
// takes as long as it is large. Their own contexts bound them.
func patient(operation string) bool {
	return operation == "CompleteMultipartUpload" || operation == "GetObject"
}

// HandleDeserialize implements middleware.DeserializeMiddleware. It is the last
// one before the wire.
func (m answers) HandleDeserialize(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	out, metadata, err := next.HandleDeserialize(ctx, in)
	out, err = arrived(out, err)
	response, ok := out.RawResponse.(*smithyhttp.Response)
	if ok && response.Response != nil {
		forget(response.Header, tokenOf(in.Request))
	}
	if err != nil || !ok || response.Body == nil || response.Body == http.NoBody { // as of every HEAD, of which there are many
		cancel(nil)
		return out, metadata, err
	}
	most := int64(answerMost)
	if response.StatusCode >= 300 {
		most = errorMost
	}
	wrong := AnswerError{Host: hostOf(in.Request), Operation: middleware.GetOperationName(ctx)}
	body := &boundedBody{from: response.Body, most: most, left: most, wrong: wrong, ctx: ctx, cancel: cancel, stop: func() bool { return false }}
	if !patient(wrong.Operation) {
		slow := wrong
		slow.Why = fmt.Sprintf("took longer than %s", m.within)
		body.stop = time.AfterFunc(m.within, func() { cancel(&slow) }).Stop
	}
	response.Body = body
	switch {
	case wrong.Operation == "GetObject": // a content of any kind
	case response.StatusCode < 300:
		response.Body = &formed{wellformed.NewReader(body, wellformed.Root(middleware.GetServiceID(ctx), wrong.Operation)), body}
	default:
		response.Body = &formed{wellformed.NewReader(body, ""), body}
	}
	if response.StatusCode >= 300 {
		response.Body = &unechoed{from: response.Body, token: tokenOf(in.Request)}
	}
	return out, metadata, nil
}

func hostOf(request any) string {
	if r, ok := request.(*smithyhttp.Request); ok {
		return r.URL.Host
	}
	return "the endpoint"
}

// formed is an answer's body that ends in an error where it is not as one of AWS is.
type formed struct {
	io.Reader
	io.Closer
}

// boundedBody is an answer's body that ends in an error where it is too long or
// too slow.
type boundedBody struct {
	from       io.ReadCloser
	most, left int64 // bytes
	wrong      AnswerError
	ctx        context.Context //nolint:containedctx // a body has no other way to hear of its end
	cancel     context.CancelCauseFunc
	stop       func() bool // ends the watch on its time
}

// Read implements io.Reader.
func (b *boundedBody) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, b.tooLong()
	}
	n, err := b.from.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return n, b.tooLong()
	}
	if slow, ok := errors.AsType[*AnswerError](context.Cause(b.ctx)); ok && err != nil && err != io.EOF {
		return n, slow
	}
	return n, err
}

func (b *boundedBody) tooLong() error {
	wrong := b.wrong
	wrong.Why = "is longer than " + humanize.IBytes(uint64(b.most))
	return &wrong
}

// Close implements io.Closer.
func (b *boundedBody) Close() error {
	b.stop()
	err := b.from.Close()
	b.cancel(nil)
	return err
}
