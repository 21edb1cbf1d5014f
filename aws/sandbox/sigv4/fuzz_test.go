package sigv4

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"bothways/aws/sandbox/refusal"
)

func FuzzParseAuthorization(f *testing.F) {
	f.Add("AWS4-HMAC-SHA256 Credential=AKIA/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;x-amz-date,Signature=00")
	f.Add("AWS4-HMAC-SHA256 Credential=a/b/20130524/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00")
	f.Add("AWS AKIA:signature")
	f.Add("Bearer x")
	f.Add("AWS4-HMAC-SHA256 ,,,")
	f.Fuzz(func(t *testing.T, header string) {
		c, refused := parseAuthorization(header)
		if refused != nil {
			if refused.Code == "" || refused.Status < 400 || refused.Message == "" {
				t.Fatalf("a refused without words: %+v", refused)
			}
			return
		}
		if c.accessKeyID == "" || c.signature == "" || len(c.signedHeaders) == 0 {
			t.Fatalf("accepted without key, signature or headers: %+v", c)
		}
		// What was read, written again, reads the same.
		again := algorithm + " Credential=" + c.accessKeyID + "/" + c.scope() + ",SignedHeaders=" +
			strings.Join(c.signedHeaders, ";") + ",Signature=" + c.signature
		d, refused := parseAuthorization(again)
		if refused != nil {
			t.Fatalf("%q was accepted, its own form %q is not: %v", header, again, refused)
		}
		if d.scope() != c.scope() || d.accessKeyID != c.accessKeyID || d.signature != c.signature {
			t.Fatalf("%q reads as %+v and then as %+v", header, c, d)
		}
	})
}

func FuzzChunkReaderDecodesAnyBytesWithoutHarm(f *testing.F) {
	f.Add([]byte("5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n"), true)
	f.Add([]byte("5;chunk-signature=00\r\nhello\r\n0;chunk-signature=00\r\n\r\n"), false)
	f.Add([]byte("ffffffffffffffff\r\n"), true)
	f.Add([]byte("0\r\n\r\n"), true)
	f.Fuzz(func(t *testing.T, wire []byte, unsigned bool) {
		payload := SignedChunksTrailer
		if unsigned {
			payload = UnsignedTrailer
		}
		data, err := io.ReadAll(newChunkReader(bytes.NewReader(wire), payload, chunkSigner{key: []byte("k")}))
		if len(data) > len(wire) {
			t.Fatalf("%d bytes decoded from %d", len(data), len(wire))
		}
		var refused *refusal.Error
		if err != nil && !errors.As(err, &refused) && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Fatalf("neither a refused nor a cut body: %v", err)
		}
		if err == nil && !unsigned {
			t.Fatal("accepted chunks that nobody signed")
		}
	})
}

func FuzzChunkReaderReturnsWhatWasEncoded(f *testing.F) {
	f.Add([]byte("hello"), uint16(1), uint16(0))
	f.Add([]byte("0\r\n"), uint16(9_000), uint16(808))
	f.Fuzz(func(t *testing.T, pattern []byte, times, above uint16) {
		// Repeating a short pattern makes bodies of many chunks out of inputs that are quick to vary.
		content := bytes.Repeat(pattern, int(times)%(1+64<<10/(1+len(pattern))))
		size := minChunk + int(above)
		var wire bytes.Buffer
		for rest := content; len(rest) > 0; {
			n := min(size, len(rest))
			wire.WriteString(strconv.FormatInt(int64(n), 16) + "\r\n")
			wire.Write(rest[:n])
			wire.WriteString("\r\n")
			rest = rest[n:]
		}
		wire.WriteString("0\r\nx-amz-checksum-crc32:value\r\n\r\n")
		reader := newChunkReader(&wire, UnsignedTrailer, chunkSigner{})
		got, err := io.ReadAll(reader)
		if err != nil || !bytes.Equal(got, content) {
			t.Fatalf("%d bytes and %v, want %d bytes", len(got), err, len(content))
		}
		if reader.trailer["x-amz-checksum-crc32"] != "value" {
			t.Fatalf("trailer %v", reader.trailer)
		}
	})
}

// FuzzCanonicalPath checks that the canonical form does not depend on how a client spelt the escapes.
func FuzzCanonicalPath(f *testing.F) {
	f.Add("/a b+c")
	f.Add("/ü/../x")
	f.Add("/a//b~")
	f.Fuzz(func(t *testing.T, path string) {
		var lower, all strings.Builder
		for i := range len(path) {
			if path[i] == '/' {
				lower.WriteByte('/')
				all.WriteByte('/')
				continue
			}
			encodeByte(&lower, path[i], false)
			all.WriteString("%" + strings.ToLower(string([]byte{upperHex[path[i]>>4], upperHex[path[i]&15]})))
		}
		if a, b := canonicalPath(lower.String(), true), canonicalPath(all.String(), true); a != b {
			t.Fatalf("%q signs as %q and as %q", path, a, b)
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	r, err := http.NewRequestWithContext(b.Context(), http.MethodHead, "http://127.0.0.1:9000/bucket/key?versionId=1", nil)
	if err != nil {
		b.Fatal(err)
	}
	hash := hashHex("")
	r.Header.Set("X-Amz-Date", "20130524T000000Z")
	r.Header.Set("X-Amz-Content-Sha256", hash)
	c := &claim{
		accessKeyID: "AKIA", date: "20130524", region: "us-east-1", service: "s3",
		signedHeaders: []string{"host", "x-amz-content-sha256", "x-amz-date"},
	}
	var verifier Verifier
	key := verifier.keys.get(c, "secret")
	text := algorithm + "\n20130524T000000Z\n" + c.scope() + "\n" + hashHex(canonicalRequest(r, r.URL.Query(), c, hash))
	r.Header.Set("Authorization", algorithm+" Credential=AKIA/"+c.scope()+",SignedHeaders="+
		strings.Join(c.signedHeaders, ";")+",Signature="+sign(key, text))
	at, err := http.ParseTime("Fri, 24 May 2013 00:00:00 GMT")
	if err != nil {
		b.Fatal(err)
	}
	lookup := func(string) (Key, bool) { return Key{SecretAccessKey: "secret"}, true }
	b.ReportAllocs()
	for b.Loop() {
		if _, err := verifier.Verify(r, lookup, at); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzVerifyVersion2(f *testing.F) {
	f.Add("/b/k", "AWSAccessKeyId=AKIA&Expires=1&Signature=x", "")
	f.Add("/b", "versioning", "AWS AKIA:x")
	f.Add("/", "AWSAccessKeyId=&Expires=&Signature=", "AWS :")
	lookup := func(string) (Key, bool) { return Key{SecretAccessKey: "secret"}, true }
	f.Fuzz(func(t *testing.T, path, query, authorization string) {
		r := &http.Request{
			Method: http.MethodGet, URL: &url.URL{Path: path, RawQuery: query},
			Header: http.Header{"Date": {"Thu, 01 Jan 1970 00:00:00 GMT"}, "Authorization": {authorization}},
		}
		_, err := VerifyVersion2(r, "", lookup, time.Unix(0, 0))
		var refused *refusal.Error
		if err == nil || !errors.As(err, &refused) || refused.Code == "" || refused.Status < 400 {
			t.Fatalf("nobody signed this, and the answer is %v", err)
		}
	})
}
