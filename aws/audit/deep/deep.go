// Package deep looks at single versions on both sides for what no listing shows:
// metadata, checksums, tags, ACLs, locks and annotations. It reads and changes
// nothing.
//
// Which versions it is given, package draw has drawn at random among all that the
// sides agree in by their listings; so what is found says something of all of
// them.
package deep

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/sourcegraph/conc/iter"

	"bothways/aws/audit/draw"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
	"bothways/probe/wording"
)

// Aspect is what is looked at of a version.
type Aspect string

// The aspects.
const (
	Checksums   Aspect = "checksums"
	Metadata    Aspect = "metadata"
	Lock        Aspect = "object lock"
	Tags        Aspect = "tags"
	ACL         Aspect = "acl"
	Annotations Aspect = "annotations"
)

// Aspects are all of them, in their order.
func Aspects() []Aspect { return []Aspect{Checksums, Metadata, Lock, Tags, ACL, Annotations} }

// Sampled is a version that was looked at and in which something differs, or of
// which not all could be read. It is an event.
type Sampled struct {
	draw.Version
	// Differences are what differs, by its aspect, in words.
	Differences map[Aspect]string `json:"differences,omitempty"`
	// Unread is why an aspect could not be compared.
	Unread map[Aspect]string `json:"unread,omitempty"`
	// UnderWay says that a change of metadata is still on its way: a HEAD reads
	// PENDING. It may be why something differs.
	UnderWay bool `json:"under_way,omitempty"`
	// Gone says that a side no longer has it: it was deleted meanwhile.
	Gone bool `json:"gone,omitempty"`

	compared map[Aspect]bool
}

// EventName implements pair.Event.
func (Sampled) EventName() string { return "sampled" }

// Bad says whether something differs that is not on its way.
func (s Sampled) Bad() bool { return len(s.Differences) > 0 && !s.UnderWay }

// Tally counts versions of one aspect, or of all.
type Tally struct {
	Looked int `json:"looked"` // compared on both sides
	Bad    int `json:"bad"`
	Unread int `json:"unread,omitempty"`
	// Below is the share of all versions that are bad at most, with 95 %
	// confidence, by Clopper and Pearson; 1: nothing is known.
	Below float64 `json:"below"`
}

// Result closes the deep samples. It is the last event.
type Result struct {
	// Asked is how many versions were to be drawn, Drawn how many there were.
	Asked int `json:"asked"`
	Drawn int `json:"drawn"`
	// Whole counts versions: one is bad where any aspect is, and unread where
	// HEAD could not be read on both sides.
	Whole    Tally            `json:"whole"`
	Aspects  map[Aspect]Tally `json:"aspects"`
	UnderWay int              `json:"under_way,omitempty"`
	Gone     int              `json:"gone,omitempty"`
	// How says how the versions were drawn.
	How string `json:"how"`
	// Says is the result in a sentence.
	Says string `json:"says"`
}

// EventName implements pair.Event.
func (Result) EventName() string { return "deep" }

// How says how versions are drawn, for people.
const How = "drawn while the listings were compared: of all versions that both sides list alike, those whose hash under a random seed is smallest, so that each had the same chance"

// Look looks at versions on both sides, some at a time, and emits a Sampled for
// each in which something differs or could not be read, then the Result. Owners
// are the accounts that must own the buckets. Asked is how many were to be drawn.
// The error is that of a context that ended, of credentials that ran out, or of a
// side that gives no answers.
func Look(ctx context.Context, w survey.World, owners map[pair.SideName]string, asked int, versions []draw.Version, emit pair.Emit) (Result, error) {
	l := looker{world: w, owners: owners}
	type outcome struct {
		sampled Sampled
		err     error
	}
	result := Result{Asked: asked, Drawn: len(versions), Aspects: map[Aspect]Tally{}, How: How}
	const at = 64
	for begin := 0; begin < len(versions); begin += at {
		some := versions[begin:min(begin+at, len(versions))]
		outcomes := iter.Mapper[draw.Version, outcome]{MaxGoroutines: 16}.Map(some, func(v *draw.Version) outcome {
			s, err := l.look(ctx, *v)
			return outcome{s, err}
		})
		for _, o := range outcomes {
			if o.err != nil {
				return result, o.err
			}
			result.add(o.sampled)
			if len(o.sampled.Differences)+len(o.sampled.Unread) > 0 || o.sampled.Gone {
				emit(o.sampled)
			}
		}
	}
	result.close()
	emit(result)
	return result, nil
}

func (r *Result) add(s Sampled) {
	switch {
	case s.Gone:
		r.Gone++
		return
	case len(s.compared) == 0:
		r.Whole.Unread++
	default:
		r.Whole.Looked++
		if s.Bad() {
			r.Whole.Bad++
		}
	}
	if s.UnderWay {
		r.UnderWay++
	}
	for _, a := range Aspects() {
		t := r.Aspects[a]
		if s.compared[a] {
			t.Looked++
		}
		if _, differs := s.Differences[a]; differs && !s.UnderWay {
			t.Bad++
		}
		if _, unread := s.Unread[a]; unread {
			t.Unread++
		}
		r.Aspects[a] = t
	}
}

// OfPart is the result where only what this run compared was drawn from, as of an
// audit that goes on: of what an earlier run had compared it says nothing.
func (r Result) OfPart() Result {
	const part = "; drawn from what this run compared alone, so that of what the audit had before nothing is said"
	r.How += part
	r.Says += part
	return r
}

func (r *Result) close() {
	for a, t := range r.Aspects {
		t.Below = Below(t.Bad, t.Looked)
		r.Aspects[a] = t
	}
	r.Whole.Below = Below(r.Whole.Bad, r.Whole.Looked)
	r.Says = r.words()
}

func (r *Result) words() string {
	if r.Whole.Looked == 0 {
		return "no version could be looked at: nothing is known of what listings don't show"
	}
	text := wording.Count(r.Whole.Looked, "random version") + " looked at, "
	switch r.Whole.Bad {
	case 0:
		text += "none bad"
	default:
		text += fmt.Sprintf("%d bad", r.Whole.Bad)
	}
	text += ": less than " + percent(r.Whole.Below) + " of all are, with 95 % confidence"
	var part []string
	for _, a := range Aspects() {
		if t := r.Aspects[a]; t.Looked < r.Whole.Looked {
			part = append(part, fmt.Sprintf("%s of %d", a, t.Looked))
		}
	}
	if len(part) > 0 {
		text += "; " + strings.Join(part, ", ") + " only"
	}
	if r.UnderWay > 0 {
		text += fmt.Sprintf("; of %d a change is still on its way", r.UnderWay)
	}
	if r.Gone > 0 {
		text += fmt.Sprintf("; %d were deleted meanwhile", r.Gone)
	}
	return text
}

// percent is a share with three digits, rounded up: an upper end must not be
// rounded down.
func percent(share float64) string {
	p := 100 * share
	unit := math.Pow(10, 2-math.Floor(math.Log10(p)))
	return strconv.FormatFloat(math.Ceil(p*unit)/unit, 'g', 5, 64) + " %"
}

// looker asks for versions.
type looker struct {
	world  survey.World
	owners map[pair.SideName]string
}

func (l looker) s3(side pair.SideName) *s3.Client  { return l.world.Clients(side).S3 }
func (l looker) bucket(side pair.SideName) *string { return new(l.world.Pair.Side(side).Bucket) }
func (l looker) owner(side pair.SideName) (o *string) {
	if account := l.owners[side]; account != "" {
		o = &account
	}
	return o
}
