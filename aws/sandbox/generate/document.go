// Package generate makes buckets full of versions by formula: nothing is kept
// for a key, so that twenty million versions cost as little memory as ten, and
// every bucket of a document agrees with the others but for the differences that
// are planted.
package generate

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"bothways/aws/sandbox/distance"
	"bothways/aws/sandbox/fault"
	"bothways/aws/sandbox/storageclass"
)

// Document says what is generated: the same in all buckets, and the differences
// between them.
type Document struct {
	// Seed fixes all draws.
	Seed int `json:"seed"`
	// At is the instant that ages count back from; the zero value is the start of
	// the sandbox.
	At          time.Time    `json:"at"`
	Buckets     []Bucket     `json:"buckets"`
	Keys        []Keys       `json:"keys"`
	Differences []Difference `json:"differences"`
}

// Bucket is one of the buckets.
type Bucket struct {
	Name   string `json:"name"`
	Region string `json:"region"`
}

// Keys are many keys with the same prefix.
type Keys struct {
	Prefix string `json:"prefix"`
	Count  int    `json:"count"`
	// Names are "numbers", the default, or "hashes", which lie as unevenly as
	// random names do.
	Names  string `json:"names"`
	Suffix string `json:"suffix"`
	// Depth is how many folders lie between the prefix and the name; PerFolder
	// is how many names, or folders, are in each, 1,000 by default. Folders of
	// hashes are the first digits of the names, two for each.
	Depth     int `json:"depth"`
	PerFolder int `json:"per_folder"`

	Versions Versions `json:"versions"`
	// Markers is the share of the versions that are delete markers, from 0 to 1.
	Markers float64 `json:"markers"`
	// Nulls is the share of the keys whose oldest version has the id null, as if
	// written before versioning was enabled.
	Nulls float64 `json:"nulls"`
	// Sizes in bytes are drawn from; 1 KiB by default.
	Sizes []int  `json:"sizes"`
	Class string `json:"class"` // storage class; STANDARD by default
	// Oldest and Youngest bound the ages of the versions: 8760h and 24h by
	// default.
	Oldest   fault.Span `json:"oldest"`
	Youngest fault.Span `json:"youngest"`
}

// Versions is how many versions a key has, delete markers included.
type Versions struct {
	Least int `json:"least"`
	Most  int `json:"most"`
}

// Difference plants a number of differences of a kind at random places.
type Difference struct {
	Kind  string `json:"kind"`
	Count int    `json:"count"`
	// Prefix bounds the keys that it may hit.
	Prefix string `json:"prefix"`
	// After is for the kind "arriving": how long after At the version is on the
	// other side.
	After fault.Span `json:"after"`
}

// The bounds of a document.
const (
	mostKeys     = 1_000_000_000_000
	mostVersions = 10_000_000
	mostSizes    = 32
	mostKinds    = 10_000_000 // differences in all
	mostSize     = 1 << 30
	mostFolders  = 8
	mostFamilies = 1000
	mostBuckets  = 16
	longestKey   = 1024
)

// complete fills in what was left open and checks the rest.
func (d *Document) complete() error {
	switch {
	case len(d.Buckets) == 0 || len(d.Buckets) > mostBuckets:
		return fmt.Errorf("buckets: there are %d; give 1 to %d, two of them for differences", len(d.Buckets), mostBuckets)
	case len(d.Keys) == 0 || len(d.Keys) > mostFamilies:
		return fmt.Errorf("keys: there are %d entries; give 1 to %d", len(d.Keys), mostFamilies)
	case len(d.Differences) > 0 && len(d.Buckets) < 2:
		return errors.New("differences: they are between two buckets; give two")
	}
	for i, b := range d.Buckets {
		if !distance.Known(b.Region) {
			return fmt.Errorf("buckets, entry %d: there is no region %q", i+1, b.Region)
		}
		if b.Name == "" || slices.ContainsFunc(d.Buckets[:i], func(other Bucket) bool { return other.Name == b.Name }) {
			return fmt.Errorf("buckets, entry %d: the name %q is empty or another's", i+1, b.Name)
		}
	}
	for i := range d.Keys {
		if err := d.Keys[i].complete(); err != nil {
			return fmt.Errorf("keys, entry %d: %w", i+1, err)
		}
	}
	if err := d.apart(); err != nil {
		return err
	}
	var planted int
	for i, difference := range d.Differences {
		if err := difference.check(); err != nil {
			return fmt.Errorf("differences, entry %d: %w", i+1, err)
		}
		if planted += difference.Count; planted > mostKinds {
			return fmt.Errorf("differences: there are more than %d in all", mostKinds)
		}
	}
	return nil
}

// apart sorts the keys by prefix and refuses prefixes that begin with another's:
// their keys would lie among each other.
func (d *Document) apart() error {
	slices.SortFunc(d.Keys, func(a, b Keys) int { return strings.Compare(a.Prefix, b.Prefix) })
	for i := 1; i < len(d.Keys); i++ {
		if before, prefix := d.Keys[i-1].Prefix, d.Keys[i].Prefix; strings.HasPrefix(prefix, before) {
			return fmt.Errorf("keys: the prefix %q begins with %q, another entry's; give prefixes none of which begins with another", prefix, before)
		}
	}
	return nil
}

func (k *Keys) complete() error {
	k.Names = cmp.Or(k.Names, numbers)
	k.PerFolder = cmp.Or(k.PerFolder, 1000)
	if k.Versions == (Versions{}) {
		k.Versions = Versions{1, 1}
	}
	if len(k.Sizes) == 0 {
		k.Sizes = []int{1 << 10}
	}
	k.Oldest, k.Youngest = cmp.Or(k.Oldest, fault.Span(8760*time.Hour)), cmp.Or(k.Youngest, fault.Span(24*time.Hour))
	switch {
	case k.Count < 1 || k.Count > mostKeys:
		return fmt.Errorf("count %d: give 1 to %d keys", k.Count, mostKeys)
	case k.Names != numbers && k.Names != hashes:
		return fmt.Errorf("names %q: they are %q or %q", k.Names, numbers, hashes)
	case k.Depth < 0 || k.Depth > mostFolders:
		return fmt.Errorf("depth %d: give 0 to %d folders", k.Depth, mostFolders)
	case k.PerFolder < 2 || k.PerFolder > mostKeys:
		return fmt.Errorf("per_folder %d: give 2 or more", k.PerFolder)
	case k.Versions.Least < 1 || k.Versions.Most < k.Versions.Least || k.Versions.Most > mostVersions:
		return fmt.Errorf("versions from %d to %d: give least from 1, and most from that to %d", k.Versions.Least, k.Versions.Most, mostVersions)
	case !(k.Markers >= 0 && k.Markers <= 1):
		return fmt.Errorf("markers %v: a share is from 0 to 1", k.Markers)
	case !(k.Nulls >= 0 && k.Nulls <= 1):
		return fmt.Errorf("nulls %v: a share is from 0 to 1", k.Nulls)
	case len(k.Sizes) > mostSizes:
		return fmt.Errorf("there are %d sizes; give at most %d", len(k.Sizes), mostSizes)
	case k.Class != "" && !storageclass.Known(k.Class):
		return fmt.Errorf("there is no storage class %q", k.Class)
	case k.Youngest < 0 || k.Oldest <= k.Youngest:
		return fmt.Errorf("ages from youngest %v to oldest %v: give oldest the longer one", time.Duration(k.Youngest), time.Duration(k.Oldest))
	case time.Duration(k.Oldest-k.Youngest)/time.Duration(k.Versions.Most+moreVersions) < apart:
		return fmt.Errorf("%d versions of a key do not lie %v apart between ages of %v and %v: give oldest more",
			k.Versions.Most, apart, time.Duration(k.Youngest), time.Duration(k.Oldest))
	}
	for _, size := range k.Sizes {
		if size < 0 || size > mostSize {
			return fmt.Errorf("size %d: give 0 to %d bytes", size, mostSize)
		}
	}
	return k.checkNames()
}

// checkNames holds the keys to S3's rules: UTF-8 of at most 1,024 bytes.
func (k *Keys) checkNames() error {
	for _, text := range []string{k.Prefix, k.Suffix} {
		if !utf8.ValidString(text) {
			return fmt.Errorf("%q is not UTF-8", text)
		}
	}
	last := newFamily(*k, 0).appendKey(nil, uint64(k.Count-1))
	if len(last) > longestKey {
		return fmt.Errorf("keys such as %.60q… are %d bytes long, and S3 takes %d", last, len(last), longestKey)
	}
	return nil
}

func (d Difference) check() error {
	kind, found := kinds[d.Kind]
	switch {
	case !found:
		return fmt.Errorf("there is no kind %q; the kinds are %s", d.Kind, strings.Join(Kinds(), ", "))
	case d.Count < 1:
		return fmt.Errorf("kind %s: count %d plants nothing; give 1 or more", d.Kind, d.Count)
	case kind.wantsPrefix && d.Prefix == "":
		return fmt.Errorf("kind %s: give the prefix that the keys shall have", d.Kind)
	case d.After < 0 || d.After != 0 && d.Kind != "arriving":
		return fmt.Errorf("kind %s: after %v is for the kind arriving, and not negative", d.Kind, time.Duration(d.After))
	}
	return nil
}
