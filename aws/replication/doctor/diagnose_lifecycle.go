package doctor

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// deed is one thing that a lifecycle rule does, and to which objects.
type deed struct {
	missing string // the element of the rule
	does    string // in words, with %s for the objects
	when    string
	scope   string
	prefix  string
}

func (d deed) String() string { return fmt.Sprintf(d.does, d.scope) + d.when }

// OneSidedLifecycles says what lifecycle rules do on one side of a pair only.
func OneSidedLifecycles(s *survey.Survey) []Trouble {
	p := NewCheckup(s, pair.AtoB)
	p.lifecycles()
	return p.Troubles
}

// lifecycles says what lifecycle rules do on one side only: S3 replicates no
// configuration of a bucket, and nothing that lifecycle does (S3 User Guide,
// "What does Amazon S3 replicate?").
func (p *Checkup) lifecycles() {
	if p.from.Missed("lifecycle") || p.to.Missed("lifecycle") || !p.known(p.direction.From()) || !p.known(p.direction.To()) {
		return
	}
	for _, side := range pair.Sides() { // the same order in both directions, which tell it once
		here, there := p.deedsOf(side), p.deedsOf(side.Other())
		for _, d := range here {
			if slices.Contains(there, d) {
				continue
			}
			otherwise := slices.IndexFunc(there, func(o deed) bool {
				return o.missing == d.missing && o.scope == d.scope && !slices.Contains(here, o)
			})
			if otherwise < 0 {
				p.oneSided(side, d, "does not")
			} else if side == pair.A { // else it was said
				p.oneSided(side, d, "does so"+there[otherwise].when)
			}
		}
	}
}

// oneSided says that one side does what the other doesn't, or does otherwise.
func (p *Checkup) oneSided(side pair.SideName, d deed, other string) {
	lacks := side.Other()
	t := Trouble{
		Severity: survey.Note, Side: lacks, Cause: CauseLifecycle, Missing: d.missing,
		Title: fmt.Sprintf("lifecycle of %s %s, that of %s %s", p.world.Pair.Side(side).Bucket, d, p.world.Pair.Side(lacks).Bucket, other),
		Todo:  "Give both sides the same lifecycle rules.",
	}
	switch d.missing {
	case "Expiration":
		t.Severity = survey.Warning
		t.Meaning = "What lifecycle does is never replicated: what expires on side " + string(side) + " stays on side " + string(lacks) + ", and the sides drift apart."
		if other != "does not" {
			t.Meaning = "What lifecycle does is never replicated: between the two times the sides differ."
		}
	case "NoncurrentVersionExpiration":
		t.Meaning = "What lifecycle does is never replicated: the versions that are gone on one side stay on the other, and cost storage there."
	case "ExpiredObjectDeleteMarker":
		t.Meaning = "What lifecycle does is never replicated: delete markers without versions gather on the other side."
	default:
		t.Meaning = "What lifecycle does is never replicated: the same objects cost, and are read, otherwise on the two sides."
	}
	p.add(t)
}

// deedsOf are what the enabled lifecycle rules of a side do to objects that the
// rule covers.
func (p *Checkup) deedsOf(side pair.SideName) []deed {
	var all []deed
	covered := p.world.Pair.Options.Prefix
	if p.Rule != nil {
		covered = wanted.PrefixOf(*p.Rule)
	}
	for _, r := range p.survey(side).Lifecycle {
		scope, prefix := scopeOf(r)
		if r.Status != types.ExpirationStatusEnabled || !strings.HasPrefix(prefix, covered) && !strings.HasPrefix(covered, prefix) {
			continue
		}
		add := func(missing, does, when string) {
			all = append(all, deed{missing: missing, does: does, when: when, scope: scope, prefix: prefix})
		}
		if e := r.Expiration; e != nil {
			if aws.ToBool(e.ExpiredObjectDeleteMarker) {
				add("ExpiredObjectDeleteMarker", "removes delete markers of %s without versions", "")
			} else {
				add("Expiration", "expires %s", after(e.Days, e.Date))
			}
		}
		if e := r.NoncurrentVersionExpiration; e != nil {
			add("NoncurrentVersionExpiration", "removes noncurrent versions of %s", after(e.NoncurrentDays, nil)+keeping(e.NewerNoncurrentVersions))
		}
		for _, t := range r.Transitions {
			add("Transition", "moves %s to "+string(t.StorageClass), after(t.Days, t.Date))
		}
		for _, t := range r.NoncurrentVersionTransitions {
			add("NoncurrentVersionTransition", "moves noncurrent versions of %s to "+string(t.StorageClass), after(t.NoncurrentDays, nil)+keeping(t.NewerNoncurrentVersions))
		}
	}
	return all
}

func after(days *int32, date *time.Time) string {
	if date != nil {
		return " on " + date.UTC().Format(time.DateOnly)
	}
	return fmt.Sprintf(" after %d days", aws.ToInt32(days))
}

func keeping(newer *int32) string {
	if newer == nil {
		return ""
	}
	return fmt.Sprintf(" beyond %d", *newer)
}

// scopeOf is what a lifecycle rule covers, in words, and the prefix in it. An
// empty filter and an empty prefix are the same.
func scopeOf(r types.LifecycleRule) (words, prefix string) {
	prefix = aws.ToString(r.Prefix) //nolint:staticcheck // rules of the old form have it
	var tags []types.Tag
	var least, most *int64
	if f := r.Filter; f != nil {
		prefix, least, most = aws.ToString(f.Prefix), f.ObjectSizeGreaterThan, f.ObjectSizeLessThan
		if f.Tag != nil {
			tags = []types.Tag{*f.Tag}
		}
		if and := f.And; and != nil {
			prefix, tags, least, most = aws.ToString(and.Prefix), and.Tags, and.ObjectSizeGreaterThan, and.ObjectSizeLessThan
		}
	}
	words = "objects"
	if prefix != "" {
		words += fmt.Sprintf(" under %q", prefix)
	}
	if len(tags) > 0 {
		sorted := strings.Split(tagWords(tags), ", ")
		slices.Sort(sorted)
		words += " tagged " + strings.Join(sorted, ", ")
	}
	if least != nil {
		words += fmt.Sprintf(" above %d bytes", *least)
	}
	if most != nil {
		words += fmt.Sprintf(" below %d bytes", *most)
	}
	return words, prefix
}
