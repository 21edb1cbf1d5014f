package journal

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"bothways/aws/pair"

	"bothways/aws/localfile"
)

// Earlier is a run that carried a plan out, as its journal tells it.
type Earlier struct {
	Opening
	Path     string
	Pair     pair.Pair
	Purpose  string
	Accounts map[pair.SideName]string
	// Status is each step's last one.
	Status map[string]string
	// Places says where each step belongs.
	Places map[string]pair.Place
	// Torn says that the last line is cut off: the run died while writing it.
	Torn bool
}

// final are the statuses after which a step does nothing more.
var final = map[string]bool{"done": true, "already": true, "failed": true, "skipped": true, "cancelled": true}

// Ended says whether every step of the run came to an end, good or bad.
func (e *Earlier) Ended() bool {
	for _, status := range e.Status {
		if !final[status] {
			return false
		}
	}
	return !e.Torn
}

// InFlight are the steps that were under way when the run ended, sorted.
func (e *Earlier) InFlight() []string {
	var running []string
	for _, id := range slices.Sorted(maps.Keys(e.Status)) {
		if e.Status[id] == "running" {
			running = append(running, id)
		}
	}
	return running
}

// BrokenError says that a journal can't be read, so that what it intended is
// not known.
type BrokenError struct {
	Path string
	Err  error
}

func (e *BrokenError) Error() string { return fmt.Sprintf("the journal %s: %v", e.Path, e.Err) }

// Unwrap implements the errors package's interface.
func (e *BrokenError) Unwrap() error { return e.Err }

// longestRead bounds how many journals are looked at: what lies further back
// was long overtaken by what AWS says.
const longestRead = 200

// Last returns the newest run in dir that carried a plan out for the pair, or
// nil. Runs in a private sandbox don't count: it died with them. A journal
// that can't be understood is a *BrokenError, because it may be that run's,
// unless what comes before the damage says that it is another pair's. What is no
// regular file is passed over: see Strange.
func Last(dir string, p pair.Pair) (*Earlier, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("look for earlier runs: %w", err)
	}
	var newest *Earlier
	looked := 0
	for _, e := range slices.Backward(entries) {
		if !strings.HasSuffix(e.Name(), Extension) {
			continue
		}
		if newest != nil && second(e.Name()) != second(filepath.Base(newest.Path)) {
			break
		}
		if looked++; looked > longestRead {
			break
		}
		earlier, err := readEarlier(filepath.Join(dir, e.Name()), p)
		if err != nil {
			return nil, err
		}
		if earlier == nil {
			continue
		}
		if newest == nil || earlier.StartedAt.After(newest.StartedAt) {
			newest = earlier
		}
	}
	return newest, nil
}

// second is the part of a run's name that orders it: two runs that began in
// the same second are told apart by what their first lines say.
func second(name string) string { return name[:min(len(name), len("20060102-150405"))] }

// readEarlier reads one journal, or returns nil where it carried no plan out
// that is still of interest to the pair.
func readEarlier(path string, p pair.Pair) (*Earlier, error) {
	file, err := localfile.Open(path)
	if _, strange := errors.AsType[*localfile.NotRegularError](err); strange {
		return nil, nil // no run made it
	}
	if err != nil {
		return nil, &BrokenError{path, err}
	}
	defer file.Close()
	opening, err := ReadOpening(file)
	if errors.Is(err, errTornOpening) {
		return nil, nil // it died before its first step, too
	}
	if err != nil {
		return nil, &BrokenError{path, err}
	}
	if opening.Command == "probe" || opening.Command == "audit" || opening.Sandbox {
		return nil, nil
	}
	earlier := &Earlier{Opening: opening, Path: path, Status: map[string]string{}, Places: map[string]pair.Place{}}
	planned, err := earlier.read(file)
	switch {
	case planned && earlier.Pair.ID() != p.ID():
		return nil, nil
	case err != nil:
		return nil, &BrokenError{path, err}
	case !planned:
		return nil, nil
	}
	return earlier, nil
}

// read follows the plan that was carried out. A line that is lost may have said
// what was changed, so there must be none.
func (e *Earlier) read(file io.Reader) (planned bool, err error) {
	out, err := Scan(file, Stop, func(event string, text []byte) error {
		switch event {
		case "apply":
			var line struct {
				Pair     pair.Pair                `json:"pair"`
				Purpose  string                   `json:"purpose"`
				Accounts map[pair.SideName]string `json:"accounts"`
			}
			if err := json.Unmarshal(text, &line); err != nil {
				return err
			}
			planned = true
			e.Pair, e.Purpose, e.Accounts = line.Pair, line.Purpose, line.Accounts
		case "step":
			var line struct {
				ID     string          `json:"id"`
				Status string          `json:"status"`
				Side   pair.SideName   `json:"side"`
				Way    *pair.Direction `json:"direction"`
			}
			if err := json.Unmarshal(text, &line); err != nil {
				return err
			}
			e.Status[line.ID] = line.Status
			e.Places[line.ID] = pair.Place{Side: line.Side, Direction: line.Way}
		}
		return nil
	})
	e.Torn = out.Torn
	return planned, err
}
