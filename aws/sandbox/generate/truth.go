package generate

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"bothways/aws/sandbox/store"
)

// Truth is a difference that was planted, as a line of JSON.
type Truth struct {
	Kind      string `json:"kind"`
	Key       string `json:"key"`
	VersionID string `json:"version_id"` // at its origin, or where it is
	Origin    string `json:"origin"`     // the bucket where it was written
	// Odd is the bucket that has it not, or otherwise than the others.
	Odd       string     `json:"odd"`
	Missing   bool       `json:"missing"` // that bucket has it not
	ArrivesAt *time.Time `json:"arrives_at,omitempty"`
	Marker    bool       `json:"marker"`
	Sides     []Side     `json:"sides"`
}

// Side is what a bucket has of the version.
type Side struct {
	Bucket string `json:"bucket"`
	There  bool   `json:"there"`
	// Latest is the version id that the key has there as its current one, ""
	// if it has none; Versions is how many it has.
	Latest   string `json:"latest"`
	Versions int    `json:"versions"`

	VersionID string     `json:"version_id,omitempty"`
	Modified  *time.Time `json:"modified,omitempty"`
	Size      *int64     `json:"size,omitempty"` // in bytes
	ETag      string     `json:"etag,omitempty"`
	Status    string     `json:"status,omitempty"`
	Class     string     `json:"class,omitempty"`
}

// WriteTruth writes a line for each difference, in the order of the keys, as it
// is at an instant.
func (s *Set) WriteTruth(to io.Writer, now time.Time) error {
	lines := bufio.NewWriter(to)
	write := json.NewEncoder(lines)
	write.SetEscapeHTML(false)
	for i := range s.plants {
		if err := write.Encode(s.truth(&s.plants[i], now)); err != nil {
			return fmt.Errorf("writing the truth of what was generated: %w", err)
		}
	}
	if err := lines.Flush(); err != nil {
		return fmt.Errorf("writing the truth of what was generated: %w", err)
	}
	return nil
}

func (s *Set) truth(p *plant, now time.Time) Truth {
	t := Truth{Kind: p.kind, Odd: s.buckets[p.odd].Name, Missing: kinds[p.kind].missing != nowhere}
	if p.kind == "arriving" {
		arrives := s.at.Add(p.after).UTC()
		t.ArrivesAt = &arrives
	}
	for i, b := range s.buckets {
		o := s.object(p.place, i, now)
		side := Side{Bucket: b.Name, There: o.missing != p.version, Versions: o.Len()}
		if o.Len() > 0 {
			side.Latest = o.version(o.number(0)).id()
		}
		v := o.version(p.version)
		t.Key, t.Marker, t.Origin = o.key, v.marker(), s.buckets[v.origin()].Name
		if side.There {
			side.fill(v)
			if t.VersionID == "" || i == v.origin() {
				t.VersionID = side.VersionID
			}
		}
		t.Sides = append(t.Sides, side)
	}
	return t
}

func (side *Side) fill(v version) {
	var told store.Version
	v.list(&told)
	v.replicated(&told)
	modified := told.Modified.UTC()
	side.VersionID, side.Modified, side.Status = told.ID, &modified, string(told.Status())
	if told.Marker {
		return
	}
	side.Size, side.ETag, side.Class = &told.Size, told.ETag, told.StorageClass
	if side.Class == "" {
		side.Class = "STANDARD"
	}
}

// HardDeleted calls with each version that a bucket has not because somebody
// deleted it by its id.
func (s *Set) HardDeleted(bucket int, call func(key, id string)) {
	for i := range s.plants {
		if p := &s.plants[i]; p.kind == "hard_deleted" && p.odd == bucket {
			o := s.object(p.place, bucket, s.at)
			call(o.key, o.version(p.version).id())
		}
	}
}
