// Package pair is the vocabulary that the other packages share: two sides, the
// two directions between them, the options of their replication, and the names
// and marks that bothways gives to what it makes.
//
// A side is never "source" or "destination": in a two-way pair both are both.
package pair

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"strings"
)

// SideName says which of the two sides is meant.
type SideName string

// The two sides of a pair.
const (
	A SideName = "A"
	B SideName = "B"
)

// Sides lists both sides in the order in which they are shown.
func Sides() []SideName { return []SideName{A, B} }

// Other returns the opposite side.
func (s SideName) Other() SideName {
	if s == A {
		return B
	}
	return A
}

// Slug is the side's name inside IDs: "a".
func (s SideName) Slug() string {
	if s == A {
		return "a"
	}
	return "b"
}

// Side is a bucket in a region. The credentials that reach it belong to
// package account.
type Side struct {
	Region string `json:"region"` // such as eu-west-1
	Bucket string `json:"bucket"`
}

// String writes a side as the command line takes it: REGION/BUCKET.
func (s Side) String() string { return s.Region + "/" + s.Bucket }

// ParseSide reads REGION/BUCKET and checks both names.
func ParseSide(text string) (Side, error) {
	region, bucket, found := strings.Cut(text, "/")
	if !found || strings.HasPrefix(text, "arn:") || strings.HasSuffix(region, ":") {
		if err := notABucket(text); err != nil {
			return Side{}, err
		}
	}
	if !found {
		return Side{}, fmt.Errorf("%q is not REGION/BUCKET, such as eu-west-1/my-bucket", text)
	}
	side := Side{Region: region, Bucket: bucket}
	if err := side.check(); err != nil {
		return Side{}, err
	}
	return side, nil
}

// Pair is two sides and how they replicate to each other.
type Pair struct {
	A, B    Side
	Options Options
	Given   Given
}

// written is a pair in JSON, where what is given stands among the options.
// Records of earlier versions hold more: what their runs agreed to.
type written struct {
	A       Side `json:"a"`
	B       Side `json:"b"`
	Options struct {
		Options
		Given
	} `json:"options"`
}

// MarshalJSON implements json.Marshaler.
func (p Pair) MarshalJSON() ([]byte, error) {
	w := written{A: p.A, B: p.B}
	w.Options.Options, w.Options.Given = p.Options, p.Given
	return json.Marshal(w)
}

// UnmarshalJSON implements json.Unmarshaler.
func (p *Pair) UnmarshalJSON(text []byte) error {
	var w written
	if err := json.Unmarshal(text, &w); err != nil {
		return err
	}
	*p = Pair{A: w.A, B: w.B, Options: w.Options.Options, Given: w.Options.Given}
	return nil
}

// Side returns the named side.
func (p Pair) Side(name SideName) Side {
	if name == A {
		return p.A
	}
	return p.B
}

// From returns the side that direction d starts at.
func (p Pair) From(d Direction) Side { return p.Side(d.From()) }

// To returns the side that direction d ends at.
func (p Pair) To(d Direction) Side { return p.Side(d.To()) }

// Check says whether the two sides can form a pair at all. It knows only the
// names; what AWS has is the survey's concern.
func (p Pair) Check() error {
	for _, name := range Sides() {
		if err := p.Side(name).check(); err != nil {
			return fmt.Errorf("side %s: %w", name, err)
		}
	}
	if p.A.Bucket == p.B.Bucket {
		return fmt.Errorf("both sides name the bucket %q: a bucket cannot replicate to itself, choose another for side B", p.A.Bucket)
	}
	if p.A.Region == p.B.Region {
		return fmt.Errorf("both sides are in %s: bothways is for two regions, choose another region for side B", p.A.Region)
	}
	if PartitionOf(p.A.Region) != PartitionOf(p.B.Region) {
		return fmt.Errorf("%s and %s lie in different AWS partitions (%s and %s): S3 cannot replicate between them",
			p.A.Region, p.B.Region, PartitionOf(p.A.Region), PartitionOf(p.B.Region))
	}
	return p.checkOptions()
}

// ID names the pair: six letters and digits that depend on the two buckets
// alone, in either order, so that it can be found again with every local file
// lost and with A and B swapped.
func (p Pair) ID() string {
	first, second := p.A.Bucket, p.B.Bucket
	if second < first {
		first, second = second, first
	}
	sum := sha256.Sum256([]byte(first + "\n" + second))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))[:6]
}

// Purpose says what is done with a pair.
type Purpose string

// What is done with a pair.
const (
	SetUp    Purpose = "set up"
	TearDown Purpose = "tear down"
	Measure  Purpose = "measure"
	CleanUp  Purpose = "clean up"
	Backfill Purpose = "backfill"
	Drill    Purpose = "drill"
	// Inventory is having S3 deliver lists of both sides.
	Inventory Purpose = "inventory"
	Audit     Purpose = "audit"
)
