package inventory

import (
	"encoding/json"
	"fmt"

	"bothways/aws/journal"
	"bothways/aws/localfile"
)

// Pinned are the lists that the audit of a journal compares, which is what goes
// on with it has to find again; nil: it compares none.
func Pinned(path string) (*Lists, error) {
	file, err := localfile.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if _, err := journal.ReadOpening(file); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	var found *Lists
	_, err = journal.Scan(file, journal.LeaveOut, func(event string, line []byte) error {
		if event != (Lists{}).EventName() || found != nil {
			return nil
		}
		var l Lists
		if err := json.Unmarshal(line, &l); err != nil {
			return err
		}
		found = &l
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return found, nil
}
