package scan_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"sort"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/audit/listing/scan"
)

// fixed answers every request with one text.
type fixed struct{ text []byte }

func (f fixed) Do(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(f.text)), Request: r}, nil
}

// sdk is what the SDK's decoder makes of an answer, as text.
func sdk(answer []byte) (string, error) {
	client := s3.New(s3.Options{
		Region: "eu-west-1", HTTPClient: fixed{answer}, Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""), Retryer: aws.NopRetryer{},
	})
	out, err := client.ListObjectVersions(context.Background(), &s3.ListObjectVersionsInput{Bucket: aws.String("bucket")})
	if err != nil {
		return "", err
	}
	var rows []string
	decode := func(key *string) string {
		plain := aws.ToString(key)
		if out.EncodingType == "url" {
			if plain, err = url.QueryUnescape(plain); err != nil {
				plain = "\xff not encoded"
			}
		}
		return plain
	}
	for _, v := range out.Versions {
		rows = append(rows, fmt.Sprintf("%q %s false %v %d %s %d %s", decode(v.Key), aws.ToString(v.VersionId), aws.ToBool(v.IsLatest), millis(v.LastModified),
			strings.Trim(aws.ToString(v.ETag), `"`), aws.ToInt64(v.Size), v.StorageClass))
	}
	for _, m := range out.DeleteMarkers {
		rows = append(rows, fmt.Sprintf("%q %s true %v %d  0 ", decode(m.Key), aws.ToString(m.VersionId), aws.ToBool(m.IsLatest), millis(m.LastModified)))
	}
	sort.Strings(rows)
	return fmt.Sprintf("%s %s %v %q %q\n%s", aws.ToString(out.Name), out.EncodingType, aws.ToBool(out.IsTruncated), aws.ToString(out.NextKeyMarker), aws.ToString(out.NextVersionIdMarker), strings.Join(rows, "\n")), nil
}

// ours is the same of the scanner.
func ours(from io.Reader) (string, error) {
	var p scan.Page
	if err := p.Read(from); err != nil {
		return "", err
	}
	rows := make([]string, len(p.Entries))
	for i := range p.Entries {
		e := p.Entry(i)
		rows[i] = fmt.Sprintf("%q %s %v %v %d %s %d %s", p.Key(i), e.VersionID, e.Marker, e.Latest, p.Entries[i].Modified, e.ETag, e.Size, e.Class)
	}
	sort.Strings(rows)
	return fmt.Sprintf("%s %s %v %q %q\n%s", p.Name, p.Encoding, p.Truncated, p.Next, p.NextVersion, strings.Join(rows, "\n")), nil
}

// FuzzTheSDKReadsTheSame holds the scanner to the SDK's decoder: what that reads
// it reads too, and the same. What only the scanner takes is harmless.
func FuzzTheSDKReadsTheSame(f *testing.F) {
	for seed := range uint64(200) {
		f.Add(written(rand.New(rand.NewPCG(seed, 1)), int(seed%7)))
	}
	for _, text := range strange {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		agree(t, answer)
	})
}

// agree says whether the SDK reads the answer at all.
func agree(t *testing.T, answer []byte) bool {
	t.Helper()
	want, sdkErr := sdk(answer)
	got, err := ours(bytes.NewReader(answer))
	again, errAgain := ours(iotest.OneByteReader(bytes.NewReader(answer)))
	if got != again || (err == nil) != (errAgain == nil) {
		t.Fatalf("read whole: %s, %v\nbyte by byte: %s, %v", got, err, again, errAgain)
	}
	switch {
	case sdkErr != nil || refusable(answer):
	case err != nil && !strings.Contains(want, "\xff") && !keyless(want):
		t.Fatalf("the SDK reads %s\nand the scanner says %v", want, err)
	case err == nil && got != want:
		t.Fatalf("the SDK reads %s\nthe scanner    %s", want, got)
	}
	return sdkErr == nil
}

// negative finds what may be a size below nothing, however it is written.
var negative = regexp.MustCompile(`(?is)<[^<>]*size[^<>]*>[^<]*(?:-|&|<!)`)

// keyless says whether an entry has no key, or one that is no UTF-8, which the
// scanner refuses.
func keyless(want string) bool {
	return strings.Contains(want, "\n\"\" ") || strings.Contains(want, `\x`)
}

// refusable are answers that the scanner refuses, or takes for an error, whatever
// the SDK makes of them: of another root, with declarations, deep, with tags
// and texts longer than any of S3's, or with sizes below nothing.
func refusable(answer []byte) bool {
	if negative.Match(answer) {
		return true
	}
	decoder := xml.NewDecoder(bytes.NewReader(answer))
	depth, first := 0, true
	for {
		token, err := decoder.RawToken()
		if err != nil {
			return first
		}
		switch token := token.(type) {
		case xml.StartElement:
			if first && !strings.EqualFold(token.Name.Local, "ListVersionsResult") {
				return true
			}
			if depth++; depth > 90 {
				return true
			}
			first = false
		case xml.EndElement:
			depth--
		case xml.Directive:
			return true
		case xml.CharData:
			if len(token) > 30_000 {
				return true
			}
		}
	}
}

func TestAnswersOfEveryFormAreReadAsTheSDKDoes(t *testing.T) {
	const forms = 3000
	read := 0
	for seed := range uint64(forms) {
		if agree(t, written(rand.New(rand.NewPCG(seed, 2)), int(seed%9))) {
			read++
		}
	}
	if read < forms*9/10 {
		t.Errorf("the SDK reads %d of %d: then there is nothing to compare with", read, forms)
	}
	for _, text := range strange {
		agree(t, []byte(text))
	}
}

func TestAnAnswerThatIsCutOffIsNeverTaken(t *testing.T) {
	answer := written(rand.New(rand.NewPCG(3, 3)), 3)
	end := bytes.LastIndex(answer, []byte("</"))
	for n := range end {
		if got, err := ours(bytes.NewReader(answer[:n])); err == nil {
			t.Fatalf("the first %d of %d bytes are read as %s", n, len(answer), got)
		}
	}
	broken := errors.New("reset")
	if _, err := ours(io.MultiReader(bytes.NewReader(answer[:end/2]), iotest.ErrReader(broken))); !errors.Is(err, broken) {
		t.Errorf("a connection that broke is told as %v", err)
	}
}

func TestWhatIsNoListingIsToldApart(t *testing.T) {
	for text, want := range map[string]string{
		"":                                  "cut off",
		"<html><body>Sign in</body></html>": "begins with <html>",
		"<ListBucketResult><Name>b</Name><Contents><Key>k</Key></Contents></ListBucketResult>": "begins with <ListBucketResult>",
		`{"error": 1}`: "cut off",
		`<?xml version="1.0"?><Error><Code>SlowDown</Code><Message>Reduce</Message><RequestId>1</RequestId></Error>`: "SlowDown: Reduce",
		`<ListVersionsResult><Version><Key>a</Key></Verson></ListVersionsResult>`:                                    "no such element is open",
		`<ListVersionsResult><Version><Key>a</Key><Size>many</Size></Version></ListVersionsResult>`:                  "Size is",
		`<ListVersionsResult><Version><Key>&nbsp;</Key></Version></ListVersionsResult>`:                              "reference",
		`<ListVersionsResult><EncodingType>url</EncodingType><Version><Key>%zz</Key></Version></ListVersionsResult>`: "encoded",
		`<ListVersionsResult><EncodingType>url</EncodingType><Version><Key>%ff</Key></Version></ListVersionsResult>`: "UTF-8",
		`<ListVersionsResult><Version><Key>` + strings.Repeat("k", 1<<20) + `</Key></Version></ListVersionsResult>`:  "more than",
		`<ListVersionsResult ` + strings.Repeat("k", 1<<20) + `></ListVersionsResult>`:                               "more than",
		`<?xml version="1.0" encoding="utf-16"?><ListVersionsResult></ListVersionsResult>`:                           "utf-16",
	} {
		if _, err := ours(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.80s: got %v, want %s", text, err, want)
		}
	}
}

func millis(t *time.Time) int64 {
	if t == nil {
		return 0
	}
	return t.UnixMilli()
}

// BenchmarkPage reads a page of 1,000 versions as S3 writes it.
func BenchmarkPage(b *testing.B) {
	var text bytes.Buffer
	text.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<ListVersionsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name><Prefix></Prefix><KeyMarker></KeyMarker><VersionIdMarker></VersionIdMarker><MaxKeys>1000</MaxKeys><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>`)
	for i := range 1000 {
		fmt.Fprintf(&text, `<Version><Key>photos/2026/11/%08d.jpg</Key><VersionId>3HL4kqtJlcpXroDTDmJ.rmSpXd3dIbrHY</VersionId><IsLatest>true</IsLatest><LastModified>2026-11-01T10:00:00.000Z</LastModified><ETag>&quot;%032x&quot;</ETag><Size>%d</Size><Owner><ID>75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a</ID></Owner><StorageClass>STANDARD</StorageClass></Version>`, i, i, i*7)
	}
	text.WriteString("</ListVersionsResult>")
	b.Run("scanner", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(text.Len()))
		var p scan.Page
		for b.Loop() {
			if err := p.Read(bytes.NewReader(text.Bytes())); err != nil || len(p.Entries) != 1000 {
				b.Fatal(err)
			}
		}
	})
	b.Run("SDK", func(b *testing.B) {
		b.SetBytes(int64(text.Len()))
		for b.Loop() {
			if _, err := sdk(text.Bytes()); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// No version is smaller than nothing: what says so is no listing of S3's, and its sum would be wrong.
func TestASizeBelowNothingIsRefused(t *testing.T) {
	for _, size := range []string{"-1", "-30", " -1", "-9223372036854775808"} {
		answer := `<ListVersionsResult><Version><Key>k</Key><VersionId>v</VersionId><IsLatest>true</IsLatest><LastModified>2026-01-02T03:04:05.000Z</LastModified><ETag>"e"</ETag><Size>` +
			size + `</Size><StorageClass>STANDARD</StorageClass></Version></ListVersionsResult>`
		if got, err := ours(strings.NewReader(answer)); err == nil {
			t.Errorf("%s is read as %s", size, got)
		}
	}
}
