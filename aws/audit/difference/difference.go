package difference

import (
	"time"

	"bothways/aws/pair"
)

// Difference is a version in which the sides differ, or of which it is not
// known that they agree: what was found, what it means, and what puts it
// right. It is one row of an audit, and everything that an audit reports can
// be computed from its rows and its counts.
type Difference struct {
	Candidate
	Verdict Verdict `json:"verdict"`
	Cause   Cause   `json:"cause,omitempty"`
	Remedy  Remedy  `json:"remedy,omitempty"`
	// Direction is the way that it should travel, or should have.
	Direction *pair.Direction `json:"direction,omitempty"`
	// Evidence are the facts on which verdict and cause stand, in sentences.
	Evidence []string `json:"evidence,omitempty"`
	// StatusA and StatusB are the replication statuses that HEAD gave: PENDING,
	// COMPLETED, FAILED, REPLICA, "" for none. Asked says that they were asked for.
	StatusA string `json:"status_a,omitempty"`
	StatusB string `json:"status_b,omitempty"`
	Asked   bool   `json:"asked,omitempty"`
	// LookedAt is when the second look was, by this computer's clock.
	LookedAt time.Time `json:"looked_at"`
}

// EventName implements pair.Event.
func (Difference) EventName() string { return "difference" }

// Count is how many versions and bytes a verdict has.
type Count struct {
	Versions int64 `json:"versions"`
	// Bytes are those of the side that has them, or of A where both have.
	Bytes int64 `json:"bytes,omitempty"`
}

// Tally counts an audit's versions by verdict, cause and direction. The zero
// Tally is ready to use.
type Tally struct {
	Verdicts map[Verdict]Count `json:"verdicts,omitempty"`
	Causes   map[Cause]Count   `json:"causes,omitempty"`
	Remedies map[Remedy]Count  `json:"remedies,omitempty"`
	// Directions counts what is wrong by the way that it should travel.
	Directions map[pair.Direction]Count `json:"directions,omitempty"`
	// Groups count the differences by all of it at once.
	Groups Groups `json:"groups,omitempty"`
	// Rivals are the keys of which each side serves a version that the other has not.
	Rivals int64 `json:"rivals,omitempty"`
	// Keys, VersionsA, VersionsB, MarkersA and MarkersB count what was listed.
	Keys      int64 `json:"keys"`
	VersionsA int64 `json:"versions_a"`
	VersionsB int64 `json:"versions_b"`
	MarkersA  int64 `json:"markers_a"`
	MarkersB  int64 `json:"markers_b"`
	BytesA    int64 `json:"bytes_a"`
	BytesB    int64 `json:"bytes_b"`

	serves served // of the key that was counted last
}

// served is a key, and the side that serves a version which the other has not.
type served struct {
	key  string
	side pair.SideName
}

// Add counts one difference. Those of one key follow each other.
func (t *Tally) Add(d Difference) {
	one := Count{Versions: 1, Bytes: d.Entry().Size}
	bump(&t.Verdicts, d.Verdict, one)
	if d.Cause != NoCause {
		bump(&t.Causes, d.Cause, one)
	}
	if d.Remedy != NoRemedy {
		bump(&t.Remedies, d.Remedy, one)
	}
	if d.Direction != nil && d.Verdict.Severity() == Wrong {
		bump(&t.Directions, *d.Direction, one)
	}
	t.Groups.Add(d)
	if e := d.Entry(); d.Kind == OneSided && e.Latest && !e.Marker && d.Verdict.Severity() == Wrong {
		if t.serves.key == d.Key && t.serves.side == d.Only().Other() {
			t.Rivals++
		}
		t.serves = served{d.Key, d.Only()}
	}
}

// AddSame counts versions that the sides agree in.
func (t *Tally) AddSame(versions, bytes int64) {
	bump(&t.Verdicts, Same, Count{Versions: versions, Bytes: bytes})
}

// AddCount counts versions of a verdict of which no more is known.
func (t *Tally) AddCount(v Verdict, by Count) { bump(&t.Verdicts, v, by) }

// Merge adds another tally.
func (t *Tally) Merge(o Tally) {
	merge(&t.Verdicts, o.Verdicts)
	merge(&t.Causes, o.Causes)
	merge(&t.Remedies, o.Remedies)
	merge(&t.Directions, o.Directions)
	t.Groups.Merge(o.Groups)
	t.Rivals += o.Rivals
	t.Keys += o.Keys
	t.VersionsA += o.VersionsA
	t.VersionsB += o.VersionsB
	t.MarkersA += o.MarkersA
	t.MarkersB += o.MarkersB
	t.BytesA += o.BytesA
	t.BytesB += o.BytesB
}

// Of is the count of all verdicts of a severity.
func (t Tally) Of(severity Severity) Count {
	var sum Count
	for verdict, count := range t.Verdicts {
		if verdict.Severity() == severity {
			sum.Versions += count.Versions
			sum.Bytes += count.Bytes
		}
	}
	return sum
}

func bump[K comparable](counts *map[K]Count, key K, by Count) {
	if *counts == nil {
		*counts = map[K]Count{}
	}
	have := (*counts)[key]
	(*counts)[key] = Count{Versions: have.Versions + by.Versions, Bytes: have.Bytes + by.Bytes}
}

func merge[K comparable](counts *map[K]Count, other map[K]Count) {
	for key, count := range other {
		bump(counts, key, count)
	}
}
