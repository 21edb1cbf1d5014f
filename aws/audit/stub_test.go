package audit_test

import (
	"context"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"bothways/aws/account"
	"bothways/aws/audit/difference"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
)

var testPair = pair.Pair{
	A:       pair.Side{Region: "eu-west-1", Bucket: "bothways-audit-one"},
	B:       pair.Side{Region: "ap-southeast-1", Bucket: "bothways-audit-two"},
	Options: pair.DefaultOptions(),
}

// kept is a version with its key.
type kept struct {
	key string
	difference.Entry
}

// shelves are two buckets that list what a test puts into them.
type shelves struct {
	mu   sync.Mutex
	all  map[string][]kept // by bucket, sorted by key; within a key the newest first
	most int               // entries a page
	// before is asked first; a status other than 0 is the answer.
	before func(r *http.Request) (status int, code string)
	lists  int
	// ahead is how far a bucket's server is ahead of this computer.
	ahead map[string]time.Duration
}

func newShelves() *shelves { return &shelves{all: map[string][]kept{}, most: 1000} }

func (s *shelves) put(side pair.SideName, versions ...kept) {
	s.mu.Lock()
	defer s.mu.Unlock()
	bucket := testPair.Side(side).Bucket
	s.all[bucket] = append(s.all[bucket], versions...)
	slices.SortStableFunc(s.all[bucket], func(a, b kept) int { return strings.Compare(a.key, b.key) })
}

func (s *shelves) world() survey.World {
	access := account.Access{
		Endpoint: "http://stub.invalid", Sandbox: true, HTTPClient: &http.Client{Transport: s},
		Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
	}
	w := survey.World{Pair: testPair, RunID: "test"}
	var err error
	if w.A, err = access.Open(context.Background(), testPair.A.Region); err != nil {
		panic(err)
	}
	if w.B, err = access.Open(context.Background(), testPair.B.Region); err != nil {
		panic(err)
	}
	return w
}

// RoundTrip implements http.RoundTripper.
func (s *shelves) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if w.Code == broken {
		return nil, fmt.Errorf("read tcp: %w", errReset)
	}
	response := w.Result()
	response.Request = r
	return response, nil
}

// broken is a status that stands for a connection that was reset.
const broken = 999

type resetError struct{}

func (resetError) Error() string   { return "connection reset by peer" }
func (resetError) Timeout() bool   { return false }
func (resetError) Temporary() bool { return true }

var errReset = resetError{}

func (s *shelves) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	bucket, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	w.Header().Set("Date", time.Now().Add(s.ahead[bucket]).UTC().Format(http.TimeFormat))
	if s.before != nil {
		if status, code := s.before(r); status != 0 {
			if status == broken {
				w.(*httptest.ResponseRecorder).Code = broken
				return
			}
			w.WriteHeader(status)
			fmt.Fprintf(w, "<Error><Code>%s</Code><Message>told to</Message></Error>", code)
			return
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Method == http.MethodPost {
		fmt.Fprint(w, "<GetCallerIdentityResponse/>")
		return
	}
	s.lists++
	q := r.URL.Query()
	bucket = strings.Trim(r.URL.Path, "/")
	prefix, after, version := q.Get("prefix"), q.Get("key-marker"), q.Get("version-id-marker")
	most := s.most
	if n, err := strconv.Atoi(q.Get("max-keys")); err == nil {
		most = min(n, most)
	}
	all := s.all[bucket]
	at, _ := slices.BinarySearchFunc(all, max(after, prefix), func(k kept, key string) int { return strings.Compare(k.key, key) })
	passed := version == ""
	var b strings.Builder
	next, nextVersion, n := "", "", 0
	for ; at < len(all); at++ {
		k := all[at]
		if k.key == after && after != "" {
			if passed && version != "" {
				// of the marker's key, after its version
			} else {
				passed = passed || k.VersionID == version
				continue
			}
		}
		if !strings.HasPrefix(k.key, prefix) {
			break
		}
		if n == most {
			last := all[at-1]
			next, nextVersion = last.key, last.VersionID
			break
		}
		n++
		writeEntry(&b, k)
	}
	fmt.Fprintf(w, xml.Header+`<ListVersionsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>%s</Name><Prefix>%s</Prefix><KeyMarker>%s</KeyMarker><VersionIdMarker></VersionIdMarker><MaxKeys>%d</MaxKeys><EncodingType>url</EncodingType><IsTruncated>%v</IsTruncated>`,
		bucket, url.QueryEscape(prefix), url.QueryEscape(after), most, next != "")
	if next != "" {
		fmt.Fprintf(w, "<NextKeyMarker>%s</NextKeyMarker><NextVersionIdMarker>%s</NextVersionIdMarker>", url.QueryEscape(next), nextVersion)
	}
	fmt.Fprint(w, b.String(), "</ListVersionsResult>")
}

func writeEntry(b *strings.Builder, k kept) {
	when := k.Modified.UTC().Format("2006-01-02T15:04:05.000Z")
	if k.Marker {
		fmt.Fprintf(b, "<DeleteMarker><Key>%s</Key><VersionId>%s</VersionId><IsLatest>%v</IsLatest><LastModified>%s</LastModified><Owner><ID>o</ID></Owner></DeleteMarker>",
			url.QueryEscape(k.key), k.VersionID, k.Latest, when)
		return
	}
	fmt.Fprintf(b, "<Version><Key>%s</Key><VersionId>%s</VersionId><IsLatest>%v</IsLatest><LastModified>%s</LastModified><ETag>&quot;%s&quot;</ETag><Size>%d</Size><Owner><ID>o</ID></Owner><StorageClass>STANDARD</StorageClass></Version>",
		url.QueryEscape(k.key), k.VersionID, k.Latest, when, k.ETag, k.Size)
}

// before lets so many requests through, and breaks all others.
func before(count *int, good int) func(*http.Request) (int, string) {
	var mu sync.Mutex
	return func(*http.Request) (int, string) {
		mu.Lock()
		defer mu.Unlock()
		if *count++; *count > good {
			return broken, ""
		}
		return 0, ""
	}
}

// add puts a version behind those of its key, which must be the last one.
func (s *shelves) add(side pair.SideName, k kept) {
	s.mu.Lock()
	defer s.mu.Unlock()
	bucket := testPair.Side(side).Bucket
	s.all[bucket] = append(s.all[bucket], k)
}

// drop removes versions for which gone is true.
func (s *shelves) drop(side pair.SideName, gone func(kept) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	bucket := testPair.Side(side).Bucket
	s.all[bucket] = slices.DeleteFunc(s.all[bucket], gone)
}
