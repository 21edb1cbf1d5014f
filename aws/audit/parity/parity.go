// Package parity compares what S3 replication never copies: the settings of the
// two buckets of a pair. It reads both and changes nothing; what would make one
// like the other comes as lines for whoever wants that.
package parity

import (
	"context"
	"encoding/json"

	"github.com/sourcegraph/conc/iter"

	"bothways/aws/pair"
	"bothways/aws/replication/survey"
)

// Judgement says whether a setting is alike on both sides.
type Judgement string

// The judgements.
const (
	// Differs: after a failover the other side would behave differently in it.
	Differs Judgement = "differs"
	// Unknown: it could not be read on one side, or on both.
	Unknown Judgement = "unknown"
	// Alike: the same but for the names of the buckets and their regions.
	Alike Judgement = "alike"
)

// Setting is one setting of both buckets, beside each other. It is also an event.
type Setting struct {
	// Name is the setting in short and does not change: "policy", "cors".
	Name  string `json:"name"`
	Title string `json:"title"` // in words
	// Judgement is whether both are alike, as far as they could be read.
	Judgement Judgement `json:"judgement"`
	A         Reading   `json:"a"`
	B         Reading   `json:"b"`
	// Differences are the elements that differ, in words, the first few of many.
	Differences []string `json:"differences,omitempty"`
	// Means is what would be different after a failover, in one sentence; "" where
	// nothing is known to differ.
	Means string `json:"means,omitempty"`
	// LikeA is what would make B like A, LikeB what would make A like B.
	LikeA []Line `json:"like_a,omitempty"`
	LikeB []Line `json:"like_b,omitempty"`
}

// EventName implements pair.Event.
func (Setting) EventName() string { return "setting" }

// On is what one side's bucket has.
func (s Setting) On(side pair.SideName) Reading {
	if side == pair.A {
		return s.A
	}
	return s.B
}

// Reading is a setting of one bucket.
type Reading struct {
	// Document is the setting as the AWS CLI has it; nil: the bucket has none, or
	// it could not be read.
	Document json.RawMessage `json:"document,omitempty"`
	// Unread is why it could not be read, with the right that it takes, or "".
	Unread string `json:"unread,omitempty"`
}

// Read says whether it could be read.
func (r Reading) Read() bool { return r.Unread == "" }

// Line is a way to make one side's setting like the other's, or words where a
// line would do harm. Nothing is run by bothways.
type Line struct {
	// CLI is a line for the AWS CLI, Call the same as an operation of the API, and
	// Input what that is sent, as JSON; all are "" where there are only words.
	CLI   string          `json:"cli,omitempty"`
	Call  string          `json:"call,omitempty"`
	Input json.RawMessage `json:"input,omitempty"`
	// Words say what to do by hand, or what to know before the line is run.
	Words string `json:"words,omitempty"`
}

// Compared closes a comparison. It is the last event.
type Compared struct {
	Alike   int `json:"alike"`
	Differ  int `json:"differ"`
	Unknown int `json:"unknown"`
}

// EventName implements pair.Event.
func (Compared) EventName() string { return "settings" }

// Compare reads the settings of both buckets, compares them, and emits each
// Setting in the order of Names, then a Compared. Owners are the accounts that
// must own the buckets; without one a side's is not checked. What can't be read is
// named in its setting: the error is that of a context that ended, or of
// credentials that ran out.
func Compare(ctx context.Context, w survey.World, owners map[pair.SideName]string, emit pair.Emit) ([]Setting, error) {
	all := rows()
	type outcome struct {
		setting Setting
		err     error
	}
	outcomes := iter.Mapper[row, outcome]{MaxGoroutines: 8}.Map(all, func(r *row) outcome {
		s, err := r.compare(ctx, w, owners)
		return outcome{s, err}
	})
	settings := make([]Setting, len(all))
	var sum Compared
	for i, o := range outcomes {
		if o.err != nil {
			return nil, o.err
		}
		settings[i] = o.setting
		emit(o.setting)
		switch o.setting.Judgement {
		case Alike:
			sum.Alike++
		case Differs:
			sum.Differ++
		case Unknown:
			sum.Unknown++
		}
	}
	emit(sum)
	return settings, nil
}

// Names are those of all settings that are compared, in their order.
func Names() []string {
	all := rows()
	names := make([]string, len(all))
	for i, r := range all {
		names[i] = r.name
	}
	return names
}
