package command

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"
)

// openTruth opens the file for the truth about replicas. What an earlier sandbox
// wrote there is written on; anything else that holds something is refused, and
// left as it is.
func openTruth(path string) (*os.File, error) {
	if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && info.Size() > 0 {
		if ours, err := holdsTruth(path); err != nil || !ours {
			return nil, errors.Join(err, fmt.Errorf("%s holds something else: give a file that is not there, or one that an earlier sandbox wrote", path))
		}
	}
	return os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600) //nolint:gosec // the user's own choice
}

// holdsTruth says whether a file begins as one about replicas does.
func holdsTruth(path string) (bool, error) {
	file, err := os.Open(path) //nolint:gosec // the user's own choice
	if err != nil {
		return false, err
	}
	defer file.Close()
	line, _ := bufio.NewReaderSize(file, 16<<10).ReadSlice('\n') // one that is longer is none of ours
	var first struct {
		Bucket    *string    `json:"bucket"`
		VisibleAt *time.Time `json:"visible_at"`
	}
	return json.Unmarshal(line, &first) == nil && first.Bucket != nil && first.VisibleAt != nil, nil
}
