package session

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"bothways/aws/backfill"
	"bothways/aws/journal"
	"bothways/aws/localfile"
)

// mostEarlier bounds how many journals are looked through for an earlier backfill.
const mostEarlier = 50

// provenEarlier is when a backfill of an audit's rows, run on this computer, proved
// that nothing was left, and its run; zero where none is known. It helps to say
// since when versions stand, and nothing hangs on it.
func provenEarlier(runs, auditRun string) (at time.Time, run string) {
	entries, err := os.ReadDir(runs)
	if err != nil || auditRun == "" {
		return time.Time{}, ""
	}
	read := 0
	for _, e := range slices.Backward(entries) {
		if !strings.HasSuffix(e.Name(), journal.Extension) {
			continue
		}
		if read++; read > mostEarlier {
			break
		}
		if at, run := proofIn(filepath.Join(runs, e.Name()), auditRun); run != "" {
			return at, run
		}
	}
	return time.Time{}, ""
}

// proofIn is the proof that one journal has.
func proofIn(path, auditRun string) (at time.Time, run string) {
	file, err := localfile.Open(path)
	if err != nil {
		return time.Time{}, ""
	}
	defer file.Close()
	opening, err := journal.ReadOpening(file)
	if err != nil || opening.Command != "backfill" {
		return time.Time{}, ""
	}
	var planned backfill.Planned
	var result backfill.Result
	ended := false
	_, err = journal.Scan(file, journal.LeaveOut, func(event string, line []byte) error {
		switch event {
		case planned.EventName():
			if err := json.Unmarshal(line, &planned); err != nil || planned.Audit.RunID != auditRun {
				return journal.ErrEnough
			}
		case result.EventName():
			ended = json.Unmarshal(line, &result) == nil
		}
		return nil
	})
	if err != nil || !ended || planned.Audit.RunID != auditRun || result.Left() > 0 || result.Tried == 0 {
		return time.Time{}, ""
	}
	return result.At, opening.RunID
}
