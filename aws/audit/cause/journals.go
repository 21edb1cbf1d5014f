package cause

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"bothways/aws/journal"
	"bothways/aws/localfile"
	"bothways/aws/pair"
)

const (
	// mostJournals bounds how many runs are looked into, the newest first, and
	// mostTimes how many measured times of a direction, and mostCopies how
	// many copies in place, are taken from them.
	mostJournals = 500
	mostTimes    = 50_000
	mostCopies   = 50_000
)

// told is what this computer's journals tell of a pair.
type told struct {
	took    map[pair.Direction][]time.Duration
	largest map[pair.Direction]int64
	runs    map[pair.Direction]int
	deeds   map[pair.Direction][]deed
	// backfilled is when the last backfill began, and copies what they copied.
	backfilled time.Time
	copies     map[copyOf]copied
	unread     []string
}

// copyOf names a version on a side.
type copyOf struct {
	side           pair.SideName
	key, versionID string
}

// readJournals reads what earlier runs in a folder measured and changed of a
// pair, of those that reached AWS by the same endpoint; "" is AWS's own. A
// journal that can't be read is named: the rest tells what it can.
func readJournals(dir string, p pair.Pair, endpoint string) (told, error) {
	t := told{
		took: map[pair.Direction][]time.Duration{}, largest: map[pair.Direction]int64{}, runs: map[pair.Direction]int{},
		deeds: map[pair.Direction][]deed{}, copies: map[copyOf]copied{},
	}
	if dir == "" {
		return t, nil
	}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return t, nil
	}
	if err != nil {
		return t, fmt.Errorf("look for earlier runs: %w", err)
	}
	left := mostJournals
	for _, e := range slices.Backward(entries) {
		if !strings.HasSuffix(e.Name(), journal.Extension) {
			continue
		}
		if left--; left < 0 {
			break
		}
		if err := t.read(filepath.Join(dir, e.Name()), p, endpoint); err != nil {
			t.unread = append(t.unread, e.Name()+": "+err.Error())
		}
	}
	for d := range t.deeds {
		slices.SortStableFunc(t.deeds[d], func(a, b deed) int { return a.at.Compare(b.at) })
	}
	return t, nil
}

// full says that no more times are needed.
func (t told) full() bool {
	return len(t.took[pair.AtoB]) >= mostTimes && len(t.took[pair.BtoA]) >= mostTimes
}

func (t *told) read(path string, p pair.Pair, endpoint string) error {
	file, err := localfile.Open(path)
	if _, strange := errors.AsType[*localfile.NotRegularError](err); strange {
		return nil // no run made it
	}
	if err != nil {
		return err
	}
	defer file.Close()
	opening, err := journal.ReadOpening(file)
	switch {
	case err != nil:
		return err
	case opening.Sandbox, opening.Endpoint != endpoint:
		return nil // another world
	case opening.Endpoint == "" && len(opening.Notes) > 0:
		return nil // an earlier version's, measured against something else than AWS
	case opening.Command == "probe" && t.full():
		return nil
	}
	r := reader{told: t, pair: p, run: opening.RunID, began: opening.StartedAt, seen: map[pair.Direction]bool{}}
	if _, err := journal.Scan(file, journal.LeaveOut, r.take); err != nil {
		return err
	}
	for d := range r.seen {
		t.runs[d]++
	}
	return nil
}

// reader takes the lines of one journal.
type reader struct {
	told    *told
	pair    pair.Pair
	run     string
	began   time.Time
	known   bool // whose pair it is
	swapped bool // its A is this pair's B
	seen    map[pair.Direction]bool
}

func (r *reader) take(event string, text []byte) error {
	switch event {
	case "apply", "probe", journal.Intends{}.EventName():
		return r.whose(text)
	case "backfill":
		if err := r.whose(text); err != nil {
			return err
		}
		if r.began.After(r.told.backfilled) {
			r.told.backfilled = r.began
		}
	case "backfill_copy":
		return r.copy(text)
	case "step":
		return r.step(text)
	case "sample":
		return r.sample(text)
	}
	return nil
}

func (r *reader) whose(text []byte) error {
	var line struct {
		Pair pair.Pair `json:"pair"`
	}
	if err := json.Unmarshal(text, &line); err != nil {
		return fmt.Errorf("%w: %w", journal.ErrDamaged, err)
	}
	if line.Pair.ID() != r.pair.ID() {
		return journal.ErrEnough
	}
	r.known, r.swapped = true, line.Pair.A.Bucket != r.pair.A.Bucket
	return nil
}

func (r *reader) direction(d pair.Direction) pair.Direction {
	if r.swapped {
		return d.Reverse()
	}
	return d
}

// copy takes what a backfill copied in place.
func (r *reader) copy(text []byte) error {
	var line struct {
		Side      pair.SideName `json:"side"`
		Key       string        `json:"key"`
		VersionID string        `json:"version_id"`
		Made      string        `json:"made"`
		Marker    bool          `json:"marker"`
	}
	if err := json.Unmarshal(text, &line); err != nil {
		return fmt.Errorf("%w: a copy", journal.ErrDamaged)
	}
	if !r.known || line.Marker || line.Made == "" || len(r.told.copies) >= mostCopies {
		return nil
	}
	if r.swapped {
		line.Side = line.Side.Other()
	}
	r.told.copies[copyOf{line.Side, line.Key, line.Made}] = copied{of: line.VersionID, run: r.run, at: r.began}
	return nil
}

func (r *reader) sample(text []byte) error {
	if !r.known {
		return nil
	}
	var line struct {
		Direction *pair.Direction `json:"direction"`
		Size      int64           `json:"size_bytes"`
		Outcome   string          `json:"outcome"`
		Duration  float64         `json:"duration_ms"`
		Bracket   [2]float64      `json:"bracket_ms"`
	}
	if err := json.Unmarshal(text, &line); err != nil || line.Direction == nil {
		return fmt.Errorf("%w: a sample", journal.ErrDamaged)
	}
	if line.Outcome != "replicated" && line.Outcome != "gave_up" {
		return nil
	}
	d := r.direction(*line.Direction)
	if len(r.told.took[d]) >= mostTimes {
		return nil
	}
	ms := max(line.Duration, line.Bracket[1])
	r.told.took[d] = append(r.told.took[d], time.Duration(ms*float64(time.Millisecond)))
	r.told.largest[d] = max(r.told.largest[d], line.Size)
	r.seen[d] = true
	return nil
}

// step takes what a run did to a rule. The IDs of steps are part of the journal's
// contract: see aws/replication/step.
func (r *reader) step(text []byte) error {
	if !r.known {
		return nil
	}
	var line struct {
		ID     string    `json:"id"`
		Status string    `json:"status"`
		At     time.Time `json:"at"`
	}
	if err := json.Unmarshal(text, &line); err != nil {
		return fmt.Errorf("%w: a step", journal.ErrDamaged)
	}
	for _, d := range pair.Directions() {
		var what deedKind
		switch line.ID + " " + line.Status {
		case "rule-" + d.Slug() + " done":
			what = wrote
		case "rule-" + d.Slug() + " already", "canary-" + d.Slug() + " already":
			what = found
		case "canary-" + d.Slug() + " done":
			what = proved
		case "remove-rule-" + d.Slug() + " done":
			what = took
		default:
			continue
		}
		way := r.direction(d)
		r.told.deeds[way] = append(r.told.deeds[way], deed{at: line.At, what: what, run: r.run})
	}
	return nil
}
