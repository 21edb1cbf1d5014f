package sandboxed

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"bothways/aws/localfile"
)

// openLines opens a file that the sandbox adds lines to. What an earlier sandbox
// wrote there is written on; anything else that holds something is refused, and
// left as it is. What is no regular file is not opened: a named pipe would wait
// until somebody reads it. begins says whether the first line is of such a file.
func openLines(path string, begins func(line []byte) bool) (*os.File, error) {
	file, err := localfile.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, fmt.Errorf("%s: %w", path, err)
	default:
		line, _ := bufio.NewReaderSize(file, 16<<10).ReadSlice('\n') // one that is longer is none of ours
		_ = file.Close()                                             // nothing was written
		if len(line) > 0 && !begins(line) {
			return nil, fmt.Errorf("%s holds something else: give a file that is not there, or one that an earlier sandbox wrote", path)
		}
	}
	return os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600) //nolint:gosec // the user's own choice
}

// isTruth says whether a line is one about a replica.
func isTruth(line []byte) bool {
	var first struct {
		Bucket    *string    `json:"bucket"`
		VisibleAt *time.Time `json:"visible_at"`
	}
	return json.Unmarshal(line, &first) == nil && first.Bucket != nil && first.VisibleAt != nil
}

// isMessage says whether a line is one of an event notification.
func isMessage(line []byte) bool {
	var first struct {
		Records []struct {
			Source string `json:"eventSource"`
		} `json:"Records"`
	}
	return json.Unmarshal(line, &first) == nil && len(first.Records) == 1 && first.Records[0].Source == "aws:s3"
}
