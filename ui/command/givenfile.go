package command

import (
	"errors"
	"io"

	"bothways/aws/journal"
)

// mostGiven bounds a file of settings that a flag names, in bytes: thousands of
// users or faults fit in.
const mostGiven = 4 << 20

// readGiven reads a file of settings that a flag names. What is no regular file
// is not opened: a named pipe may wait for ever, and a device never end.
func readGiven(path string) ([]byte, error) {
	file, err := journal.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, mostGiven+1))
	if err != nil {
		return nil, err
	}
	if len(text) > mostGiven {
		return nil, errors.New("it is larger than 4 MiB: it is no such file")
	}
	return text, nil
}
