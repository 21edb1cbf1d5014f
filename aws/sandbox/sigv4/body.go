package sigv4

import (
	"crypto/md5" //nolint:gosec // the Content-MD5 header of HTTP, not used for security
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"net/http"
	"slices"
	"strings"

	"bothways/aws/sandbox/refusal"
)

// Body yields the decoded bytes of a request and checks them against everything that the request declared: its signed hash,
// its chunk signatures, its length, Content-MD5 and checksums in headers or in the trailer.
//
// Data is yielded before it is known to be good. Whoever stores it must throw it away if Read ends with anything but
// [io.EOF]; such an error is an [*refusal.Error] unless the connection itself failed.
type Body struct {
	source   io.Reader
	chunks   *chunkReader
	declared declared
	length   int64
	read     int64
	sha256   hash.Hash
	md5      hash.Hash
	digests  []namedDigest
	verified []Checksum
	end      error
}

type namedDigest struct {
	name   string
	digest hash.Hash
}

// Body wraps the raw body of the request that was verified. It is to be called once for a request.
func (r Result) Body(source io.Reader) *Body {
	if source == nil {
		source = strings.NewReader("")
	}
	b := &Body{source: source, declared: r.declared, length: r.ContentLength}
	if r.Payload.chunked() {
		b.chunks = newChunkReader(source, r.Payload, r.chunks)
		b.source = b.chunks
	}
	if r.declared.sha256 != "" {
		b.sha256 = sha256.New()
	}
	if r.declared.md5 != "" {
		b.md5 = md5.New() //nolint:gosec // see the import
	}
	for _, checksum := range r.declared.checksums {
		b.digests = append(b.digests, namedDigest{checksum.Algorithm, NewDigest(checksum.Algorithm)})
	}
	if r.declared.trailer != "" {
		b.digests = append(b.digests, namedDigest{r.declared.trailer, NewDigest(r.declared.trailer)})
	}
	return b
}

// Read implements [io.Reader]. It returns [io.EOF] only when everything that was declared holds.
func (b *Body) Read(p []byte) (int, error) {
	if b.end != nil {
		return 0, b.end
	}
	n, err := b.source.Read(p)
	b.take(p[:n])
	if err != nil {
		b.end = b.finish(err)
		return n, b.end
	}
	if b.length >= 0 && b.read > b.length {
		b.end = errIncomplete()
		return n, b.end
	}
	return n, nil
}

// Checksums returns the checksums that the client declared, once Read has returned [io.EOF].
func (b *Body) Checksums() []Checksum { return b.verified }

func (b *Body) take(data []byte) {
	b.read += int64(len(data))
	if b.sha256 != nil {
		b.sha256.Write(data)
	}
	if b.md5 != nil {
		b.md5.Write(data)
	}
	for _, d := range b.digests {
		d.digest.Write(data)
	}
}

// finish turns the end of the source into the end of the body.
func (b *Body) finish(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return errIncomplete()
	}
	if !errors.Is(err, io.EOF) {
		return err
	}
	if b.length >= 0 && b.read != b.length {
		return errIncomplete()
	}
	if b.sha256 != nil {
		if got := hex.EncodeToString(b.sha256.Sum(nil)); got != b.declared.sha256 {
			return refusal.New(http.StatusBadRequest, "XAmzContentSHA256Mismatch",
				"The provided 'x-amz-content-sha256' header does not match what was computed.",
				refusal.With("ClientComputedContentSHA256", b.declared.sha256),
				refusal.With("S3ComputedContentSHA256", got))
		}
	}
	if b.md5 != nil {
		if got := base64Sum(b.md5); got != b.declared.md5 {
			return refusal.New(http.StatusBadRequest, "BadDigest",
				"The Content-MD5 you specified did not match what we received.",
				refusal.With("ExpectedDigest", b.declared.md5),
				refusal.With("CalculatedDigest", got))
		}
	}
	return b.checkDigests()
}

func (b *Body) checkDigests() error {
	promised := b.declared.checksums
	if name := b.declared.trailer; name != "" {
		value, found := b.chunks.trailer["x-amz-checksum-"+strings.ToLower(name)]
		if !found {
			return errTrailer()
		}
		if raw, err := base64.StdEncoding.DecodeString(value); err != nil || len(raw) != NewDigest(name).Size() {
			return errInvalidRequest("Value for x-amz-checksum-" + strings.ToLower(name) + " trailing header is invalid.")
		}
		promised = append(slices.Clone(promised), Checksum{name, value})
	}
	for i, checksum := range promised {
		if base64Sum(b.digests[i].digest) != checksum.Value {
			return refusal.New(http.StatusBadRequest, "BadDigest",
				"The "+checksum.Algorithm+" you specified did not match the calculated checksum.")
		}
	}
	b.verified = promised
	return io.EOF
}

func errIncomplete() *refusal.Error {
	return refusal.New(http.StatusBadRequest, "IncompleteBody",
		"You did not provide the number of bytes specified by the Content-Length HTTP header.")
}

func errTrailer() *refusal.Error {
	return refusal.New(http.StatusBadRequest, "MalformedTrailerError",
		"The request contained trailing data that was not well-formed or did not conform to our published "+
			"schema.")
}
