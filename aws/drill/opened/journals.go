package opened

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"bothways/aws/drill/record"
	"bothways/aws/journal"
	"bothways/aws/localfile"
	"bothways/aws/pair"
)

// The commands of drills.
const (
	DrillCommand = "drill"
	UndoCommand  = "drill undo"
)

// telling are the commands whose journals tell of drills: those of other runs may
// be large, and say nothing of them.
func telling() []string { return []string{DrillCommand, UndoCommand, "destroy", "clean"} }

// mostRead bounds how many journals of drills are read, and how many files are
// looked at for them: what is older AWS itself tells of.
const (
	mostRead   = 20
	mostLooked = 400
)

// Journals finds the drills of a pair that were armed and did not clean up, as far
// as the journals in a folder tell, the newest first. Those that own names and that
// are being written are left out, and so are private sandboxes, which are gone. What
// can't be read is passed over.
func Journals(dir string, p pair.Pair, own func(path string) bool) []Open {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	var found []Open
	ended := map[string]bool{}
	read, looked := 0, 0
	for _, e := range slices.Backward(entries) {
		if !strings.HasSuffix(e.Name(), journal.Extension) {
			continue
		}
		if looked++; looked > mostLooked || read == mostRead {
			break
		}
		path := filepath.Join(dir, e.Name())
		if own(path) && journal.Writing(path) { // this process knows what it does
			continue
		}
		t, is := tell(path, p)
		if !is {
			continue
		}
		read++
		for drill := range t.ended {
			ended[drill] = true
		}
		if t.armed && !t.ended[t.open.Drill] {
			t.open.Running = journal.Writing(path)
			found = append(found, t.open)
		}
	}
	return slices.DeleteFunc(found, func(o Open) bool { return ended[o.Drill] })
}

// tale is what one journal says.
type tale struct {
	open  Open
	pair  pair.Pair // the drill's, whichever side was A then
	own   bool      // it is of the pair
	armed bool
	ended map[string]bool // drills that cleaned up
}

// tell reads the journal of a drill of the pair, or of an undo.
func tell(path string, p pair.Pair) (tale, bool) {
	file, err := localfile.Open(path)
	if err != nil {
		return tale{}, false
	}
	defer file.Close()
	opening, err := journal.ReadOpening(file)
	if err != nil || opening.Sandbox || !slices.Contains(telling(), opening.Command) {
		return tale{}, false
	}
	t := tale{open: Open{Journal: path, before: map[string]string{}}, ended: map[string]bool{}}
	// Its error leaves what was read until then.
	_, _ = journal.Scan(file, journal.LeaveOut, func(event string, line []byte) error { return t.take(event, line, p) })
	return t, t.own || len(t.ended) > 0
}

func (t *tale) take(event string, line []byte, p pair.Pair) error {
	switch event {
	case (record.Scope{}).EventName():
		var scope record.Scope
		if json.Unmarshal(line, &scope) != nil {
			return nil
		}
		if t.own = scope.Pair.ID() == p.ID(); !t.own {
			return journal.ErrEnough
		}
		t.pair = scope.Pair
		t.open.Drill, t.open.Kind, t.open.By = scope.Drill, scope.Kind, scope.Callers[pair.A]
	case (record.Change{}).EventName():
		var change record.Change
		if json.Unmarshal(line, &change) != nil {
			return nil
		}
		switch {
		case change.State == record.Armed && change.Reached:
			t.armed, t.open.Since = true, change.At
		case change.State == record.Cleaned && change.Reached:
			t.ended[change.Drill] = true
		}
	case (record.Configuration{}).EventName():
		var c record.Configuration
		if json.Unmarshal(line, &c) == nil && c.Moment == record.Before {
			t.open.before[t.pair.Side(c.Side).Bucket] = c.SHA256
		}
	}
	return nil
}
