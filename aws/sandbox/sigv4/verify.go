package sigv4

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"bothways/aws/sandbox/refusal"
)

const (
	// maxSkew is how far a request's time may lie from the server's (Amazon S3 API Reference, RequestTimeTooSkewed).
	maxSkew = 15 * time.Minute
	// maxQueryBody bounds the body of an IAM or STS call in bytes; it is hashed before the call is believed.
	maxQueryBody = 1 << 20
)

// Key is what belongs to an access key id.
type Key struct {
	// SecretAccessKey is the secret that signs.
	SecretAccessKey string
	// SessionToken must accompany every request; "" for a permanent key.
	SessionToken string
	// Expires is when a temporary key ends; zero for a permanent one.
	Expires time.Time
}

// Result says who signed a request and how its body is declared.
type Result struct {
	// AccessKeyID names the key that signed.
	AccessKeyID string
	// Region and Service are those of the credential scope.
	Region, Service string
	// Presigned is true if the signature stood in the query string.
	Presigned bool
	// Payload is how the body is declared.
	Payload Payload
	// ContentLength is the length of the decoded body in bytes, -1 if it is not declared.
	ContentLength int64

	declared declared
	chunks   chunkSigner
}

// Verifier checks signatures and keeps the signing keys that it has derived. The zero value is ready; it is safe for
// concurrent use.
type Verifier struct {
	keys signingKeys
}

// Verify checks the signature of a request, in the Authorization header or in the query string, against the key that
// lookup finds and the server's time. An error is always an [*refusal.Error].
//
// For S3 the body is not read: read it through [Result.Body], which reports what does not agree with the signature or
// with the declared checksums. For every other service the body (at most 1 MiB) is read, hashed and put back.
func (v *Verifier) Verify(r *http.Request, lookup func(accessKeyID string) (Key, bool), now time.Time) (Result, error) {
	result, err := v.verify(r, lookup, now)
	if err != nil {
		return Result{}, err
	}
	return result, nil
}

func (v *Verifier) verify(r *http.Request, lookup func(string) (Key, bool), now time.Time) (Result, *refusal.Error) {
	query := r.URL.Query()
	c, refused := parseClaim(r, query)
	if refused != nil {
		return Result{}, refused
	}
	key, found := lookup(c.accessKeyID)
	if !found {
		return Result{}, errUnknownKey(c.service, c.accessKeyID)
	}
	if refused := checkTime(c, now); refused != nil {
		return Result{}, refused
	}
	if refused := checkToken(c, key, now); refused != nil {
		return Result{}, refused
	}
	if refused := checkSignedHeaders(r, c); refused != nil {
		return Result{}, refused
	}
	payloadHash, refused := payloadHash(r, query, c)
	if refused != nil {
		return Result{}, refused
	}
	signingKey := v.keys.get(c, key.SecretAccessKey)
	canonical := canonicalRequest(r, query, c, payloadHash)
	toSign := algorithm + "\n" + stamp(c.at) + "\n" + c.scope() + "\n" + hashHex(canonical)
	if !hmac.Equal([]byte(sign(signingKey, toSign)), []byte(c.signature)) {
		return Result{}, errMismatch(c.service, []refusal.Detail{
			refusal.With("AWSAccessKeyId", c.accessKeyID),
			refusal.With("StringToSign", toSign),
			refusal.With("SignatureProvided", c.signature),
			refusal.With("CanonicalRequest", canonical),
		})
	}
	return accept(r, c, payloadHash, signingKey)
}

// accept describes a request whose signature holds.
func accept(r *http.Request, c *claim, payloadHash string, signingKey []byte) (Result, *refusal.Error) {
	result := Result{
		AccessKeyID: c.accessKeyID, Region: c.region, Service: c.service, Presigned: c.presigned,
		Payload: payloadOf(payloadHash), ContentLength: r.ContentLength,
		chunks: chunkSigner{key: signingKey, at: stamp(c.at), scope: c.scope(), previous: c.signature},
	}
	if !isS3(c.service) {
		return result, nil
	}
	return result.declare(r, payloadHash)
}

// declare completes a result for S3 by what the headers declare of the body.
func (result Result) declare(r *http.Request, payloadHash string) (Result, *refusal.Error) {
	if result.Payload.chunked() {
		length, err := strconv.ParseInt(r.Header.Get("X-Amz-Decoded-Content-Length"), 10, 64)
		if err != nil && !errors.Is(err, strconv.ErrRange) || length < 0 { // beyond all integers it is too long, not missing
			return Result{}, errNoLength()
		}
		result.ContentLength = length
	}
	var refused *refusal.Error
	result.declared, refused = readDeclared(r, payloadHash)
	return result, refused
}

func checkTime(c *claim, now time.Time) *refusal.Error {
	if !c.presigned {
		if c.at.Sub(now) > maxSkew || now.Sub(c.at) > maxSkew {
			return errSkewed(c.service, c.at, now)
		}
		return nil
	}
	seconds := strconv.FormatInt(int64(c.lifetime/time.Second), 10)
	expires := c.at.Add(c.lifetime)
	switch {
	case now.After(expires):
		return errPresignedWindow("Request has expired", expires, now, seconds)
	case c.at.Sub(now) > maxSkew:
		return errPresignedWindow("Request is not yet valid", expires, now, seconds)
	}
	return nil
}

// checkToken compares the session token. A temporary key without its token is unknown to AWS, a wrong one is invalid.
func checkToken(c *claim, key Key, now time.Time) *refusal.Error {
	if c.token == "" && key.SessionToken != "" {
		return errUnknownKey(c.service, c.accessKeyID)
	}
	if !hmac.Equal([]byte(c.token), []byte(key.SessionToken)) {
		return errBadToken(c.service)
	}
	if !key.Expires.IsZero() && !now.Before(key.Expires) {
		return errExpiredToken(c.service)
	}
	return nil
}

// checkSignedHeaders refuses an x-amz- header that nobody signed: it could have been added on the way.
func checkSignedHeaders(r *http.Request, c *claim) *refusal.Error {
	var loose []string
	for name := range r.Header {
		if len(name) < 6 || !strings.EqualFold(name[:6], "x-amz-") {
			continue
		}
		if !slices.ContainsFunc(c.signedHeaders, func(signed string) bool { return strings.EqualFold(signed, name) }) {
			loose = append(loose, strings.ToLower(name))
		}
	}
	if loose == nil {
		return nil
	}
	slices.Sort(loose)
	return errNotSigned(strings.Join(loose, ", "))
}

// payloadHash returns the last line of the canonical request.
func payloadHash(r *http.Request, query url.Values, c *claim) (string, *refusal.Error) {
	if !isS3(c.service) {
		return hashBody(r)
	}
	value := r.Header.Get("X-Amz-Content-Sha256")
	if value == "" && c.presigned {
		value = query.Get("X-Amz-Content-Sha256")
		if value == "" {
			return string(Unsigned), nil
		}
	}
	if value == "" {
		return "", errMissingHeader("x-amz-content-sha256")
	}
	if payloadOf(value) == SignedHash && !isHash(value) {
		return "", refusal.New(http.StatusBadRequest, "InvalidArgument",
			"x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, "+
				"STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, "+
				"STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid sha256 value.",
			refusal.With("ArgumentName", "x-amz-content-sha256"),
			refusal.With("ArgumentValue", value))
	}
	return value, nil
}

func isHash(value string) bool {
	raw, err := hex.DecodeString(value)
	return err == nil && len(raw) == sha256.Size
}

// hashBody reads the whole body, hashes it and puts it back.
func hashBody(r *http.Request) (string, *refusal.Error) {
	if r.Body == nil {
		return hashHex(""), nil
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxQueryBody+1))
	if err != nil {
		return "", errInvalidRequest(fmt.Sprintf("The request body could not be read: %v", err))
	}
	if len(body) > maxQueryBody {
		return "", refusal.New(http.StatusRequestEntityTooLarge, "RequestEntityTooLarge",
			"Request body exceeds the maximum of "+strconv.Itoa(maxQueryBody)+" bytes")
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return hashHex(string(body)), nil
}
