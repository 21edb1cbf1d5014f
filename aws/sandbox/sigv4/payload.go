package sigv4

import (
	"encoding/base64"
	"net/http"
	"strings"

	"bothways/aws/sandbox/refusal"
)

// Payload is how a request declares its body, the value of x-amz-content-sha256 (Amazon S3 API Reference, "Signature
// calculations for the authorization header").
type Payload string

const (
	// SignedHash means that the SHA-256 of the whole body is part of the signature.
	SignedHash Payload = ""
	// Unsigned means that the signature does not cover the body.
	Unsigned Payload = "UNSIGNED-PAYLOAD"
	// UnsignedTrailer is an aws-chunked body with unsigned chunks and a trailing checksum.
	UnsignedTrailer Payload = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
	// SignedChunks is an aws-chunked body in which every chunk is signed.
	SignedChunks Payload = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
	// SignedChunksTrailer is an aws-chunked body with signed chunks and a signed trailing checksum.
	SignedChunksTrailer Payload = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
)

func payloadOf(value string) Payload {
	switch p := Payload(value); p {
	case Unsigned, UnsignedTrailer, SignedChunks, SignedChunksTrailer:
		return p
	default:
		return SignedHash
	}
}

func (p Payload) chunked() bool {
	return p == UnsignedTrailer || p == SignedChunks || p == SignedChunksTrailer
}

func (p Payload) signedChunks() bool { return p == SignedChunks || p == SignedChunksTrailer }

func (p Payload) hasTrailer() bool { return p == UnsignedTrailer || p == SignedChunksTrailer }

// declared is what a request promises about its body and what the body is held to.
type declared struct {
	// sha256 is the hex digest that was signed, "" if none was.
	sha256 string
	// md5 is the Content-MD5 header in base64, "" if there is none.
	md5 string
	// checksums are those whose value stands in a header.
	checksums []Checksum
	// trailer is the algorithm whose value follows the body, "" if none does.
	trailer string
}

// readDeclared collects the promises from the headers.
func readDeclared(r *http.Request, payloadHash string) (declared, *refusal.Error) {
	d := declared{md5: r.Header.Get("Content-Md5")}
	payload := payloadOf(payloadHash)
	if payload == SignedHash {
		d.sha256 = strings.ToLower(payloadHash)
	}
	if len(r.Header["Content-Md5"]) > 0 {
		if raw, err := base64.StdEncoding.DecodeString(d.md5); err != nil || len(raw) != 16 {
			return declared{}, refusal.New(http.StatusBadRequest, "InvalidDigest",
				"The Content-MD5 you specified was invalid.")
		}
	}
	if payload.hasTrailer() {
		if name := r.Header.Get("X-Amz-Trailer"); name != "" {
			d.trailer = algorithmOf(name)
			if d.trailer == "" {
				return declared{}, errInvalidRequest("The value specified in the x-amz-trailer header is not supported")
			}
		}
	}
	if checksumOfObject(r) {
		return d, nil
	}
	for i, name := range Algorithms {
		value := ""
		if sent := r.Header[headers[i]]; len(sent) > 0 {
			value = sent[0]
		}
		if value == "" && strings.Contains(r.URL.RawQuery, "x-amz-checksum-") {
			value = r.URL.Query().Get("x-amz-checksum-" + strings.ToLower(name))
		}
		if value == "" {
			continue
		}
		if raw, err := base64.StdEncoding.DecodeString(value); err != nil || len(raw) != NewDigest(name).Size() {
			return declared{}, errInvalidRequest("Value for x-amz-checksum-" + strings.ToLower(name) + " header is invalid.")
		}
		d.checksums = append(d.checksums, Checksum{name, value})
	}
	if len(d.checksums) > 1 {
		return declared{}, errInvalidRequest("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.")
	}
	return d, nil
}

// checksumOfObject reports whether the checksum headers of a request speak of the object that it completes and not of
// its own body (Amazon S3 API Reference, CompleteMultipartUpload).
func checksumOfObject(r *http.Request) bool {
	return r.Method == http.MethodPost && r.URL.Query().Has("uploadId")
}
