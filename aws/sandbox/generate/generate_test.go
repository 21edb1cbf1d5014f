package generate_test

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"bothways/aws/sandbox/fault"
	"bothways/aws/sandbox/generate"
	"bothways/aws/sandbox/store"
)

var start = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

// arrival is later than any run of these tests.
const arrival = 200 * 365 * 24 * time.Hour

// wide is a document with keys of every form and all differences.
func wide(seed int) generate.Document {
	d := generate.Document{
		Seed: seed, At: start,
		Buckets: []generate.Bucket{{Name: "gen-a", Region: "eu-west-1"}, {Name: "gen-b", Region: "ap-southeast-1"}},
		Keys: []generate.Keys{
			{Prefix: "logs/", Count: 700, Depth: 2, PerFolder: 10, Suffix: ".json", Versions: generate.Versions{Least: 1, Most: 4}, Markers: 0.2, Sizes: []int{0, 5, 16, 1000}},
			{Prefix: "hash/", Count: 300, Names: "hashes", Depth: 1, Nulls: 0.3},
			{Prefix: "one", Count: 1, Versions: generate.Versions{Least: 500, Most: 500}},
			{Prefix: "tmp & <ü>/", Count: 150, Suffix: " 😀"},
			{Prefix: "\uffff", Count: 11, Class: "STANDARD_IA"},
			{Prefix: "😀", Count: 11},
		},
	}
	for _, kind := range generate.Kinds() {
		difference := generate.Difference{Kind: kind, Count: 7}
		switch kind {
		case "outside", "expired":
			difference.Prefix = "tmp & <ü>/"
		case "arriving":
			difference.After = fault.Span(arrival)
		}
		d.Differences = append(d.Differences, difference)
	}
	return d
}

func mustNew(tb testing.TB, d generate.Document) *generate.Set {
	tb.Helper()
	s, err := generate.New(d)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// entries are all that the buckets of a set list, by bucket.
func bucketsOf(tb testing.TB, s *generate.Set) []*store.Bucket {
	tb.Helper()
	bodies, err := store.OpenBodyStore(tb.TempDir())
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = bodies.Close() })
	all := store.New(bodies, 1)
	var made []*store.Bucket
	for i, b := range s.Buckets() {
		bucket, err := all.Create(b.Name, b.Region, "000000000000")
		if err != nil {
			tb.Fatal(err)
		}
		bucket.SetBase(s.Base(i))
		_ = bucket.SetVersioning(store.Enabled)
		made = append(made, bucket)
	}
	return made
}

// shown is what a test compares of an entry.
func shown(e store.Entry) string {
	return fmt.Sprintf("%q %s %v %v %v %d %s %s", e.Key, e.ID, e.Latest, e.Marker, e.Modified, e.Size, e.ETag, e.StorageClass)
}

func list(b *store.Bucket, q store.Query, all bool) (lines []string) {
	for {
		page := b.AllVersions(q)
		if !all {
			page = b.Objects(q)
		}
		for _, e := range page.Entries {
			lines = append(lines, shown(e))
		}
		for _, p := range page.Prefixes {
			lines = append(lines, "prefix "+p)
		}
		if !page.Truncated {
			return lines
		}
		q.After, q.AfterVersion = page.NextKey, page.NextVersion
		if !all {
			q.AfterVersion = ""
		}
	}
}

func TestKeysLieInByteOrderAndAreFoundFromAnyString(t *testing.T) {
	s := mustNew(t, wide(1))
	base := s.Base(0)
	var keys []string
	for place := range base.Keys() {
		keys = append(keys, base.At(place, start).Key())
	}
	if !slices.IsSorted(keys) || len(slices.Compact(slices.Clone(keys))) != len(keys) {
		t.Fatal("the keys are not in order, or not each once")
	}
	draw := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		key := []byte(keys[draw.IntN(len(keys))])
		switch draw.IntN(4) {
		case 0:
			key = key[:draw.IntN(len(key)+1)]
		case 1:
			key[draw.IntN(len(key))] = byte(draw.IntN(256))
		case 2:
			key = append(key, byte(draw.IntN(256)))
		}
		want, _ := slices.BinarySearch(keys, string(key))
		if got := base.Seek(string(key)); got != uint64(want) {
			t.Fatalf("%q is at %d, want %d", key, got, want)
		}
	}
}

// Page by page from random markers, with and without a delimiter, a listing is
// the same as the whole that is stored.
func TestPagesFromRandomMarkersAreTheWhole(t *testing.T) {
	for seed := range 5 {
		s := mustNew(t, wide(seed))
		for i, b := range bucketsOf(t, s) {
			stored := storedCopy(t, s, i)
			draw := rand.New(rand.NewPCG(uint64(seed), uint64(i)))
			whole := b.AllVersions(store.Query{Max: 1 << 20}).Entries
			for round := range 60 {
				q := store.Query{Max: 1 + draw.IntN(200)}
				at := whole[draw.IntN(len(whole))]
				q.Prefix = at.Key[:draw.IntN(min(len(at.Key), 7)+1)]
				if draw.IntN(2) == 0 {
					q.Delimiter = []string{"/", "1", "8/"}[draw.IntN(3)]
				}
				if draw.IntN(2) == 0 {
					q.After = at.Key
					if draw.IntN(2) == 0 && round%2 == 0 {
						q.AfterVersion = at.ID
					}
				}
				all := round%2 == 0
				if got, want := list(b, q, all), list(stored, q, all); !slices.Equal(got, want) {
					t.Fatalf("%+v: %d lines, the stored one has %d", q, len(got), len(want))
				}
			}
		}
	}
}

// storedCopy keeps all that a bucket of a set has, as any bucket does.
func storedCopy(tb testing.TB, s *generate.Set, bucket int) *store.Bucket {
	tb.Helper()
	bodies, err := store.OpenBodyStore(tb.TempDir())
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = bodies.Close() })
	b, err := store.New(bodies, 1).Create("stored", "eu-west-1", "000000000000")
	if err != nil {
		tb.Fatal(err)
	}
	b.SetBase(s.Base(bucket))
	base := s.Base(bucket)
	for place := range base.Keys() {
		key := base.At(place, start)
		for i := range key.Len() {
			v := key.Version(i)
			if _, err := b.Update(v.Key, v.ID, func(*store.Version) {}); err != nil {
				tb.Fatal(err)
			}
			break // one copies the whole key
		}
	}
	b.SetBase(nil)
	return b
}

// The truth is complete: what the buckets do not have alike is in it, each with
// what it says, and nothing else.
func TestTheTruthIsWhatTheBucketsDoNotHaveAlike(t *testing.T) {
	for seed := range 10 {
		s := mustNew(t, wide(seed))
		var written bytes.Buffer
		if err := s.WriteTruth(&written, start); err != nil {
			t.Fatal(err)
		}
		told := map[string]generate.Truth{}
		kinds := map[string]int{}
		for line := range strings.Lines(written.String()) {
			var truth generate.Truth
			if err := json.Unmarshal([]byte(line), &truth); err != nil {
				t.Fatal(err)
			}
			told[truth.Key] = truth
			kinds[truth.Kind]++
		}
		for _, kind := range generate.Kinds() {
			if kinds[kind] != 7 {
				t.Errorf("%d of kind %s", kinds[kind], kind)
			}
		}
		all := bucketsOf(t, s)
		groups := [2]map[string][]string{{}, {}}
		for i, b := range all {
			for _, e := range b.AllVersions(store.Query{Max: 1 << 20}).Entries {
				groups[i][e.Key] = append(groups[i][e.Key], shown(e))
			}
		}
		for key := range groups[0] {
			truth, planted := told[key]
			alike := slices.Equal(groups[0][key], groups[1][key])
			if same := truth.Kind == "null_same"; planted && !same == alike {
				t.Errorf("%s is planted at %q, and both have %q", truth.Kind, key, groups[0][key])
			} else if !planted && !alike {
				t.Errorf("nothing is planted at %q: %q and %q", key, groups[0][key], groups[1][key])
			}
		}
		for key := range groups[1] {
			if _, planted := told[key]; groups[0][key] == nil && !planted {
				t.Errorf("nothing is planted at %q, which one bucket has", key)
			}
		}
		for _, truth := range told {
			checkTruth(t, all, truth)
		}
	}
}

// checkTruth holds what is said of each side to what its bucket has.
func checkTruth(t *testing.T, all []*store.Bucket, truth generate.Truth) {
	t.Helper()
	for i, side := range truth.Sides {
		newest, err := all[i].Find(truth.Key, "")
		if latest := side.Latest; (err == nil) != (latest != "") || err == nil && newest.ID != latest {
			t.Errorf("%s at %q: %s has another one current than %q: %v", truth.Kind, truth.Key, side.Bucket, latest, err)
		}
		id := side.VersionID
		if !side.There {
			id = truth.VersionID
		}
		v, err := all[i].Find(truth.Key, id)
		if (err == nil) != side.There {
			t.Errorf("%s at %q: there in %s: %v, %v", truth.Kind, truth.Key, side.Bucket, side.There, err)
		}
		if truth.Missing && side.There == (side.Bucket == truth.Odd) {
			t.Errorf("%s at %q is missing in %s, and %s has it: %v", truth.Kind, truth.Key, truth.Odd, side.Bucket, side.There)
		}
		if err == nil && (string(v.Status()) != side.Status || v.Marker != truth.Marker || !v.Marker && (v.ETag != side.ETag || v.Size != *side.Size)) {
			t.Errorf("%s at %q: %s has %+v, told is %+v", truth.Kind, truth.Key, side.Bucket, v, side)
		}
	}
}

func TestVersionsAreFoundByTheirIDs(t *testing.T) {
	s := mustNew(t, wide(3))
	for bucket := range s.Buckets() {
		base := s.Base(bucket)
		for place := range base.Keys() {
			key := base.At(place, start)
			for i := range key.Len() {
				var listed store.Version
				key.List(i, &listed)
				if at := key.Index(listed.ID); at != i || !store.Issued(listed.ID) {
					t.Fatalf("version %d of %q, %s, is found at %d", i, key.Key(), listed.ID, at)
				}
			}
			other := base.At((place+1)%base.Keys(), start)
			if other.Len() > 0 {
				if id := other.Version(0).ID; id != store.NullID && key.Index(id) >= 0 {
					t.Fatalf("%q has %s of %q", key.Key(), id, other.Key())
				}
			}
		}
	}
}

func TestBodiesAreWhatTheirETagsAndSizesSay(t *testing.T) {
	d := wide(2)
	d.Keys[0].Sizes = []int{0, 1, 15, 16, 17, 64, 91, 92, 93, 200_000}
	s := mustNew(t, d)
	for _, b := range bucketsOf(t, s) {
		draw := rand.New(rand.NewPCG(9, 9))
		seen := map[string]bool{}
		for _, e := range b.AllVersions(store.Query{Max: 1 << 20}).Entries {
			if e.Marker {
				continue
			}
			v, err := b.Find(e.Key, e.ID)
			if err != nil {
				t.Fatal(err)
			}
			var body bytes.Buffer
			if err := v.Body.WriteRange(&body, 0, v.Size); err != nil {
				t.Fatal(err)
			}
			sum := md5.Sum(body.Bytes())
			if plain := v.Encryption.Algorithm == "AES256"; int64(body.Len()) != v.Size || plain != (hex.EncodeToString(sum[:]) == v.ETag) {
				t.Fatalf("%q has %d bytes with the MD5 %x, told were %d and %s", e.Key, body.Len(), sum, v.Size, v.ETag)
			}
			if v.Size >= 16 {
				if seen[body.String()] {
					t.Fatalf("%q has the bytes of another version", e.Key)
				}
				seen[body.String()] = true
			}
			if v.Size == 0 {
				continue
			}
			from := draw.Int64N(v.Size)
			length := draw.Int64N(v.Size - from)
			var part bytes.Buffer
			if err := v.Body.WriteRange(&part, from, length); err != nil || !bytes.Equal(part.Bytes(), body.Bytes()[from:from+length]) {
				t.Fatalf("%d bytes from %d of %d are others: %v", length, from, v.Size, err)
			}
		}
	}
}

func TestWhatArrivesIsThereAfterItsTime(t *testing.T) {
	d := wide(4)
	d.Differences = slices.DeleteFunc(d.Differences, func(d generate.Difference) bool { return d.Kind != "arriving" })
	s := mustNew(t, d)
	a, b := s.Base(0), s.Base(1)
	for wait, want := range map[time.Duration]int{0: 7, arrival - 1: 7, arrival: 0} {
		missing := 0
		for place := range a.Keys() {
			one, two := a.At(place, start.Add(wait)), b.At(place, start.Add(wait))
			if one.Len() != two.Len() {
				missing++
			}
		}
		if missing != want {
			t.Errorf("after %v %d are missing, want %d", wait, missing, want)
		}
	}
}

// What is written, deleted and deleted for good lies over what is generated.
func TestWritesLieOverWhatIsGenerated(t *testing.T) {
	d := wide(5)
	d.Differences = nil
	s := mustNew(t, d)
	b, stored := bucketsOf(t, s)[0], storedCopy(t, s, 0)
	_ = stored.SetVersioning(store.Enabled)
	draw := rand.New(rand.NewPCG(5, 5))
	for range 400 {
		lines := b.AllVersions(store.Query{Max: 400, After: []string{"", "logs/2", "one", "tmp"}[draw.IntN(4)]}).Entries
		at := lines[draw.IntN(len(lines))]
		if _, err := stored.Find(at.Key, at.ID); err != nil {
			t.Fatalf("%q, %s: %v", at.Key, at.ID, err)
		}
		var errs [2]error
		for i, bucket := range []*store.Bucket{b, stored} {
			_, errs[i] = bucket.DeleteVersion(at.Key, at.ID, nil)
		}
		if errs != [2]error{} {
			t.Fatal(errs)
		}
	}
	if got, want := list(b, store.Query{Max: 100}, true), list(stored, store.Query{Max: 100}, true); !slices.Equal(got, want) {
		t.Fatalf("%d lines, want %d", len(got), len(want))
	}
	marker, err := b.Delete("logs/0/0/0.json", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	page := b.AllVersions(store.Query{Max: 1, Prefix: "logs/"})
	if page.Entries[0].ID != marker.ID || !page.Entries[0].Latest {
		t.Errorf("the marker is not first: %+v", page.Entries[0])
	}
}
