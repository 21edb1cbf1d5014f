package sigv4_test

import (
	"bufio"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/sigv4"
)

// The requests and signatures in this file are the worked examples of AWS's documentation.

const exampleSecret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

func example(accessKeyID string) (sigv4.Key, bool) {
	switch accessKeyID {
	case "AKIAIOSFODNN7EXAMPLE":
		return sigv4.Key{SecretAccessKey: exampleSecret}, true
	case "AKIDEXAMPLE":
		return sigv4.Key{SecretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}, true
	}
	return sigv4.Key{}, false
}

// arrived parses a request as a server would.
func arrived(t *testing.T, text string) *http.Request {
	t.Helper()
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(strings.ReplaceAll(text, "\n", "\r\n"))))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

func TestVerifyAcceptsTheExamplesOfTheDocumentation(t *testing.T) {
	may2013 := time.Date(2013, 5, 24, 0, 0, 0, 0, time.UTC)
	const credential = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
	tests := []struct {
		name, request string
		at            time.Time
		region        string
		service       string
	}{
		{
			name: "GET object with a range",
			request: "GET /test.txt HTTP/1.1\nHost: examplebucket.s3.amazonaws.com\nRange: bytes=0-9\n" +
				"x-amz-content-sha256: " + emptyHash + "\nx-amz-date: 20130524T000000Z\n" +
				"Authorization: " + credential + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date," +
				"Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41\n\n",
			at: may2013, region: "us-east-1", service: "s3",
		},
		{
			name: "PUT object whose key needs escaping, with a Date header",
			request: "PUT /test$file.text HTTP/1.1\nHost: examplebucket.s3.amazonaws.com\n" +
				"Date: Fri, 24 May 2013 00:00:00 GMT\nx-amz-date: 20130524T000000Z\n" +
				"x-amz-storage-class: REDUCED_REDUNDANCY\n" +
				"x-amz-content-sha256: 44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072\n" +
				"Authorization: " + credential + "SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;" +
				"x-amz-storage-class,Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd\n" +
				"Content-Length: 21\n\nWelcome to Amazon S3.",
			at: may2013, region: "us-east-1", service: "s3",
		},
		{
			name: "GET of a sub-resource without a value",
			request: "GET /?lifecycle HTTP/1.1\nHost: examplebucket.s3.amazonaws.com\n" +
				"x-amz-content-sha256: " + emptyHash + "\nx-amz-date: 20130524T000000Z\n" +
				"Authorization: " + credential + "SignedHeaders=host;x-amz-content-sha256;x-amz-date," +
				"Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543\n\n",
			at: may2013, region: "us-east-1", service: "s3",
		},
		{
			name: "list with parameters",
			request: "GET /?max-keys=2&prefix=J HTTP/1.1\nHost: examplebucket.s3.amazonaws.com\n" +
				"x-amz-content-sha256: " + emptyHash + "\nx-amz-date: 20130524T000000Z\n" +
				"Authorization: " + credential + "SignedHeaders=host;x-amz-content-sha256;x-amz-date," +
				"Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7\n\n",
			at: may2013, region: "us-east-1", service: "s3",
		},
		{
			name: "presigned GET, an hour after it was signed",
			request: "GET /test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2F" +
				"us-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&" +
				"X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404 HTTP/1.1\n" +
				"Host: examplebucket.s3.amazonaws.com\n\n",
			at: may2013.Add(time.Hour), region: "us-east-1", service: "s3",
		},
		{
			name: "IAM ListUsers",
			request: "GET /?Action=ListUsers&Version=2010-05-08 HTTP/1.1\nHost: iam.amazonaws.com\n" +
				"Content-Type: application/x-www-form-urlencoded; charset=utf-8\nX-Amz-Date: 20150830T123600Z\n" +
				"Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, " +
				"SignedHeaders=content-type;host;x-amz-date, " +
				"Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7\n\n",
			at: time.Date(2015, 8, 30, 12, 36, 0, 0, time.UTC), region: "us-east-1", service: "iam",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var verifier sigv4.Verifier
			r := arrived(t, test.request)
			result, err := verifier.Verify(r, example, test.at)
			if err != nil {
				t.Fatal(err)
			}
			if result.Region != test.region || result.Service != test.service {
				t.Errorf("scope %s/%s, want %s/%s", result.Region, result.Service, test.region, test.service)
			}
			if _, err := io.ReadAll(result.Body(r.Body)); err != nil {
				t.Errorf("body: %v", err)
			}
		})
	}
}

// signedChunks is the example of "Signature calculations for the authorization header: transferring payload in multiple
// chunks": 65 KiB of the letter a.
func signedChunks(firstChunk string) string {
	return "PUT /examplebucket/chunkObject.txt HTTP/1.1\nHost: s3.amazonaws.com\nx-amz-date: 20130524T000000Z\n" +
		"x-amz-storage-class: REDUCED_REDUNDANCY\n" +
		"Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request," +
		"SignedHeaders=content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;" +
		"x-amz-decoded-content-length;x-amz-storage-class," +
		"Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9\n" +
		"x-amz-content-sha256: STREAMING-AWS4-HMAC-SHA256-PAYLOAD\nContent-Encoding: aws-chunked\n" +
		"x-amz-decoded-content-length: 66560\nContent-Length: 66824\n\n" +
		"10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\n" + firstChunk +
		"\n400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\n" +
		strings.Repeat("a", 1024) +
		"\n0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\n\n"
}

// signedTrailer is the example of "… multiple chunks … that include trailing headers".
func signedTrailer(checksum string) string {
	return "PUT /examplebucket/chunkObject.txt HTTP/1.1\nHost: s3.amazonaws.com\nx-amz-date: 20130524T000000Z\n" +
		"x-amz-storage-class: REDUCED_REDUNDANCY\n" +
		"Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request," +
		"SignedHeaders=content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;" +
		"x-amz-storage-class;x-amz-trailer," +
		"Signature=106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e\n" +
		"x-amz-content-sha256: STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER\nContent-Encoding: aws-chunked\n" +
		"x-amz-decoded-content-length: 66560\nx-amz-trailer: x-amz-checksum-crc32c\nContent-Length: 66946\n\n" +
		"10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2\n" +
		strings.Repeat("a", 65536) +
		"\n400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7\n" +
		strings.Repeat("a", 1024) +
		"\n0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\n" +
		"x-amz-checksum-crc32c:" + checksum + "\n" +
		"x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\n\n"
}

func TestBodyFollowsTheChainOfChunkSignatures(t *testing.T) {
	tests := []struct {
		name, request, code string
	}{
		{"signed chunks", signedChunks(strings.Repeat("a", 65536)), ""},
		{"a byte changed in a chunk", signedChunks(strings.Repeat("a", 65535) + "b"), "SignatureDoesNotMatch"},
		{"signed chunks and trailer", signedTrailer("sOO8/Q=="), ""},
		{"trailer changed", signedTrailer("AAAAAA=="), "SignatureDoesNotMatch"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var verifier sigv4.Verifier
			r := arrived(t, test.request)
			result, err := verifier.Verify(r, example, time.Date(2013, 5, 24, 0, 10, 0, 0, time.UTC))
			if err != nil {
				t.Fatal(err)
			}
			if result.ContentLength != 66560 {
				t.Errorf("decoded length %d, want 66560", result.ContentLength)
			}
			data, err := io.ReadAll(result.Body(r.Body))
			if got := codeOf(err); got != test.code {
				t.Fatalf("reading ends with %q (%v), want %q", got, err, test.code)
			}
			if test.code == "" && string(data) != strings.Repeat("a", 66560) {
				t.Errorf("decoded %d bytes, not the 66560 that were sent", len(data))
			}
		})
	}
}

// codeOf returns AWS's code of an error, "" for none.
func codeOf(err error) string {
	if err == nil {
		return ""
	}
	var refused *refusal.Error
	if errors.As(err, &refused) {
		return refused.Code
	}
	return "not a refused: " + err.Error()
}
