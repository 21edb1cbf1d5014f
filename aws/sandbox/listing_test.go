package sandbox_test

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// listed is a listing as it stands on the wire, of whichever kind.
type listed struct {
	Keys          []string `xml:"Contents>Key"`
	Prefixes      []string `xml:"CommonPrefixes>Prefix"`
	Owners        []string `xml:"Contents>Owner>ID"`
	Truncated     bool     `xml:"IsTruncated"`
	Marker        *string  `xml:"Marker"`
	NextMarker    string   `xml:"NextMarker"`
	Token         string   `xml:"ContinuationToken"`
	NextToken     string   `xml:"NextContinuationToken"`
	StartAfter    *string  `xml:"StartAfter"`
	Count         *int     `xml:"KeyCount"`
	Max           int      `xml:"MaxKeys"`
	Delimiter     *string  `xml:"Delimiter"`
	Encoding      string   `xml:"EncodingType"`
	Prefix        *string  `xml:"Prefix"`
	NextKeyMarker string   `xml:"NextKeyMarker"`
	NextVersion   string   `xml:"NextVersionIdMarker"`
}

func (w *world) list(bucket, query string) listed {
	w.Helper()
	answer := w.raw(rawRequest{method: http.MethodGet, path: "/" + bucket + "?" + query})
	var l listed
	if err := xml.Unmarshal([]byte(answer.body), &l); err != nil || answer.status != http.StatusOK {
		w.Fatalf("%s: %d %v %s", query, answer.status, err, answer.body)
	}
	return l
}

// filled makes a bucket with those keys.
func (w *world) filled(bucket string, keys ...string) {
	w.Helper()
	w.plainBucket(bucket, ireland)
	for _, key := range keys {
		w.put(bucket, ireland, key, key)
	}
}

func TestListingRollsUpByPrefixAndDelimiter(t *testing.T) {
	w := quick(t)
	w.filled("paths", "asdf", "boo/bar", "boo/baz/xyzzy", "cquux/thud", "cquux/bla")
	w.filled("letters", "bar", "baz", "cab", "foo")
	w.filled("odd", "b%ar", "b%az", "c ab", "d.ot", "e\nol", "foo+1/bar", "quux ab/thud", "ü/x", "asdf+b")
	for _, row := range []struct {
		bucket, query, keys, prefixes string
	}{
		{"paths", "", "asdf boo/bar boo/baz/xyzzy cquux/bla cquux/thud", ""},
		{"paths", "delimiter=/", "asdf", "boo/ cquux/"},
		{"paths", "delimiter=/&prefix=boo/", "boo/bar", "boo/baz/"},
		{"paths", "delimiter=/&prefix=boo", "", "boo/"},
		{"paths", "delimiter=/&prefix=boo/ba", "boo/bar", "boo/baz/"},
		{"paths", "delimiter=", "asdf boo/bar boo/baz/xyzzy cquux/bla cquux/thud", ""},
		{"paths", "prefix=d", "", ""},
		{"paths", "prefix=boo/bar", "boo/bar", ""},
		{"paths", "delimiter=z", "asdf boo/bar cquux/bla cquux/thud", "boo/baz"},
		{"letters", "delimiter=a", "foo", "ba ca"},
		{"letters", "delimiter=a&prefix=b", "", "ba"},
		{"letters", "delimiter=o&prefix=f", "", "fo"},
		{"letters", "prefix=ba", "bar baz", ""},
		{"letters", "delimiter=%0A", "bar baz cab foo", ""},
		{"odd", "delimiter=%25&prefix=b", "", "b%"},
		{"odd", "delimiter=.&prefix=d", "", "d."},
		{"odd", "delimiter=%20&prefix=c", "", "c "},
		{"odd", "encoding-type=url&prefix=a", "asdf%2Bb", ""},
		{"odd", "encoding-type=url&prefix=foo&delimiter=/", "", "foo%2B1/"},
		{"odd", "encoding-type=url&prefix=quux&delimiter=/", "", "quux+ab/"},
		{"odd", "encoding-type=url&prefix=%C3%BC", "%C3%BC/x", ""},
		{"odd", "encoding-type=url&prefix=e", "e%0Aol", ""},
	} {
		for _, kind := range []string{"", "&list-type=2"} {
			got := w.list(row.bucket, row.query+kind)
			if keys := strings.Join(got.Keys, " "); keys != row.keys {
				t.Errorf("%s?%s: keys %q, want %q", row.bucket, row.query+kind, keys, row.keys)
			}
			if prefixes := strings.Join(got.Prefixes, " "); prefixes != row.prefixes {
				t.Errorf("%s?%s: prefixes %q, want %q", row.bucket, row.query+kind, prefixes, row.prefixes)
			}
			if got.Truncated || got.NextMarker != "" || got.NextToken != "" {
				t.Errorf("%s?%s: truncated", row.bucket, row.query+kind)
			}
		}
	}
}

func TestListingMarkers(t *testing.T) {
	w := quick(t)
	w.filled("letters", "bar", "baz", "foo", "quxx")
	w.filled("paths", "asdf", "boo/bar", "boo/baz/xyzzy", "cquux/thud")
	for query, want := range map[string]string{
		"":                              "bar baz foo quxx",
		"marker=":                       "bar baz foo quxx",
		"marker=blah":                   "foo quxx",
		"marker=zzz":                    "",
		"marker=%0A":                    "bar baz foo quxx",
		"marker=baz":                    "foo quxx",
		"list-type=2&start-after=bar":   "baz foo quxx",
		"list-type=2&start-after=blah":  "foo quxx",
		"list-type=2&start-after=zzz":   "",
		"list-type=2&start-after=%0A":   "bar baz foo quxx",
		"max-keys=0":                    "",
		"list-type=2&max-keys=0":        "",
		"max-keys=":                     "bar baz foo quxx",
		"marker=bar&max-keys=1":         "baz",
		"list-type=2&max-keys=5000":     "bar baz foo quxx",
		"list-type=2&fetch-owner=true":  "bar baz foo quxx",
		"list-type=2&fetch-owner=false": "bar baz foo quxx",
	} {
		got := w.list("letters", query)
		if keys := strings.Join(got.Keys, " "); keys != want {
			t.Errorf("%s: %q, want %q", query, keys, want)
		}
		if strings.Contains(query, "max-keys=0") && got.Truncated {
			t.Errorf("%s: a page of no keys is truncated", query)
		}
		owned := !strings.Contains(query, "list-type=2") || strings.Contains(query, "fetch-owner=true")
		if len(got.Keys) > 0 && (len(got.Owners) > 0) != owned {
			t.Errorf("%s: owners %v", query, got.Owners)
		}
		if second := strings.Contains(query, "list-type=2"); second != (got.Count != nil) || second == (got.Marker != nil) {
			t.Errorf("%s: KeyCount %v, Marker %v", query, got.Count, got.Marker)
		}
	}
	// A marker within a common prefix passes all of it, as the prefix does.
	for _, marker := range []string{"boo/", "boo/bar"} {
		got := w.list("paths", "delimiter=/&marker="+marker)
		if len(got.Keys) != 0 || !slices.Equal(got.Prefixes, []string{"cquux/"}) {
			t.Errorf("after %s: %v %v", marker, got.Keys, got.Prefixes)
		}
	}
	// The next marker is told with a delimiter only.
	if got := w.list("letters", "max-keys=2"); !got.Truncated || got.NextMarker != "" {
		t.Errorf("without delimiter: %+v", got)
	}
	if got := w.list("letters", "max-keys=2&delimiter=/"); !got.Truncated || got.NextMarker != "baz" {
		t.Errorf("with delimiter: %+v", got)
	}
	for query, code := range map[string]string{
		"max-keys=blah": "InvalidArgument", "max-keys=-1": "InvalidArgument", "encoding-type=base64": "InvalidArgument",
		"list-type=2&continuation-token=": "InvalidArgument", "list-type=2&continuation-token=%2A": "InvalidArgument",
		"versions&version-id-marker=x": "InvalidArgument", "versions&key-marker=a&version-id-marker=": "InvalidArgument",
	} {
		w.raw(rawRequest{method: http.MethodGet, path: "/letters?" + query}).want(t, 400, code, "")
	}
	w.raw(rawRequest{method: http.MethodGet, path: "/nowhere"}).want(t, 404, "NoSuchBucket", "The specified bucket does not exist")
}

// Every way to page must visit every key and prefix once, whatever the page.
func TestListingPagesVisitEverythingOnce(t *testing.T) {
	w := quick(t)
	w.bucket("versioned", ireland)
	var keys []string
	for i := range 12 {
		keys = append(keys, fmt.Sprintf("d%d/k", i%3), fmt.Sprintf("d%d/k%d", i%3, i), fmt.Sprintf("plain-%02d", i))
	}
	for _, key := range keys {
		w.put("versioned", ireland, key, "x")
	}
	slices.Sort(keys)
	versions := len(keys)
	unique := slices.Compact(slices.Clone(keys))
	for _, delimiter := range []string{"", "/"} {
		for size := 1; size <= 7; size++ {
			wantKeys, wantPrefixes := unique, []string(nil)
			if delimiter != "" {
				wantKeys, wantPrefixes = slices.DeleteFunc(slices.Clone(unique), func(k string) bool { return strings.Contains(k, "/") }), []string{"d0/", "d1/", "d2/"}
			}
			for _, kind := range []string{"first", "second"} {
				var got listed
				next := ""
				for {
					query := fmt.Sprintf("max-keys=%d&delimiter=%s", size, delimiter)
					if kind == "second" {
						query += "&list-type=2"
						if next != "" {
							query += "&continuation-token=" + url.QueryEscape(next)
						}
					} else {
						query += "&marker=" + url.QueryEscape(next)
					}
					page := w.list("versioned", query)
					if len(page.Keys)+len(page.Prefixes) > size {
						t.Fatalf("%d entries in a page of %d", len(page.Keys)+len(page.Prefixes), size)
					}
					got.Keys, got.Prefixes = append(got.Keys, page.Keys...), append(got.Prefixes, page.Prefixes...)
					if !page.Truncated {
						break
					}
					if next = page.NextToken + page.NextMarker; next == "" {
						next = page.Keys[len(page.Keys)-1]
					}
				}
				if !slices.Equal(got.Keys, wantKeys) || !slices.Equal(got.Prefixes, wantPrefixes) {
					t.Errorf("%s, pages of %d, delimiter %q: %v %v", kind, size, delimiter, got.Keys, got.Prefixes)
				}
			}
			if n := w.countVersions("versioned", delimiter, size); delimiter == "" && n != versions {
				t.Errorf("pages of %d: %d versions, want %d", size, n, versions)
			}
		}
	}
}

// countVersions pages through all versions with the SDK and fails on one that
// comes twice.
func (w *world) countVersions(bucket, delimiter string, size int) int {
	w.Helper()
	seen := map[string]bool{}
	pages := s3.NewListObjectVersionsPaginator(w.s3(ireland), &s3.ListObjectVersionsInput{
		Bucket: &bucket, MaxKeys: aws.Int32(int32(size)), Delimiter: optional(delimiter),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(w.Context())
		if err != nil {
			w.Fatal(err)
		}
		for _, v := range page.Versions {
			if seen[*v.Key+" "+*v.VersionId] {
				w.Errorf("%s %s comes twice", *v.Key, *v.VersionId)
			}
			seen[*v.Key+" "+*v.VersionId] = true
		}
	}
	return len(seen)
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func TestVersionsAreListedNewestFirstWithTheirMarkers(t *testing.T) {
	w := quick(t)
	w.bucket("here", ireland)
	client := w.s3(ireland)
	first := *w.put("here", ireland, "a", "1").VersionId
	second := *w.put("here", ireland, "a", "2").VersionId
	deleted, err := client.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String("here"), Key: aws.String("a")})
	if err != nil {
		t.Fatal(err)
	}
	other := *w.put("here", ireland, "b", "1").VersionId
	list := func(change func(*s3.ListObjectVersionsInput)) (versions []types.ObjectVersion, markers []types.DeleteMarkerEntry) {
		in := &s3.ListObjectVersionsInput{Bucket: aws.String("here")}
		change(in)
		out, err := client.ListObjectVersions(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		return out.Versions, out.DeleteMarkers
	}
	ids := func(versions []types.ObjectVersion) (ids []string) {
		for _, v := range versions {
			ids = append(ids, *v.VersionId)
		}
		return ids
	}
	versions, markers := list(func(*s3.ListObjectVersionsInput) {})
	if !slices.Equal(ids(versions), []string{second, first, other}) || len(markers) != 1 ||
		*markers[0].VersionId != *deleted.VersionId || !*markers[0].IsLatest || *versions[0].IsLatest || !*versions[2].IsLatest {
		t.Errorf("%v, %v", versions, markers)
	}
	versions, markers = list(func(in *s3.ListObjectVersionsInput) { in.KeyMarker = aws.String("a") })
	if !slices.Equal(ids(versions), []string{other}) || len(markers) != 0 {
		t.Errorf("after key a: %v, %v", versions, markers)
	}
	versions, markers = list(func(in *s3.ListObjectVersionsInput) { in.KeyMarker, in.VersionIdMarker = aws.String("a"), &second })
	if !slices.Equal(ids(versions), []string{first, other}) || len(markers) != 0 {
		t.Errorf("after the second version of a: %v, %v", versions, markers)
	}
}
